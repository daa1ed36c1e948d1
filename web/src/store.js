import { fetchModel, fetchProjection, fetchStats } from './api.js';
import { language } from './i18n/language.js';

/** @import { Model, Projected, Stats } from './types.js' */

/** @type {Map<string, Promise<any>>} */
const kept = new Map();

/**
 * The model in the page's language, fetched once.
 * @returns {Promise<Model>}
 */
export function model() {
  return once('model', fetchModel);
}

/**
 * The customers in the page's language, fetched once.
 * @returns {Promise<Stats>}
 */
export function stats() {
  return once('stats', fetchStats);
}

/**
 * Where the customers stand on the principal components, fetched once.
 * @returns {Promise<Projected>}
 */
export function projection() {
  return once('projection', fetchProjection);
}

const changes = new EventTarget();

/** Ask the server anew from now on: it has another model than the one kept here. */
export function forget() {
  kept.clear();
  changes.dispatchEvent(new Event('forget'));
}

/**
 * Call `listener` each time the model kept here is out of date, until `signal` aborts.
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export function onForget(listener, signal) {
  changes.addEventListener('forget', listener, { signal });
}

/**
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} fetcher
 * @returns {Promise<T>}
 */
function once(what, fetcher) {
  const key = `${what}.${language()}`;
  const held = kept.get(key);
  if (held) return held;
  const answer = fetcher();
  kept.set(key, answer);
  // A failure is not worth keeping: the next call tries again.
  answer.catch(() => kept.get(key) === answer && kept.delete(key));
  return answer;
}
