import { assumedFor } from '../features.js';
import { list, measure, title } from '../format.js';
import { t } from '../i18n/index.js';
import { issueSentence } from './problem.js';
import { quoted, valueWord } from './segment.js';

/** @import { Column, FieldIssue, Missing, Model, Switch } from '../types.js' */
/** @import { Key } from '../i18n/index.js' */

/** @type {Partial<Record<Missing['strategy'], Key>>} */
const assumptions = { median: 'assumedMedian', mean: 'assumedMean', mode: 'assumedMode' };

/** A name with more characters than this is too long to be repeated or to be written large. */
const longest = 24;

/**
 * Whether a name needs to be written small.
 * @param {string} persona
 */
export function isLong(persona) {
  return persona.length > longest;
}

/**
 * Which segment a feature speaks for.
 * @param {number} weight above 0 for the segment, below for the next nearest
 * @param {string} persona
 * @param {string} runnerUp
 */
export function speaksFor(weight, persona, runnerUp) {
  if (weight === 0) return t('speaksNeither');
  const name = weight > 0 ? persona : runnerUp;
  if (!isLong(name)) return t('speaksFor', { persona: name });
  return weight > 0 ? t('speaksForThis') : t('speaksForNext');
}

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
  if (typeof from !== 'number' || typeof to !== 'number') {
    const word = (/** @type {string | number} */ value) => valueText(value, header, column);
    const values = { column: header, to: word(to), persona };
    return from === null
      ? t('switchTo', values)
      : t('switchCategory', { ...values, from: word(from) });
  }
  const gap = Math.abs(to - from);
  const digits = gap < 1000 ? Math.max(1, 1 - Math.floor(Math.log10(gap))) : 0;
  const up = to > from;
  const beyond = (up ? Math.ceil : Math.floor)(to * 10 ** digits) / 10 ** digits;
  return t(up ? 'switchUp' : 'switchDown', {
    column: header,
    from: measure(from, column, digits),
    to: measure(beyond, column, digits),
    persona,
  });
}

/**
 * What the model assumes where a field is left empty, as a hint to it.
 * @param {Missing} missing
 * @param {Column} column
 */
export function assumedHint({ strategy, value }, column) {
  const key = assumptions[strategy];
  if (value === undefined || !key) return t('assumedSomething');
  return t(key, { value: valueText(value, column.column, column) });
}

/**
 * What to mind about an answer: what was assumed in one sentence, then each other remark with its
 * column, for it stands away from the field.
 * @param {FieldIssue[]} warnings
 * @param {Model} model
 */
export function warningSentences(warnings, model) {
  const assumed = warnings.flatMap((warning) => assumption(warning, model) ?? []);
  const others = warnings.filter((warning) => assumption(warning, model) === null);
  return [
    ...(assumed.length > 0 ? [t('assumed', { values: list(assumed) })] : []),
    ...others.map((warning) => remark(warning, model)),
  ];
}

/**
 * "Age 36", when that is what was assumed.
 * @param {FieldIssue} warning
 * @param {Model} model
 */
function assumption(warning, model) {
  const column = columnOf(warning, model);
  if (warning.type !== 'imputed' || !column) return null;
  const value = warning.ctx?.value ?? assumedFor(model, column.name)?.value;
  if (value === undefined) return null;
  return `${title(column.column)} ${valueText(value, column.column, column)}`;
}

/**
 * @param {FieldIssue} warning
 * @param {Model} model
 */
function remark(warning, model) {
  const column = columnOf(warning, model);
  return column ? `${column.column}: ${issueSentence(warning)}` : issueSentence(warning);
}

/**
 * @param {FieldIssue} warning
 * @param {Model} model
 */
function columnOf({ loc }, { columns }) {
  const name = loc.at(-1);
  return columns.find((each) => each.name === name || each.column === name);
}

/**
 * @param {string | number} value
 * @param {string} header
 * @param {Column | undefined} column
 */
function valueText(value, header, column) {
  return typeof value === 'number'
    ? measure(value, column, 2)
    : quoted(valueWord(header, String(value)));
}
