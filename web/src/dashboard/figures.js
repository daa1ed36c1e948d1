import { measure, percent, title, unitOf } from '../format.js';
import { t } from '../i18n/index.js';
import { columnNamed } from '../rules.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';

/** @import { Model } from '../types.js' */
/** @import { Child } from '../ui/dom.js' */

/**
 * The few numbers to see first.
 * @param {Model} model
 */
export function keyFigures(model) {
  const { data, segments, elbow, n_clusters: k } = model;
  const top = segments.reduce((a, b) => (b.size > a.size ? b : a));
  const advised = elbow.n_clusters === k;
  return el(
    'section',
    { 'aria-label': t('keyFigures') },
    el(
      'dl',
      {
        class: 'grid grid-cols-2 gap-3 sm:gap-4 md:grid-cols-[repeat(auto-fit,minmax(11rem,1fr))]',
      },
      figure(
        t('totalCustomers'),
        measure(data.rows, undefined),
        data.skipped_rows > 0 ? t('skippedRows', { count: data.skipped_rows }) : data.name,
      ),
      figure(
        t('clusters'),
        measure(k, undefined),
        advised ? t('clustersAdvised') : t('clustersForced', { k: elbow.n_clusters }),
      ),
      figure(
        t('topPersona'),
        [marker(top.cluster_id, 'size-4'), el('span', { class: 'min-w-0' }, top.persona)],
        t('shareOfAll', { share: percent(top.share) }),
      ),
      model.features.map((name) => {
        const column = columnNamed(model, name);
        const { min, max } = column.quantiles ?? {};
        const range =
          min !== undefined && max !== undefined
            ? t('rangeOf', { min: measure(min, undefined), max: measure(max, column) })
            : (column.unit ?? '');
        const label = unitOf(column) ? title(column.column) : column.column;
        return figure(t('average', { column: label }), measure(column.mean ?? NaN, column), range);
      }),
    ),
  );
}

/**
 * @param {string} label
 * @param {Child} value
 * @param {string} note
 */
function figure(label, value, note) {
  return el(
    'div',
    { class: 'panel flex min-w-0 flex-col p-4' },
    el('dt', { class: 'text-sm text-muted' }, label),
    el(
      'dd',
      {
        class:
          'mt-auto flex items-center gap-2 pt-1 text-xl font-semibold tracking-tight break-words tabular-nums sm:text-2xl',
      },
      value,
    ),
    el('dd', { class: 'mt-0.5 text-xs break-words text-muted' }, note),
  );
}
