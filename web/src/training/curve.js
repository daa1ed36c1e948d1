import { drawLine } from '../charts/line.js';
import { number } from '../format.js';
import { t } from '../i18n/index.js';
import { el, replace } from '../ui/dom.js';
import { tableDetails } from '../ui/section.js';

/** @import { FittedK, Job } from './types.js' */

/**
 * The curve of WCSS by k as far as it is known, and the same as a table.
 * @param {AbortSignal} signal
 */
export function progressCurve(signal) {
  const table = el('table', { class: 'w-full max-w-md tabular-nums' });
  const canvas = el('canvas', { role: 'img', 'aria-label': t('jobCurve') });
  const node = el(
    'div',
    { hidden: true },
    el(
      'figure',
      {},
      el('figcaption', { class: 'mb-2 text-sm font-medium' }, t('elbowWcss')),
      el('div', { class: 'relative h-48' }, canvas),
    ),
    tableDetails(table),
  );
  /** @type {Promise<ReturnType<typeof drawLine>> | null} */
  let drawing = null;
  let drawn = 0;

  /** @param {Job} job */
  function show({ by_k: rows, k_max: last }) {
    if (rows.length < 2 || rows.length === drawn) return;
    drawn = rows.length;
    node.hidden = false;
    replace(table, tableParts(rows));
    const points = rows.map(({ k: x, wcss: y }) => ({ x, y }));
    // A chart measures its place: it can be drawn once it stands in the page.
    drawing ??= Promise.resolve().then(() => {
      const [xTitle, yTitle] = [t('numberOfSegments'), t('elbowWcss')];
      return drawLine(canvas, { points, xTitle, yTitle, last, signal });
    });
    drawing.then((draw) => draw(points));
  }

  return { node, show };
}

/** @param {FittedK[]} rows */
function tableParts(rows) {
  const cell = 'px-2 py-1.5 text-right';
  return [
    el(
      'thead',
      { class: 'border-b border-line text-muted' },
      el(
        'tr',
        {},
        ['k', 'WCSS', 'Silhouette'].map((name) =>
          el('th', { scope: 'col', class: `${cell} font-medium` }, name),
        ),
      ),
    ),
    el(
      'tbody',
      {},
      rows.map(({ k, wcss, silhouette }) =>
        el(
          'tr',
          { class: 'border-b border-line last:border-0' },
          el('th', { scope: 'row', class: `${cell} font-medium` }, number(k)),
          el('td', { class: cell }, number(wcss, 3)),
          el('td', { class: cell }, silhouette === null ? '–' : number(silhouette, 3)),
        ),
      ),
    ),
  ];
}
