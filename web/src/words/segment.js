import { measure, percent, title } from '../format.js';
import { t } from '../i18n/index.js';

/** @import { CategoricalProfile, Column, NumericProfile, Segment } from '../types.js' */
/** @import { Key } from '../i18n/index.js' */

/** Differences in standard deviations, and the words for them above and below the average. */
const strengths = /** @type {const} */ ([
  { least: 1, above: 'farAbove', below: 'farBelow' },
  { least: 0.5, above: 'above', below: 'below' },
  { least: 0.25, above: 'slightlyAbove', below: 'slightlyBelow' },
]);

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
 * @param {Column[]} columns
 * @returns {Trait[]}
 */
export function traits(segment, columns) {
  const { numeric, categorical } = segment.profile;
  const found = [
    ...numeric.flatMap((profile) => numericTrait(profile, columns)),
    ...categorical.flatMap(categoricalTrait),
  ].sort((a, b) => b.weight - a.weight);
  return found.length > 0 ? found : [{ direction: 'equal', text: t('typical'), weight: 0 }];
}

/**
 * @param {NumericProfile} profile
 * @param {Column[]} columns
 * @returns {Trait[]}
 */
function numericTrait({ name, column: header, mean, average, difference }, columns) {
  const weight = Math.abs(difference);
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
 * The value that stands out most among those more frequent than usual.
 * @param {CategoricalProfile} profile
 * @returns {Trait[]}
 */
function categoricalTrait({ column, shares }) {
  const excess = (/** @type {{ share: number, average: number }} */ each) =>
    each.share - each.average;
  const [first] = [...shares].sort((a, b) => excess(b) - excess(a));
  if (!first || excess(first) < notableShare) return [];
  const values = {
    value: valueInSentence(column, first.value),
    share: percent(first.share),
    average: percent(first.average),
  };
  // A share has no standard deviation to compare by: it comes after what is clearly different.
  return [{ direction: 'up', text: t('moreOften', values), weight: excess(first) }];
}

const genderHeader = /^(gender|genre|sex|jenis kelamin)$/i;

/** @type {{ pattern: RegExp, key: Key }[]} */
const genderWords = [
  { pattern: /^(f|female|woman|women|p|perempuan|wanita)$/i, key: 'women' },
  { pattern: /^(m|male|man|men|l|laki-laki|pria)$/i, key: 'men' },
];

/**
 * The word for a value of a column: the page's own for women and men, else the data's.
 * @param {string} header
 * @param {string} value
 */
export function valueWord(header, value) {
  if (!genderHeader.test(header.replace(/_/g, ' ').trim())) return value;
  const known = genderWords.find(({ pattern }) => pattern.test(value.trim()));
  return known ? t(known.key) : value;
}

/**
 * Our own words take a small letter inside a sentence; the data's stay as they are.
 * @param {string} header
 * @param {string} value
 */
function valueInSentence(header, value) {
  const word = valueWord(header, value);
  return word === value ? `“${value}”` : word.toLowerCase();
}
