import { drawLine } from '../charts/line.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { caution, section } from '../ui/section.js';
import { elbowWords } from '../words/elbow.js';
import { elbowTable } from './elbow-table.js';

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
    model.elbow.grouping === 'none' && caution(t('noGrouping'), 'mb-5'),
    el(
      'div',
      { class: 'grid gap-6 md:grid-cols-2 xl:grid-cols-1' },
      chart(wcss, t('elbowWcss'), t('elbowWcssName', { k })),
      chart(silhouettes, t('elbowSilhouette'), t('elbowSilhouetteName', { k })),
    ),
    elbowTable(model.elbow),
  );
}
