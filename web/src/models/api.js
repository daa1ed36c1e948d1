import { json, longPatience, request } from '../api.js';

/** @import { Model } from '../types.js' */
/** @import { Comparison, Models, Texts } from './types.js' */

const of = (/** @type {string} */ version) => `api/models/${encodeURIComponent(version)}`;

/** @returns {Promise<Models>} */
export function fetchModels() {
  return request('api/models');
}

/**
 * @param {string} version
 * @param {import('../i18n/language.js').Language} [language] the page's own without it
 * @returns {Promise<Model>}
 */
export function fetchKeptModel(version, language) {
  return request(of(version), { language });
}

/**
 * A model beside another one. The server looks at all customers for that.
 * @param {string} version
 * @param {string} other
 * @param {AbortSignal} signal
 * @returns {Promise<Comparison>}
 */
export function fetchComparison(version, other, signal) {
  const path = `${of(version)}/comparison?with=${encodeURIComponent(other)}`;
  return request(path, { patience: longPatience }, signal);
}

/**
 * Where the list of customers is that change their segment.
 * @param {string} version
 * @param {string} other
 */
export function movesAddress(version, other) {
  return `${of(version)}/moves.csv?with=${encodeURIComponent(other)}`;
}

/**
 * @param {string} version
 * @returns {Promise<{ active: string, previous: string | null }>}
 */
export function activateModel(version) {
  return request(`${of(version)}/activate`, { ...json('POST'), patience: longPatience });
}

/** @returns {Promise<{ active: string, previous: string | null }>} */
export function rollBack() {
  return request('api/models/rollback', { ...json('POST'), patience: longPatience });
}

/** @param {string} version */
export function deleteModel(version) {
  return request(of(version), { method: 'DELETE' });
}

/**
 * Change a segment's texts.
 * @param {string} version
 * @param {number} clusterId
 * @param {Record<string, Partial<Texts>>} texts by language
 */
export function patchSegment(version, clusterId, texts) {
  return request(`${of(version)}/segments/${clusterId}`, json('PATCH', texts));
}
