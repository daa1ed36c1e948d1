import { segmentColourVariable } from '../colours.js';
import { measure, percent } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { marker } from '../ui/marker.js';
import { traits, valueWord } from '../words/segment.js';

/** @import { Column, Model, Segment } from '../types.js' */

/**
 * A card for each segment.
 * @param {Model} model
 */
export function segmentCards({ segments, columns }) {
  return el(
    'section',
    { 'aria-labelledby': 'segments' },
    el('h2', { id: 'segments', class: 'mt-2 mb-3 text-base font-semibold' }, t('segmentsTitle')),
    el(
      'ul',
      { class: 'grid gap-4 md:grid-cols-2 xl:grid-cols-3' },
      segments.map((segment) => card(segment, columns)),
    ),
  );
}

/**
 * @param {Segment} segment
 * @param {Column[]} columns
 */
function card(segment, columns) {
  const { cluster_id: id, persona, description, action, size, share } = segment;
  return el(
    'li',
    {
      class: 'panel flex flex-col gap-4 border-t-4 p-5',
      style: { 'border-top-color': segmentColourVariable(id) },
      'data-cluster': id,
    },
    el(
      'div',
      {},
      el(
        'div',
        { class: 'flex items-center gap-2.5' },
        marker(id, 'size-4'),
        el('h3', { class: 'min-w-0 text-lg font-semibold tracking-tight' }, persona),
        el(
          'span',
          { class: 'ml-auto shrink-0 rounded-full bg-sunken px-2 py-0.5 text-xs text-muted' },
          t('clusterId', { id }),
        ),
      ),
      el(
        'p',
        { class: 'mt-1 text-sm text-muted tabular-nums' },
        `${t('customersCount', { count: size })} · ${percent(share)}`,
      ),
      el('p', { class: 'mt-3 text-sm' }, description),
    ),
    apart(segment, columns),
    means(segment, columns),
    segment.profile.categorical.map(({ column, shares }) =>
      shares.length === 2 ? twoShares(column, shares, id) : null,
    ),
    el(
      'div',
      { class: 'mt-auto flex gap-3 rounded-lg bg-sunken p-3 text-sm' },
      icon('idea', 'mt-0.5 size-4 text-muted'),
      el('p', {}, el('span', { class: 'font-medium' }, `${t('recommended')}: `), action),
    ),
  );
}

/**
 * @param {Segment} segment
 * @param {Column[]} columns
 */
function apart(segment, columns) {
  return el(
    'div',
    {},
    el('h4', { class: 'mb-1.5 text-xs font-medium text-muted' }, t('setsApart')),
    el(
      'ul',
      { class: 'grid gap-1.5 text-sm' },
      traits(segment, columns).map(({ direction, text }) =>
        el('li', { class: 'flex gap-2' }, icon(direction, 'mt-0.5 size-4 text-muted'), text),
      ),
    ),
  );
}

/**
 * @param {Segment} segment
 * @param {Column[]} columns
 */
function means({ profile: { numeric } }, columns) {
  return el(
    'div',
    {},
    el('h4', { class: 'mb-1.5 text-xs font-medium text-muted' }, t('meanOf')),
    el(
      'dl',
      { class: 'grid gap-1 text-sm' },
      numeric.map(({ name, column, mean }) =>
        el(
          'div',
          { class: 'flex justify-between gap-3 border-b border-line pb-1 last:border-0' },
          el('dt', { class: 'min-w-0' }, column),
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
 * @param {string} column
 * @param {{ value: string, share: number }[]} shares
 * @param {number} id
 */
function twoShares(column, [first, second], id) {
  const side = (/** @type {{ value: string, share: number }} */ { value, share }) =>
    el(
      'span',
      {},
      `${valueWord(column, value)} `,
      el('span', { class: 'font-medium tabular-nums' }, percent(share)),
    );
  const width = `${first.share * 100}%`;
  return el(
    'div',
    { class: 'text-sm' },
    el('h4', { class: 'sr-only' }, column),
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
