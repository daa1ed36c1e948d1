import { onSessionChange } from '../session/session.js';
import { recall, remember } from '../storage.js';

/** @import { Answer, Customer } from '../types.js' */
/** @typedef {{ customer: Customer, answer: Answer }} Entry */

const most = 10;
const key = 'answers';

onSessionChange(clearHistory);

/**
 * The latest answers of this visit, the newest first.
 * @returns {Entry[]}
 */
export function history() {
  try {
    const entries = JSON.parse(recall(key, sessionStorage) ?? '[]');
    return Array.isArray(entries) ? entries.slice(0, most) : [];
  } catch {
    return [];
  }
}

/** @param {Entry} entry */
export function keep(entry) {
  remember(key, JSON.stringify([entry, ...history()].slice(0, most)), sessionStorage);
}

/** Forget all answers. */
export function clearHistory() {
  remember(key, null, sessionStorage);
}
