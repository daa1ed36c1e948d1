import { axisTitle } from '../charts/points.js';
import { measure, number, percent } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';

/** @import { Model } from '../types.js' */
/** @import { Axes } from '../charts/points.js' */
/** @import { Centre } from '../charts/overlays.js' */

/**
 * What the map shows, for those who do not see it: each segment's size and middle.
 * @param {Model} model
 * @param {Axes} axes
 * @param {Centre[]} centres one for each segment, in the model's order
 */
export function mapTable({ segments }, { x, y }, centres) {
  const head = (/** @type {string} */ name) =>
    el('th', { scope: 'col', class: 'px-3 py-1.5 text-right font-medium first:text-left' }, name);
  const cell = (/** @type {string} */ value) =>
    el('td', { class: 'px-3 py-1.5 text-right tabular-nums' }, value);
  const headers = [t('segmentAxis'), t('totalCustomers'), t('share'), axisTitle(x)];
  if (y) headers.push(axisTitle(y));
  const table = el(
    'table',
    { class: 'w-full' },
    el('caption', { class: 'sr-only' }, t('tableCaption')),
    el('thead', { class: 'border-b border-line text-muted' }, el('tr', {}, headers.map(head))),
    el(
      'tbody',
      {},
      segments.map(({ cluster_id: id, persona, size, share }, index) =>
        el(
          'tr',
          { class: 'border-b border-line last:border-0' },
          el(
            'th',
            { scope: 'row', class: 'px-3 py-1.5 text-left font-medium' },
            el('span', { class: 'flex items-center gap-2' }, marker(id), persona),
          ),
          cell(number(size)),
          cell(percent(share)),
          cell(measure(centres[index].at[0], x)),
          y && cell(measure(centres[index].at[1], y)),
        ),
      ),
    ),
  );
  return el(
    'details',
    { class: 'mt-4 text-sm' },
    el('summary', { class: 'w-fit rounded text-muted hover:text-ink' }, t('asTable')),
    el(
      'div',
      { class: 'mt-3 overflow-x-auto', tabindex: '0', role: 'group', 'aria-label': t('asTable') },
      table,
    ),
  );
}
