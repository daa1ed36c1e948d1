import { onSessionChange } from '../session/session.js';
import { post } from '../ui/transfer.js';

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

// Its name would be shown to whoever comes next, who could not tell where it comes from.
onSessionChange(() => current?.cancel());

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

/** @param {Transfer | null} next */
function change(next) {
  current = next;
  changes.dispatchEvent(new Event('change'));
}

/**
 * Send a file. Rejects with an ApiError, or with an AbortError when it is cancelled.
 * @param {File} file
 * @returns {Promise<Upload>}
 */
export async function send(file) {
  const { name, size } = file;
  const cancelling = new AbortController();
  const tell = (/** @type {number} */ sent) =>
    change({ name, bytes: size, sent, cancel: () => cancelling.abort() });
  // A page that is left would take the file with it.
  const warn = (/** @type {Event} */ event) => event.preventDefault();
  addEventListener('beforeunload', warn);
  tell(0);
  try {
    const answer = await post(`api/uploads?name=${encodeURIComponent(name)}`, file, {
      type: 'application/octet-stream',
      answer: 'text',
      progress: ({ sent }) => tell(Math.min(sent, size)),
      signal: cancelling.signal,
    });
    return JSON.parse(answer);
  } finally {
    removeEventListener('beforeunload', warn);
    change(null);
  }
}
