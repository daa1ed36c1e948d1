import { ApiError, problemIn } from '../api.js';
import { language } from '../i18n/language.js';

/** @import { Upload } from './types.js' */

/**
 * A file on its way. It goes on when another view is shown, so it is kept here.
 * @typedef {object} Transfer
 * @property {string} name
 * @property {number} bytes
 * @property {number} sent
 * @property {() => void} cancel
 */

/** @type {Transfer | null} */
let current = null;
const changes = new EventTarget();

/** The file that is on its way. */
export function transfer() {
  return current;
}

/**
 * Call `listener` whenever a file gets on, until `signal` aborts.
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export function onTransfer(listener, signal) {
  changes.addEventListener('change', listener, { signal });
}

/**
 * Send a file. Rejects with an ApiError, or with an AbortError when it is cancelled.
 * @param {File} file
 * @returns {Promise<Upload>}
 */
export async function send(file) {
  const tell = () => changes.dispatchEvent(new Event('change'));
  // A page that is left would take the file with it.
  const warn = (/** @type {Event} */ event) => event.preventDefault();
  addEventListener('beforeunload', warn);
  try {
    const path = `api/uploads?name=${encodeURIComponent(file.name)}`;
    return await post(path, file, {
      begun: (cancel) => {
        current = { name: file.name, bytes: file.size, sent: 0, cancel };
        tell();
      },
      progress: (sent) => {
        if (current) current = { ...current, sent: Math.min(sent, file.size) };
        tell();
      },
    });
  } finally {
    current = null;
    removeEventListener('beforeunload', warn);
    tell();
  }
}

/**
 * `fetch` tells nothing of how much has been sent, so this is the older way.
 * @param {string} path
 * @param {Blob} body
 * @param {object} listeners
 * @param {(cancel: () => void) => void} listeners.begun
 * @param {(sent: number) => void} listeners.progress
 * @returns {Promise<any>}
 */
function post(path, body, { begun, progress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    // One of the types that forms cannot send.
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept-Language', language());
    request.upload.addEventListener('progress', ({ loaded }) => progress(loaded));
    request.addEventListener('load', () => {
      const { status, responseText: text } = request;
      if (status >= 200 && status < 300) return resolve(JSON.parse(text));
      const problem = problemIn(text, { status, type: request.getResponseHeader('Content-Type') });
      reject(new ApiError('problem', problem));
    });
    request.addEventListener('error', () => reject(new ApiError('network')));
    request.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
    begun(() => request.abort());
    request.send(body);
  });
}
