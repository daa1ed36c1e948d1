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
function stats() {
  return once('stats', fetchStats);
}

/**
 * Where the customers stand on the principal components, fetched once.
 * @returns {Promise<Projected>}
 */
function projection() {
  return once('projection', fetchProjection);
}

/**
 * The customers, and where they stand on the model's principal components: null where that is not
 * known, and maps show the columns.
 * @param {Model} known
 */
export async function customersOf(known) {
  const asked = known.projection && projection().then(({ points }) => points, nothing);
  const [customers, points] = await Promise.all([stats(), asked]);
  // The two answers may be of two models, when the server has just changed to another.
  return { stats: customers, points: points?.length === customers.data.length ? points : null };
}

function nothing() {
  return null;
}

const changes = new EventTarget();

/**
 * The model that is kept here, without asking for it.
 * @returns {Promise<Model> | undefined}
 */
export function keptModel() {
  return kept.get(`model.${language()}`);
}

/** Ask the server anew from now on: it has another model, or other names, than those kept here. */
export function forget() {
  kept.clear();
  changes.dispatchEvent(new Event('forget'));
}

/** The same where it was not this page that changed the server's model: readers are told. */
export function changedElsewhere() {
  changes.dispatchEvent(new Event('elsewhere'));
  forget();
}

/**
 * Call `listener` each time the server's model turns out to have been changed by somebody else,
 * until `signal` aborts.
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export function onChangedElsewhere(listener, signal) {
  changes.addEventListener('elsewhere', listener, { signal });
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
