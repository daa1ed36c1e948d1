import { ApiError, problemIn } from '../api.js';
import { language } from '../i18n/language.js';

/**
 * Send a file. `fetch` tells nothing of how much has been sent, so this is the older way. Rejects
 * with an ApiError, or with an AbortError.
 * @param {string} path
 * @param {Blob} body
 * @param {object} options
 * @param {string} options.type none of the three that forms can send
 * @param {'text' | 'blob'} options.answer
 * @param {(far: { sent: number, received: number }) => void} options.progress in bytes
 * @param {AbortSignal} options.signal
 * @returns {Promise<any>}
 */
export function post(path, body, { type, answer, progress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const far = { sent: 0, received: 0 };
    const cancel = () => request.abort();
    request.open('POST', path);
    request.responseType = answer;
    request.setRequestHeader('Content-Type', type);
    request.setRequestHeader('Accept-Language', language());
    request.upload.addEventListener('progress', ({ loaded }) => {
      far.sent = loaded;
      progress(far);
    });
    request.addEventListener('progress', ({ loaded }) => {
      far.received = loaded;
      progress(far);
    });
    request.addEventListener('load', async () => {
      const { status, response } = request;
      if (status >= 200 && status < 300) return resolve(response);
      const text = answer === 'blob' ? await response.text() : response;
      const kind = request.getResponseHeader('Content-Type');
      reject(new ApiError('problem', problemIn(text, { status, type: kind })));
    });
    request.addEventListener('error', () => reject(new ApiError('network')));
    request.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', cancel));
    signal.addEventListener('abort', cancel);
    if (signal.aborted) return reject(new DOMException('', 'AbortError'));
    request.send(body);
  });
}
