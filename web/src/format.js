import { language } from './i18n/language.js';

/** @import { Column } from './types.js' */

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} options
 */
function formatted(value, options) {
  const key = language() + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(language(), options)));
  return format.format(value);
}

/**
 * A number for reading: at most `digits` decimals, more for values that would otherwise vanish.
 * Tens of thousands need none, unless they are asked for.
 * @param {number} value
 * @param {number} [digits]
 */
export function number(value, digits = Math.abs(value) < 10_000 ? 1 : 0) {
  const small = value !== 0 && Math.abs(value) < 10 ** -digits;
  return formatted(
    value,
    small ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: digits },
  );
}

/**
 * A share of one as a percentage; a decimal only where it tells something.
 * @param {number} share
 */
export function percent(share) {
  const digits = Math.abs(share) < 0.1 && share !== 0 ? 1 : 0;
  return formatted(share, { style: 'percent', maximumFractionDigits: digits });
}

/**
 * @param {string[]} items
 * @returns {string} "a, b and c"
 */
export function list(items) {
  return new Intl.ListFormat(language(), { type: 'conjunction' }).format(items);
}

/**
 * A header without the unit in brackets at its end.
 * @param {string} header
 */
export function title(header) {
  return header.replace(/\s*[([][^()[\]]*[)\]]\s*$/, '') || header;
}

/**
 * The unit that belongs behind a value. A scale such as "1-100" is not one.
 * @param {Column | undefined} column
 */
export function unitOf(column) {
  const unit = column?.unit ?? '';
  return /^\d+(\.\d+)?\s*[-–]\s*\d/.test(unit) ? '' : unit;
}

/**
 * A value of a column, with its unit on the same line.
 * @param {number} value
 * @param {Column | undefined} column
 * @param {number} [digits]
 */
export function measure(value, column, digits) {
  const unit = unitOf(column);
  const space = unit === '' || unit === '%' ? '' : '\u00a0';
  return number(value, digits) + space + unit;
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/**
 * The length of a file.
 * @param {number} count
 */
export function bytes(count) {
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), byteUnits.length - 1);
  return formatted(count / 1000 ** power, {
    style: 'unit',
    unit: byteUnits[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  });
}

/**
 * A day and a time of day, where the reader is.
 * @param {string} timestamp RFC 3339
 */
export function moment(timestamp) {
  const options = /** @type {const} */ ({ dateStyle: 'medium', timeStyle: 'short' });
  return new Intl.DateTimeFormat(language(), options).format(new Date(timestamp));
}
