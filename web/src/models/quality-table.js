import { number } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { better } from '../words/comparison.js';
import { scrolling } from './compared-segments.js';

/** @import { Comparison, Quality } from './types.js' */

/**
 * The quality of both models, and which is better.
 * @param {Comparison} comparison
 */
export function qualityTable({ live, candidate, quality }) {
  /** @type {{ figure: keyof Quality, name: string }[]} */
  const figures = [
    { figure: 'silhouette', name: 'Silhouette' },
    { figure: 'calinski_harabasz', name: 'Calinski-Harabasz' },
    { figure: 'davies_bouldin', name: 'Davies-Bouldin' },
    { figure: 'inertia', name: 'WCSS' },
    { figure: 'n_clusters', name: t('clusters') },
    { figure: 'rows', name: t('qualityRows') },
  ];
  const head = 'px-2 py-1.5 font-medium';
  const cell = (/** @type {number | null} */ value, /** @type {boolean} */ best) =>
    el(
      'td',
      { class: `px-2 py-1.5 text-right whitespace-nowrap ${best ? 'font-semibold' : ''}` },
      best && [
        el('span', { class: 'mr-1 text-accent', 'aria-hidden': 'true' }, '●'),
        el('span', { class: 'sr-only' }, `${t('qualityBetter')}: `),
      ],
      value === null ? '–' : number(value, 3),
    );
  const row = (/** @type {typeof figures[number]} */ { figure, name }) => {
    const [before, after] = [quality.live[figure], quality.candidate[figure]];
    const winner = better(figure, before, after);
    return el(
      'tr',
      { class: 'border-b border-line last:border-0', 'data-figure': figure },
      el('th', { scope: 'row', class: 'px-2 py-1.5 text-left font-medium' }, name),
      cell(before, winner === 'live'),
      cell(after, winner === 'candidate'),
    );
  };
  return [
    scrolling(
      t('qualityTitle'),
      el(
        'table',
        { class: 'w-full max-w-xl text-sm tabular-nums' },
        el(
          'thead',
          { class: 'border-b border-line text-muted' },
          el(
            'tr',
            {},
            el('th', { scope: 'col', class: `${head} text-left` }, t('qualityFigure')),
            el('th', { scope: 'col', class: `${head} text-right` }, live),
            el('th', { scope: 'col', class: `${head} text-right` }, candidate),
          ),
        ),
        el('tbody', {}, figures.map(row)),
      ),
    ),
    el('p', { class: 'mt-2 max-w-prose text-xs text-muted' }, t('qualityHint')),
  ];
}
