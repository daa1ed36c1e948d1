import { t } from '../i18n/index.js';

/** @import { Key } from '../i18n/index.js' */
/** @import { ColumnReport, Kind } from '../training/types.js' */

/** @type {Record<Kind, Key>} */
const kinds = {
  numeric: 'kindNumeric',
  categorical: 'kindCategorical',
  'yes/no': 'kindYesNo',
  date: 'kindDate',
  identifier: 'kindIdentifier',
  personal: 'kindPersonal',
  text: 'kindText',
};

/** @type {Record<Exclude<Kind, 'numeric' | 'yes/no'>, Key>} */
const reasons = {
  categorical: 'reasonCategorical',
  date: 'reasonDate',
  identifier: 'reasonIdentifier',
  personal: 'reasonPersonal',
  text: 'reasonText',
};

/** From this skewness on, logarithms are proposed. */
const skewed = 1;

/**
 * What a column can be used for.
 * @param {ColumnReport} column
 */
export function kindWord({ kind }) {
  return kinds[kind] ? t(kinds[kind]) : kind;
}

/**
 * Why a column is proposed as a feature, or why not. A kind that the page does not know keeps the
 * server's own words.
 * @param {ColumnReport} column
 */
export function reasonSentence({
  kind,
  missing,
  distinct,
  numbers,
  is_proposed: proposed,
  reason,
}) {
  if (missing === 1) return t('reasonEmpty');
  if (kind === 'numeric' || kind === 'yes/no') {
    if (!numbers) return t('reasonAnswers');
    if (!proposed) return t('reasonOthers');
    if (distinct === 1) return t('reasonConstant');
    if (numbers.not_numbers > 0) return t('reasonNotNumbers', { count: numbers.not_numbers });
    return t((numbers.skew ?? 0) >= skewed && distinct > 2 ? 'reasonSkewed' : 'reasonNumbers');
  }
  return reasons[kind] ? t(reasons[kind]) : reason;
}
