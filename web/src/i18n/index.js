import { language } from './language.js';
import { strings } from './strings.js';

/** @typedef {keyof typeof strings} Key */

/**
 * The sentence of a key in the page's language, with `{name}` places filled.
 * A sentence that counts has the forms `one` and `other`, chosen by `count`.
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  /** @type {string | { one: string, other: string }} */
  const entry = strings[key][language()];
  const text = typeof entry === 'string' ? entry : entry[values.count === 1 ? 'one' : 'other'];
  return text.replace(/\{(\w+)\}/g, (place, name) => String(shown(values[name]) ?? place));
}

/** @param {string | number | undefined} value */
function shown(value) {
  return typeof value === 'number' ? new Intl.NumberFormat(language()).format(value) : value;
}
