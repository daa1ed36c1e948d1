import { number, percent } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';
import { tableDetails } from '../ui/section.js';

/** @import { Model } from '../types.js' */
/** @import { Axes } from '../charts/axes.js' */

/**
 * What the map shows, for those who do not see it: each segment's size and middle.
 * @param {Model} model
 * @param {Axes} axes
 */
export function mapTable({ segments }, { x, y }) {
  // The segments' own axis would only repeat their names.
  const shown = [x, y].filter(({ kind }) => kind !== 'segments');
  const head = (/** @type {string} */ name) =>
    el('th', { scope: 'col', class: 'px-3 py-1.5 text-right font-medium first:text-left' }, name);
  const cell = (/** @type {string} */ value) =>
    el('td', { class: 'px-3 py-1.5 text-right tabular-nums' }, value);
  const headers = [t('segmentAxis'), t('totalCustomers'), t('share')];
  const table = el(
    'table',
    { class: 'w-full' },
    el('caption', { class: 'sr-only' }, t('tableCaption')),
    el(
      'thead',
      { class: 'border-b border-line text-muted' },
      el(
        'tr',
        {},
        headers.map(head),
        shown.map(({ title }) => head(title)),
      ),
    ),
    el(
      'tbody',
      {},
      segments.map((segment) =>
        el(
          'tr',
          { class: 'border-b border-line last:border-0' },
          el(
            'th',
            { scope: 'row', class: 'px-3 py-1.5 text-left font-medium' },
            el(
              'span',
              { class: 'flex items-center gap-2' },
              marker(segment.cluster_id),
              segment.persona,
            ),
          ),
          cell(number(segment.size)),
          cell(percent(segment.share)),
          shown.map(({ middle, read }) => {
            const value = middle(segment);
            return cell(Number.isNaN(value) ? '–' : read(value));
          }),
        ),
      ),
    ),
  );
  return tableDetails(table);
}
