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
 * The smallest change that would move the customer to another segment. It is rounded away from
 * the customer: a number rounded back over the border would not be true.
 * @param {Switch} change
 * @param {Column | undefined} column
 */
export function switchSentence({ column: header, from, to, persona }, column) {
  const digits = Math.max(1, 1 - Math.floor(Math.log10(Math.abs(to - from))));
  const up = to > from;
  const beyond = (up ? Math.ceil : Math.floor)(to * 10 ** digits) / 10 ** digits;
  return t(up ? 'switchUp' : 'switchDown', {
    column: header,
    from: measure(from, column, digits),
    to: measure(beyond, column, digits),
    persona,
  });
}
