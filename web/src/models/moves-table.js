import { number } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';
import { scrolling } from './compared-segments.js';

/** @import { Comparison, Moves, Side } from './types.js' */

/** The strongest tint of a cell, in percent: the ink above it stays readable in either theme. */
const strongest = 35;

/**
 * Where customers go: a row for each segment that they come from. A cell is tinted by its share of
 * the row; what stays is framed.
 * @param {Moves} moves
 * @param {Comparison} comparison
 */
export function movesTable({ rows, columns, counts }, { live, candidate, segments }) {
  const from = sides(segments.map((each) => each.live));
  const to = sides(segments.map((each) => each.candidate));
  const same = new Set(
    segments
      .filter(({ kind }) => kind === 'kept')
      .map((each) => `${each.live?.cluster_id}>${each.candidate?.cluster_id}`),
  );
  const head = 'px-2 py-2 align-bottom font-medium';
  const total = (/** @type {number[]} */ some) => some.reduce((sum, count) => sum + count, 0);
  const row = (/** @type {number} */ id, /** @type {number} */ place) =>
    el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row', class: 'px-2 py-1.5 text-left font-medium' },
        named(from.get(id), id),
      ),
      columns.map((other, column) =>
        cell(counts[place][column], total(counts[place]), same.has(`${id}>${other}`)),
      ),
      el('td', { class: 'px-2 py-1.5 text-right text-muted' }, number(total(counts[place]))),
    );
  return scrolling(
    t('movesTitle'),
    el(
      'table',
      { class: 'border-separate border-spacing-0.5 text-sm tabular-nums' },
      el(
        'caption',
        { class: 'mb-2 text-left text-xs text-muted' },
        t('movesCaption', { live, candidate }),
      ),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          el('td', {}),
          columns.map((id) =>
            el('th', { scope: 'col', class: `${head} min-w-20 text-left` }, named(to.get(id), id)),
          ),
          el('th', { scope: 'col', class: `${head} text-right text-muted` }, t('movesTotal')),
        ),
      ),
      el('tbody', {}, rows.map(row)),
    ),
  );
}

/**
 * @param {number} count
 * @param {number} all of the row
 * @param {boolean} stays
 */
function cell(count, all, stays) {
  const share = all > 0 ? count / all : 0;
  const tint = Math.round(share * strongest);
  return el(
    'td',
    {
      class: `rounded px-2 py-1.5 text-right ${stays ? 'font-semibold outline-1 -outline-offset-1 outline-edge' : ''}`,
      style: {
        'background-color': `color-mix(in oklab, var(--color-sunken), var(--color-accent) ${tint}%)`,
      },
      'data-stays': stays,
    },
    number(count),
    stays && el('span', { class: 'sr-only' }, ` (${t('movesStay')})`),
  );
}

/** @param {(Side | null)[]} some */
function sides(some) {
  return new Map(some.flatMap((side) => (side ? [[side.cluster_id, side]] : [])));
}

/**
 * @param {Side | undefined} side
 * @param {number} id
 */
function named(side, id) {
  return el(
    'span',
    { class: 'inline-flex items-start gap-1.5' },
    marker(id, 'mt-1 size-3'),
    el('span', { class: 'min-w-0 break-words' }, side?.persona ?? t('clusterId', { id })),
  );
}
