import { language } from './i18n/language.js';

/** @import { Answer, Customer, Model, Problem, Projected, Stats, View } from './types.js' */

const patience = 15_000;

/** A request that did not bring the answer asked for. */
export class ApiError extends Error {
  /**
   * @param {'problem' | 'network' | 'timeout'} kind
   * @param {Problem} [problem] what the server said, when it said something
   */
  constructor(kind, problem = {}) {
    super(problem.detail ?? problem.title ?? kind);
    this.kind = kind;
    this.problem = problem;
  }
}

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<Model>}
 */
export function fetchModel(signal) {
  return request('api/model', {}, signal);
}

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<Stats>}
 */
export function fetchStats(signal) {
  return request('stats', {}, signal);
}

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<Projected>}
 */
export function fetchProjection(signal) {
  return request('api/projection', {}, signal);
}

/**
 * What a window of the map shows.
 * @param {object} window
 * @param {string} window.x the axes' keys
 * @param {string} window.y
 * @param {number[]} window.hide cluster ids
 * @param {{ x: number[], y: number[] } | null} window.range null for everything
 * @param {AbortSignal} [signal]
 * @returns {Promise<View>}
 */
export function fetchView({ x, y, hide, range }, signal) {
  const query = new URLSearchParams({ x, y });
  if (hide.length > 0) query.set('hide', hide.join(','));
  for (const name of range ? /** @type {const} */ (['x', 'y']) : []) {
    query.set(`${name}_min`, String(range?.[name][0]));
    query.set(`${name}_max`, String(range?.[name][1]));
  }
  return request(`api/view?${query}`, {}, signal);
}

/**
 * @param {Customer} customer
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer>}
 */
export function fetchAnswer(customer, signal) {
  const headers = { 'Content-Type': 'application/json' };
  return request(
    'predict?explain=true',
    { method: 'POST', headers, body: JSON.stringify(customer) },
    signal,
  );
}

/**
 * Fetch JSON. Rejects with an ApiError, or with the caller's own AbortError.
 * @param {string} path
 * @param {RequestInit} options
 * @param {AbortSignal} [signal]
 */
async function request(path, options, signal) {
  const timeout = AbortSignal.timeout(patience);
  const signals = signal ? [signal, timeout] : [timeout];
  try {
    const response = await fetch(path, {
      ...options,
      // The server tags its answers: ask each time, and get "not modified" when nothing changed.
      cache: 'no-cache',
      headers: { ...options.headers, Accept: 'application/json', 'Accept-Language': language() },
      signal: AbortSignal.any(signals),
    });
    if (!response.ok) throw new ApiError('problem', await problemOf(response));
    return await response.json();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (signal?.aborted) throw signal.reason;
    throw new ApiError(timeout.aborted ? 'timeout' : 'network');
  }
}

/**
 * A proxy in between may answer with a page of its own: its status is then all there is to tell.
 * @param {Response} response
 * @returns {Promise<Problem>}
 */
async function problemOf(response) {
  const known = { status: response.status };
  if (!response.headers.get('Content-Type')?.includes('json')) return known;
  return response.json().then(
    (problem) => ({ ...problem, ...known }),
    () => known,
  );
}
