import { percent, number, list } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { downloadButton } from '../ui/download.js';
import { movesAddress } from './api.js';
import { comparedSegments } from './compared-segments.js';
import { movesTable } from './moves-table.js';
import { qualityTable } from './quality-table.js';

/** @import { Model } from '../types.js' */
/** @import { Comparison } from './types.js' */

/**
 * A model beside another: the parts of the view.
 * @param {Comparison} comparison in which `live` is the other model, whichever is in use
 * @param {{ model: Model, second: Model, signal: AbortSignal }} options the model and the other one
 */
export function comparisonParts(comparison, { model, second, signal }) {
  const { moves, customers, moved } = comparison;
  return [
    part(t('compareSegments'), comparedSegments(comparison, { model, second })),
    part(
      t('movesTitle'),
      moves && customers !== null && moved !== null
        ? [
            el(
              'div',
              { class: 'mb-3 flex flex-wrap items-center justify-between gap-3' },
              el(
                'p',
                { class: 'text-sm' },
                t('movesSummary', {
                  moved: number(moved),
                  count: customers,
                  share: percent(customers > 0 ? moved / customers : 0),
                }),
              ),
              downloadButton({
                label: t('movesDownload'),
                path: movesAddress(comparison.candidate, comparison.live),
                accept: 'text/csv',
                name: `moves-${comparison.candidate}.csv`,
                signal,
              }),
            ),
            movesTable(moves, comparison),
          ]
        : el('p', { class: 'text-sm text-muted' }, t('movesNone')),
    ),
    part(t('qualityTitle'), qualityTable(comparison)),
    part(t('featuresCount'), features(comparison)),
  ];
}

/**
 * @param {string} heading
 * @param {import('../ui/dom.js').Child} content
 */
function part(heading, content) {
  return el(
    'div',
    { class: 'min-w-0' },
    el('h3', { class: 'mb-2 text-sm font-semibold' }, heading),
    content,
  );
}

/** @param {Comparison} comparison */
function features({ features: { added, removed, common } }) {
  const sentences = [
    added.length > 0 && t('featuresAdded', { names: list(added) }),
    removed.length > 0 && t('featuresRemoved', { names: list(removed) }),
    common.length > 0 && t('featuresSame', { names: list(common) }),
  ];
  return el(
    'ul',
    { class: 'grid gap-1 text-sm break-words' },
    sentences.filter(Boolean).map((sentence) => el('li', {}, sentence)),
  );
}
