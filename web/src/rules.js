import { assumedFor } from './features.js';

/** @import { Column, Model } from './types.js' */
/** @import { Language } from './i18n/language.js' */

/**
 * What is wrong with a field, named as the server names it.
 * @typedef {object} Issue
 * @property {'missing' | 'number_type' | 'number_finite' | 'below_minimum' | 'out_of_range'} type
 * @property {Record<string, number>} [ctx]
 */

/**
 * @typedef {object} Verdict
 * @property {number} [value]
 * @property {Issue} [problem] the server would refuse it
 * @property {Issue} [warning] the server would take it, and warn
 */

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number someone typed. Indonesian writes decimals with a comma; a point is understood too.
 * @param {string} text
 * @param {Language} language
 * @returns {number} NaN when the text is no number
 */
export function parseNumber(text, language) {
  let plain = text.trim();
  if (language === 'id' && !plain.includes('.')) plain = plain.replace(',', '.');
  return numeral.test(plain) ? Number(plain) : NaN;
}

/**
 * Apply the server's rules to the text of a numeric field.
 * @param {string} text
 * @param {Column} column
 * @param {object} options
 * @param {boolean} options.required
 * @param {boolean} [options.decides] whether the segment depends on it; every required field does
 * @param {Language} options.language
 * @returns {Verdict}
 */
export function checkNumber(text, column, { required, decides = required, language }) {
  if (text.trim() === '') return required ? { problem: { type: 'missing' } } : {};
  const value = parseNumber(text, language);
  if (Number.isNaN(value)) return { problem: { type: 'number_type' } };
  if (!Number.isFinite(value)) return { problem: { type: 'number_finite' } };
  const { minimum, quantiles } = column;
  if (minimum !== undefined && value < minimum) {
    return { problem: { type: 'below_minimum', ctx: { minimum } } };
  }
  if (decides && quantiles && (value < quantiles.min || value > quantiles.max)) {
    const ctx = { value, min: quantiles.min, max: quantiles.max };
    return { value, warning: { type: 'out_of_range', ctx } };
  }
  return { value };
}

/**
 * A column that the form asks for.
 * @typedef {object} Question
 * @property {Column} column
 * @property {boolean} required
 * @property {boolean} decides whether the segment depends on the answer
 */

/**
 * What the form asks for: the features first, then what else describes a customer. A feature may
 * be left empty where the model knows what to assume. Nobody is asked for names and numbers that
 * tell customers apart.
 * @param {Model} model
 * @returns {{ features: Question[], others: Question[] }}
 */
export function formQuestions(model) {
  const features = model.features.map((name) => ({
    column: columnNamed(model, name),
    required: assumedFor(model, name) === null,
    decides: true,
  }));
  const others = model.columns
    .filter(({ name, kind }) => isDescriptive(kind) && !model.features.includes(name))
    .map((column) => ({ column, required: false, decides: false }));
  return { features, others };
}

/** @param {Column['kind']} kind */
function isDescriptive(kind) {
  return kind === 'numeric' || kind === 'categorical';
}

/**
 * @param {Model} model
 * @param {string} name the short name
 * @returns {Column}
 */
export function columnNamed(model, name) {
  const column = model.columns.find((each) => each.name === name);
  if (!column) throw new Error(`the model lists no column ${name}`);
  return column;
}

/**
 * The columns that can be an axis.
 * @param {Model} model
 */
export function numericColumns(model) {
  return model.columns.filter(({ kind }) => kind === 'numeric');
}
