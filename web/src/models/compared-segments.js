import { measure, number, percent, title } from '../format.js';
import { t } from '../i18n/index.js';
import { columnNamed } from '../rules.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';
import { changeWords } from '../words/comparison.js';

/** @import { Model } from '../types.js' */
/** @import { Compared, Comparison, Side } from './types.js' */

/** A centre is told by this many of its coordinates. */
const mostCoordinates = 6;

/**
 * The segments of both models in pairs, and what becomes of each.
 * @param {Comparison} comparison
 * @param {{ model: Model, second: Model }} models the candidate and the live one
 */
export function comparedSegments({ live, candidate, segments }, { model, second }) {
  const heads = [
    t('segmentBefore', { version: live }),
    t('segmentBefore', { version: candidate }),
    t('segmentChange'),
  ];
  const cell = 'px-2 py-2.5 align-top';
  const row = (/** @type {Compared} */ each) =>
    el(
      'tr',
      { class: 'border-b border-line last:border-0', 'data-kind': each.kind },
      el('td', { class: cell }, each.live ? side(each.live, second) : '–'),
      el('td', { class: cell }, each.candidate ? side(each.candidate, model) : '–'),
      el('td', { class: cell }, changeWords(each)),
    );
  return scrolling(
    t('compareSegments'),
    el(
      'table',
      { class: 'w-full min-w-xl table-fixed text-sm' },
      el(
        'thead',
        { class: 'border-b border-line text-left text-muted' },
        el(
          'tr',
          {},
          heads.map((head) => el('th', { scope: 'col', class: 'px-2 py-1.5 font-medium' }, head)),
        ),
      ),
      el('tbody', {}, segments.map(row)),
    ),
  );
}

/**
 * A table that scrolls by itself where it is wider than the page.
 * @param {string} name
 * @param {HTMLTableElement} table
 */
export function scrolling(name, table) {
  const place = { tabindex: '0', role: 'group', 'aria-label': name };
  return el('div', { class: 'relative overflow-x-auto', ...place }, table);
}

/**
 * @param {Side} segment
 * @param {Model} model
 */
function side({ cluster_id: id, persona, size, share, center }, model) {
  return el(
    'div',
    { class: 'flex gap-2.5' },
    marker(id, 'mt-1 size-3.5'),
    el(
      'div',
      { class: 'min-w-0' },
      el('p', { class: 'font-medium break-words' }, persona),
      el(
        'p',
        { class: 'text-muted tabular-nums' },
        `${t('customersCount', { count: size })} · ${percent(share)}`,
      ),
      el('p', { class: 'text-xs break-words text-muted tabular-nums' }, centre(center, model)),
    ),
  );
}

/**
 * A centre in the units of the features.
 * @param {number[]} center
 * @param {Model} model
 */
function centre(center, model) {
  const dimensions = model.dimensions ?? model.features.map((name, feature) => ({ name, feature }));
  const words = dimensions.slice(0, mostCoordinates).map((dimension, index) => {
    const column = columnNamed(model, model.features[dimension.feature]);
    const value = 'value' in dimension ? dimension.value : undefined;
    const name = title(column.column);
    return value === undefined
      ? `${name} ${measure(center[index], column)}`
      : `${name} ${value} ${percent(center[index])}`;
  });
  const more = dimensions.length - words.length;
  return [...words, ...(more > 0 ? [t('moreFeatures', { count: number(more) })] : [])].join(' · ');
}
