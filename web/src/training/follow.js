import { eventsAddress, fetchJob } from './api.js';

/** @import { Job } from './types.js' */

/** How long to wait before the server is asked again, in milliseconds. */
const pause = 3_000;

/** @param {Job} job */
export function isOver({ state }) {
  return state !== 'queued' && state !== 'running';
}

/**
 * Follow a training until it is over. The browser opens a stream that broke off again by itself;
 * one that the server refuses is asked for what became of the training.
 * @param {string} id
 * @param {object} listeners
 * @param {(job: Job) => void} listeners.changed
 * @param {() => void} listeners.lost nobody knows the training any more
 * @param {(connected: boolean) => void} listeners.connected
 * @param {AbortSignal} signal
 */
export function follow(id, { changed, lost, connected }, signal) {
  if (signal.aborted) return;
  const stream = new EventSource(eventsAddress(id));
  const close = () => stream.close();
  signal.addEventListener('abort', close, { once: true });

  stream.addEventListener('open', () => connected(true));
  stream.addEventListener('job', (event) => {
    /** @type {Job} */
    const job = JSON.parse(event.data);
    if (isOver(job)) close();
    changed(job);
  });
  stream.addEventListener('error', () => {
    if (signal.aborted) return;
    connected(false);
    if (stream.readyState !== EventSource.CLOSED) return;
    signal.removeEventListener('abort', close);
    askAgain();
  });

  async function askAgain() {
    try {
      const job = await fetchJob(id);
      if (signal.aborted) return;
      changed(job);
      if (isOver(job)) return;
    } catch (error) {
      if (signal.aborted) return;
      if (/** @type {any} */ (error)?.problem?.status === 404) {
        lost();
        return;
      }
    }
    setTimeout(() => follow(id, { changed, lost, connected }, signal), pause);
  }
}
