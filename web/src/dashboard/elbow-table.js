import { number } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { tableDetails } from '../ui/section.js';
import { indicesOf } from '../words/elbow.js';

/** @import { Elbow, ElbowRow } from '../types.js' */

/**
 * The figures for each k. What a criterion takes for the best is marked: where the marks stand in
 * different rows, the criteria disagree.
 * @param {Elbow} elbow
 */
export function elbowTable({ by_k: rows, advice }) {
  const columns = [
    { criterion: /** @type {const} */ ('elbow'), name: 'WCSS', valueIn: wcss },
    ...indicesOf(rows).map(({ index, name }) => ({
      criterion: index,
      name,
      valueIn: (/** @type {ElbowRow} */ row) => row[index] ?? null,
    })),
  ];
  const table = el(
    'table',
    { class: 'w-full tabular-nums' },
    el(
      'thead',
      { class: 'border-b border-line text-muted' },
      el(
        'tr',
        {},
        ['k', ...columns.map(({ name }) => name)].map((name) =>
          el('th', { scope: 'col', class: 'px-2 py-1.5 text-right font-medium' }, name),
        ),
      ),
    ),
    el(
      'tbody',
      {},
      rows.map((row) =>
        el(
          'tr',
          { class: 'border-b border-line last:border-0' },
          el('th', { scope: 'row', class: 'px-2 py-1.5 text-right font-medium' }, number(row.k)),
          columns.map(({ criterion, valueIn }) => cell(valueIn(row), advice[criterion] === row.k)),
        ),
      ),
    ),
  );
  return tableDetails(table, t('elbowTableHint'));
}

/** @param {ElbowRow} row */
function wcss(row) {
  return row.wcss;
}

/**
 * @param {number | null} value
 * @param {boolean} best
 */
function cell(value, best) {
  const shown = value === null ? '–' : number(value, 3);
  return el(
    'td',
    { class: `px-2 py-1.5 text-right whitespace-nowrap ${best ? 'font-semibold' : ''}` },
    best && [
      el('span', { class: 'mr-1 text-accent', 'aria-hidden': 'true' }, '●'),
      el('span', { class: 'sr-only' }, `${t('criterionChoice')}: `),
    ],
    shown,
  );
}
