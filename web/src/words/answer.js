import { measure } from '../format.js';
import { t } from '../i18n/index.js';

/** @import { Column, Switch } from '../types.js' */

/**
 * How sure an answer is, in words.
 * @param {number} confidence 0 on the border between two segments, 1 on a segment's centre
 */
export function confidenceWords(confidence) {
  if (confidence >= 0.5) return t('confidenceClear');
  return confidence >= 0.2 ? t('confidenceFair') : t('confidenceBorder');
}

/**
 * The smallest change that would move the customer to another segment.
 * @param {Switch} change
 * @param {Column} column
 */
export function switchSentence(change, column) {
  const { column: header, from, to, persona } = change;
  return t(to > from ? 'switchUp' : 'switchDown', {
    column: header,
    from: measure(from, column),
    to: measure(to, column),
    persona,
  });
}
