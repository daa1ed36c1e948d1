import { language } from './i18n/language.js';
import { sessionLost } from './session/session.js';

/** @import { Answer, Customer, Drift, Model, Problem, Projected, Stats, View } from './types.js' */

const usualPatience = 15_000;
/** For what reads a whole file of customers. */
export const longPatience = 600_000;

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
 * @param {AbortSignal} [signal]
 * @returns {Promise<Drift>}
 */
export function fetchDrift(signal) {
  return request('api/drift', {}, signal);
}

/**
 * @param {Customer} customer
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer>}
 */
export function fetchAnswer(customer, signal) {
  return request('predict?explain=true', json('POST', customer), signal);
}

/**
 * Send a body of JSON. Also an order without content says that it is JSON, which a form on another
 * site cannot.
 * @param {'POST' | 'PATCH'} method
 * @param {unknown} [content]
 * @returns {RequestInit}
 */
export function json(method, content = {}) {
  const headers = { 'Content-Type': 'application/json' };
  return { method, headers, body: JSON.stringify(content) };
}

/**
 * @typedef {RequestInit & { patience?: number, accept?: string, language?: string }} Options
 *   `patience` in milliseconds; what to accept and in which language, if not JSON in the page's own
 */

/**
 * Fetch JSON, null where the answer has no content. Rejects with an ApiError, or with the caller's
 * own AbortError.
 * @param {string} path
 * @param {Options} options
 * @param {AbortSignal} [signal]
 */
export function request(path, options = {}, signal) {
  return asked(path, options, signal, async (response) => {
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  });
}

/**
 * Fetch a file.
 * @param {string} path
 * @param {Options} options
 * @param {AbortSignal} [signal]
 * @returns {Promise<Blob>}
 */
export function requestFile(path, options, signal) {
  return asked(path, options, signal, (response) => response.blob());
}

/**
 * @template T
 * @param {string} path
 * @param {Options} options
 * @param {AbortSignal | undefined} signal
 * @param {(response: Response) => Promise<T>} read
 * @returns {Promise<T>}
 */
async function asked(path, options, signal, read) {
  const { patience = usualPatience, accept = 'application/json', ...rest } = options;
  const { language: wanted = language(), ...init } = rest;
  const timeout = AbortSignal.timeout(patience);
  const signals = signal ? [signal, timeout] : [timeout];
  try {
    const response = await fetch(path, {
      ...init,
      // The server tags its answers: ask each time, and get "not modified" when nothing changed.
      cache: 'no-cache',
      headers: { ...init.headers, Accept: accept, 'Accept-Language': wanted },
      signal: AbortSignal.any(signals),
    });
    // What the wrong token of somebody who signs in is told is not that they were signed in.
    if (response.status === 401 && path !== 'api/session') sessionLost();
    if (!response.ok) throw new ApiError('problem', await problemOf(response));
    return await read(response);
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
  const { status, headers } = response;
  const text = await response.text().catch(() => '');
  return problemIn(text, { status, type: headers.get('Content-Type') });
}

/**
 * @param {string} text
 * @param {{ status: number, type: string | null }} of
 * @returns {Problem}
 */
export function problemIn(text, { status, type }) {
  if (!type?.includes('json')) return { status };
  try {
    return { ...JSON.parse(text), status };
  } catch {
    return { status };
  }
}
