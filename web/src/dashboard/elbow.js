import { drawLine } from '../charts/line.js';
import { number } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { section } from '../ui/section.js';
import { elbowWords } from '../words/elbow.js';

/** @import { Model } from '../types.js' */

/**
 * Why the model has as many segments as it has.
 * @param {Model} model
 * @param {AbortSignal} signal
 */
export function elbow(model, signal) {
  const { by_k: rows, n_clusters: k } = model.elbow;
  const silhouettes = rows.flatMap(({ k: x, silhouette: y }) => (y === null ? [] : [{ x, y }]));
  const wcss = rows.map(({ k: x, wcss: y }) => ({ x, y }));
  const chart = (
    /** @type {{ x: number, y: number }[]} */ points,
    /** @type {string} */ yTitle,
    /** @type {string} */ name,
  ) => {
    if (points.length < 2) return null;
    const canvas = el('canvas', { role: 'img', 'aria-label': name });
    // A chart measures its place: it can be drawn once it stands in the page.
    queueMicrotask(() => {
      const xTitle = t('numberOfSegments');
      if (!signal.aborted) drawLine(canvas, { points, marked: k, xTitle, yTitle, signal });
    });
    return el(
      'figure',
      { class: 'min-w-0' },
      el('figcaption', { class: 'mb-2 text-sm font-medium' }, yTitle),
      el('div', { class: 'relative h-56 xl:h-40' }, canvas),
    );
  };
  return section(
    { heading: t('elbowTitle', { count: model.n_clusters }), hint: elbowWords(model) },
    el(
      'div',
      { class: 'grid gap-6 md:grid-cols-2 xl:grid-cols-1' },
      chart(wcss, t('elbowWcss'), t('elbowWcssName', { k })),
      chart(silhouettes, t('elbowSilhouette'), t('elbowSilhouetteName', { k })),
    ),
    el(
      'details',
      { class: 'mt-4 text-sm' },
      el('summary', { class: 'w-fit rounded text-muted hover:text-ink' }, t('asTable')),
      el(
        'div',
        { class: 'mt-3 overflow-x-auto', tabindex: '0', role: 'group', 'aria-label': t('asTable') },
        indexTable(model),
      ),
    ),
  );
}

/** @param {Model} model */
function indexTable({ elbow: { by_k: rows } }) {
  const cell = (/** @type {number | null} */ value) =>
    el('td', { class: 'px-3 py-1.5 text-right' }, value === null ? '–' : number(value, 3));
  return el(
    'table',
    { class: 'w-full tabular-nums' },
    el(
      'thead',
      { class: 'border-b border-line text-muted' },
      el(
        'tr',
        {},
        ['k', 'WCSS', 'Silhouette', 'Calinski-Harabasz', 'Davies-Bouldin'].map((name) =>
          el('th', { scope: 'col', class: 'px-3 py-1.5 text-right font-medium' }, name),
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
          el('th', { scope: 'row', class: 'px-3 py-1.5 text-right font-medium' }, number(row.k)),
          cell(row.wcss),
          cell(row.silhouette),
          cell(row.calinski_harabasz),
          cell(row.davies_bouldin),
        ),
      ),
    ),
  );
}
