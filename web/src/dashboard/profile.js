import { segmentColourVariable } from '../colours.js';
import { measure, percent } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { bar, unfold } from '../ui/section.js';
import { isGender, shareDistinctness, valueWord } from '../words/segment.js';

/** @import { CategoricalProfile, Column, NumericProfile, Segment } from '../types.js' */

/** With more columns than this, the most distinguishing come first and the rest are folded away. */
const most = { numeric: 6, categorical: 3 };

/** So many values of a column are listed. */
const mostValues = 4;

/**
 * A segment's averages and shares.
 * @param {Segment} segment
 * @param {Column[]} columns
 */
export function profile({ cluster_id: id, profile: { numeric, categorical } }, columns) {
  const numbers = split(numeric, most.numeric, ({ difference }) => Math.abs(difference));
  const texts = split(categorical, most.categorical, ({ shares }) =>
    Math.max(0, ...shares.map(shareDistinctness)),
  );
  const parts = (
    /** @type {NumericProfile[]} */ some,
    /** @type {CategoricalProfile[]} */ others,
  ) => [some.length > 0 && means(some, columns), others.map((each) => shares(each, id))];
  const count = numbers.rest.length + texts.rest.length;
  return [
    parts(numbers.first, texts.first),
    count > 0 &&
      unfold(
        t('moreColumns', { count }),
        '',
        el('div', { class: 'mt-3 grid gap-4' }, parts(numbers.rest, texts.rest)),
      ),
  ];
}

/**
 * A few stay in the order of the data; of many the most distinguishing come first.
 * @template T
 * @param {T[]} all
 * @param {number} few
 * @param {(one: T) => number} weight
 */
function split(all, few, weight) {
  if (all.length <= few) return { first: all, rest: [] };
  const sorted = [...all].sort((a, b) => weight(b) - weight(a));
  return { first: sorted.slice(0, few), rest: sorted.slice(few) };
}

/**
 * @param {NumericProfile[]} numeric
 * @param {Column[]} columns
 */
function means(numeric, columns) {
  return el(
    'div',
    {},
    heading(t('meanOf')),
    el(
      'dl',
      { class: 'grid gap-1 text-sm' },
      numeric.map(({ name, column, mean }) =>
        el(
          'div',
          { class: 'flex justify-between gap-3 border-b border-line pb-1 last:border-0' },
          el('dt', { class: 'min-w-0 break-words' }, column),
          el(
            'dd',
            { class: 'shrink-0 font-medium tabular-nums' },
            measure(
              mean,
              columns.find((each) => each.name === name),
            ),
          ),
        ),
      ),
    ),
  );
}

/**
 * @param {CategoricalProfile} profile
 * @param {number} id
 */
function shares({ column, shares: all }, id) {
  if (all.length === 0) return null;
  return all.length === 2 ? twoShares(column, all, id) : manyShares(column, all, id);
}

/**
 * Two shares on one bar. Women and men need no heading.
 * @param {string} column
 * @param {{ value: string, share: number }[]} shares
 * @param {number} id
 */
function twoShares(column, [first, second], id) {
  const side = (/** @type {{ value: string, share: number }} */ { value, share }) =>
    el(
      'span',
      { class: 'min-w-0 break-words' },
      `${valueWord(column, value)} `,
      el('span', { class: 'font-medium tabular-nums' }, percent(share)),
    );
  const width = `${first.share * 100}%`;
  return el(
    'div',
    { class: 'text-sm' },
    isGender(column) ? el('h4', { class: 'sr-only' }, column) : heading(column),
    el('div', { class: 'mb-1.5 flex justify-between gap-3' }, side(first), side(second)),
    el(
      'div',
      { class: 'h-2 overflow-hidden rounded-full bg-line', 'aria-hidden': 'true' },
      el('div', {
        class: 'h-full',
        style: { width, 'background-color': segmentColourVariable(id) },
      }),
    ),
  );
}

/**
 * The largest shares of a column, and what is left of the segment.
 * @param {string} column
 * @param {{ value: string, share: number }[]} shares
 * @param {number} id
 */
function manyShares(column, shares, id) {
  const sorted = [...shares].sort((a, b) => b.share - a.share);
  const few = sorted.length <= mostValues ? sorted : sorted.slice(0, mostValues - 1);
  const others = sorted.slice(few.length);
  const rest = others.reduce((sum, { share }) => sum + share, 0);
  const row = (/** @type {string} */ name, /** @type {number} */ share) =>
    el(
      'li',
      {},
      el(
        'div',
        { class: 'mb-1 flex justify-between gap-3' },
        el('span', { class: 'min-w-0 break-words' }, name),
        el('span', { class: 'shrink-0 font-medium tabular-nums' }, percent(share)),
      ),
      bar(share, segmentColourVariable(id), 'h-1.5'),
    );
  return el(
    'div',
    { class: 'text-sm' },
    heading(column),
    el(
      'ul',
      { class: 'grid gap-1.5' },
      few.map(({ value, share }) => row(valueWord(column, value), share)),
      others.length > 0 && row(t('otherValues', { count: others.length }), rest),
    ),
  );
}

/** @param {string} text */
function heading(text) {
  return el('h4', { class: 'mb-1.5 text-xs font-medium break-words text-muted' }, text);
}
