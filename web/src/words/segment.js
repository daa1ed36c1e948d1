import { levelIn } from '../features.js';
import { measure, percent, title } from '../format.js';
import { t } from '../i18n/index.js';

/** @import { CategoricalProfile, Column, Level, Model, NumericProfile, Segment } from '../types.js' */
/** @import { Key } from '../i18n/index.js' */

/** Differences in standard deviations, and the words for them above and below the average. */
const strengths = /** @type {const} */ ([
  { least: 1, above: 'farAbove', below: 'farBelow' },
  { least: 0.5, above: 'above', below: 'below' },
  { least: 0.25, above: 'slightlyAbove', below: 'slightlyBelow' },
]);

/** A segment that is low or high in a feature is at least this far from the average. */
const leastOfLevel = 0.5;

/** A share this much larger than among all customers is worth a word. */
const notableShare = 0.05;

/**
 * @typedef {object} Trait
 * @property {'up' | 'down' | 'equal'} direction
 * @property {string} text
 * @property {number} weight the larger, the more telling
 */

/**
 * What sets a segment apart from the average customer, the most telling first.
 * @param {Segment} segment
 * @param {Model} model
 * @returns {Trait[]}
 */
export function traits(segment, model) {
  const { numeric, categorical } = segment.profile;
  const found = [
    ...numeric.flatMap((profile) =>
      numericTrait(profile, model.columns, levelIn(model, segment, profile.name)),
    ),
    ...categorical.flatMap(categoricalTrait),
  ].sort((a, b) => b.weight - a.weight);
  return found.length > 0 ? found : [{ direction: 'equal', text: t('typical'), weight: 0 }];
}

/**
 * @param {NumericProfile} profile
 * @param {Column[]} columns
 * @param {Level | undefined} level
 * @returns {Trait[]}
 */
function numericTrait({ name, column: header, mean, average, difference }, columns, level) {
  const weight = distinctness(difference, level);
  const strength = strengths.find(({ least }) => weight >= least);
  if (!strength) return [];
  const column = columns.find((each) => each.name === name);
  const values = {
    column: title(header),
    mean: measure(mean, column),
    average: measure(average, column),
  };
  const up = difference > 0;
  const key = up ? strength.above : strength.below;
  return [{ direction: up ? 'up' : 'down', text: t(key, values), weight }];
}

/**
 * How far a segment stands out. A few huge amounts stretch the standard deviation of a skewed
 * column, and next to it a low segment seems hardly lower: there the level, which the model took
 * from the prepared numbers, knows better.
 * @param {number} difference in standard deviations of the column
 * @param {Level | undefined} level
 */
function distinctness(difference, level) {
  const agrees = level === (difference > 0 ? 'high' : 'low');
  return Math.max(Math.abs(difference), agrees ? leastOfLevel : 0);
}

/**
 * The value that stands out most among those more frequent than usual.
 * @param {CategoricalProfile} profile
 * @returns {Trait[]}
 */
function categoricalTrait({ column, shares }) {
  const excess = (/** @type {{ share: number, average: number }} */ each) =>
    each.share - each.average;
  const [first] = [...shares].sort((a, b) => excess(b) - excess(a));
  if (!first || excess(first) < notableShare) return [];
  const { value, share, average } = first;
  const values = { share: percent(share), average: percent(average) };
  const word = valueWord(column, value);
  const text = isGender(column)
    ? t('moreOften', { value: word === value ? quoted(value) : word.toLowerCase(), ...values })
    : t('moreOftenIn', { column: title(column), value: quoted(word), ...values });
  return [{ direction: 'up', text, weight: shareDistinctness(first) }];
}

/**
 * How far a share is from everybody's, in standard deviations of having the value or not.
 * @param {{ share: number, average: number }} each
 */
export function shareDistinctness({ share, average }) {
  const deviation = Math.sqrt(average * (1 - average));
  return deviation > 0 ? Math.abs(share - average) / deviation : 0;
}

const genderHeader = /^(gender|genre|sex|jenis kelamin)$/i;

/** @type {{ pattern: RegExp, key: Key }[]} */
const genderWords = [
  { pattern: /^(f|female|woman|women|p|perempuan|wanita)$/i, key: 'women' },
  { pattern: /^(m|male|man|men|l|laki-laki|pria)$/i, key: 'men' },
];

/** @type {typeof genderWords} */
const answerWords = [
  { pattern: /^(yes|ya)$/i, key: 'yes' },
  { pattern: /^(no|tidak)$/i, key: 'no' },
];

/**
 * Whether a column's values speak for themselves.
 * @param {string} header
 */
export function isGender(header) {
  return genderHeader.test(header.replace(/_/g, ' ').trim());
}

/**
 * The word for a value of a column: the page's own for women and men, yes and no; else the data's.
 * @param {string} header
 * @param {string} value
 */
export function valueWord(header, value) {
  const words = isGender(header) ? genderWords : answerWords;
  const known = words.find(({ pattern }) => pattern.test(value.trim()));
  return known ? t(known.key) : value;
}

/**
 * A value inside a sentence.
 * @param {string} word
 */
export function quoted(word) {
  return `“${word}”`;
}
