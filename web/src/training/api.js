import { json, longPatience, request } from '../api.js';

/** @import { Inspection, Job, Upload } from './types.js' */

const of = (/** @type {string} */ what, /** @type {string} */ id) =>
  `api/${what}/${encodeURIComponent(id)}`;

/**
 * The files that were sent, the newest first.
 * @returns {Promise<Upload[]>}
 */
export async function fetchUploads() {
  return (await request('api/uploads')).uploads;
}

/** @param {string} id */
export function deleteUpload(id) {
  return request(of('uploads', id), { method: 'DELETE' });
}

/**
 * What is in a file. The server reads all of it for that.
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<Inspection>}
 */
export function fetchInspection(id, signal) {
  return request(`${of('uploads', id)}/inspection`, { patience: longPatience }, signal);
}

/**
 * The trainings that wait, run, or were over not long ago, the newest first.
 * @returns {Promise<Job[]>}
 */
export async function fetchJobs() {
  return (await request('api/jobs')).jobs;
}

/**
 * @param {string} id
 * @returns {Promise<Job>}
 */
export function fetchJob(id) {
  return request(of('jobs', id));
}

/**
 * @param {Record<string, unknown>} order
 * @returns {Promise<Job>}
 */
export function startJob(order) {
  return request('api/jobs', json('POST', order));
}

/**
 * Cancel a training that waits or runs; forget one that is over.
 * @param {string} id
 */
export function endJob(id) {
  return request(of('jobs', id), { method: 'DELETE' });
}

/** @param {string} id */
export function eventsAddress(id) {
  return `${of('jobs', id)}/events`;
}
