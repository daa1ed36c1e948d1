import { number } from '../format.js';
import { t } from '../i18n/index.js';

/** @import { Key } from '../i18n/index.js' */

/** @type {Record<string, Key>} */
const ruleKeys = {
  missing: 'ruleMissing',
  number_type: 'ruleNumberType',
  number_finite: 'ruleNumberFinite',
  below_minimum: 'ruleBelowMinimum',
  out_of_range: 'ruleOutOfRange',
  unknown_category: 'ruleUnknownCategory',
};

/** @type {Record<number, Key>} */
const statusKeys = {
  404: 'errorNotFound',
  408: 'errorTimeout',
  413: 'errorTooLarge',
  429: 'errorBusy',
  500: 'errorServer',
  502: 'errorUnavailable',
  503: 'errorUnavailable',
  504: 'errorTimeout',
  507: 'errorNoRoom',
};

/**
 * What is wrong with a field, as a sentence. An unknown kind keeps the server's own words.
 * @param {{ type: string, msg?: string, ctx?: Record<string, any> }} issue
 */
export function issueSentence({ type, msg, ctx = {} }) {
  const key = ruleKeys[type];
  if (!key) return msg ?? t('errorUnknown');
  const values = Object.entries(ctx).map(([name, value]) => [
    name,
    typeof value === 'number' ? number(value, 2) : String(value),
  ]);
  return t(key, Object.fromEntries(values));
}

/**
 * A failed request as a sentence in the page's language; the server's own words when the page
 * has none for the case.
 * @param {any} error an ApiError, or whatever else went wrong
 */
export function errorSentence(error) {
  if (error?.kind === 'network') return t('errorNetwork');
  if (error?.kind === 'timeout') return t('errorTimeout');
  if (error?.kind !== 'problem') return t('errorUnknown');
  const { status, detail, errors } = error.problem;
  if (status === 422 && errors?.length) return t('errorFields');
  const key = statusKeys[status];
  return key ? t(key) : (detail ?? t('errorUnknown'));
}
