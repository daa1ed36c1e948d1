/** @import { Column, Model, Customer } from './types.js' */
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
 * @param {{ required: boolean, language: Language }} options
 * @returns {Verdict}
 */
export function checkNumber(text, column, { required, language }) {
  if (text.trim() === '') return required ? { problem: { type: 'missing' } } : {};
  const value = parseNumber(text, language);
  if (Number.isNaN(value)) return { problem: { type: 'number_type' } };
  if (!Number.isFinite(value)) return { problem: { type: 'number_finite' } };
  const { minimum, quantiles } = column;
  if (minimum !== undefined && value < minimum) {
    return { problem: { type: 'below_minimum', ctx: { minimum } } };
  }
  if (required && quantiles && (value < quantiles.min || value > quantiles.max)) {
    const ctx = { value, min: quantiles.min, max: quantiles.max };
    return { value, warning: { type: 'out_of_range', ctx } };
  }
  return { value };
}

/**
 * The columns that the form asks for: the features first, then what else describes a customer.
 * @param {Model} model
 * @returns {{ required: Column[], optional: Column[] }}
 */
export function formColumns(model) {
  const required = model.features.map((name) => columnNamed(model, name));
  const optional = model.columns.filter(
    ({ name, kind }) => kind !== 'identifier' && !model.features.includes(name),
  );
  return { required, optional };
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
