import { columnAxes, firstAxes, mapAxes } from '../charts/axes.js';
import { rowOf } from '../charts/points.js';
import { drawScatter } from '../charts/scatter.js';
import { t } from '../i18n/index.js';
import { numericColumns } from '../rules.js';
import { el } from '../ui/dom.js';
import { section } from '../ui/section.js';

/** @import { Axes, Axis } from '../charts/axes.js' */
/** @import { Model, Projected, Stats } from '../types.js' */
/** @import { Entry } from './history.js' */

/** @typedef {{ stats: Stats, points: Projected['points'] | null }} Customers */

/**
 * The new customer among the others, on the features the model decides by; of many features, on
 * the principal components.
 * @param {HTMLElement} host
 * @param {{ model: Model, customers: Customers, entry: Entry, signal: AbortSignal }} options
 */
export function customerPlace(host, { model, customers, entry, signal }) {
  const { stats, points } = customers;
  const axes = placeAxes(model, entry, points);
  if (!axes) return;
  const names = { x: axes.x.title, y: axes.y.title };
  const canvas = el('canvas', {
    role: 'img',
    'aria-label': `${t('mapName', names)}. ${t('newCustomerStar')}`,
  });
  const count = model.features.length;
  const isPart = count > 2 && axes.x.kind !== 'component';
  const hint = [t('newCustomerStar'), isPart && t('placePart', { count })];
  host.append(
    section(
      { heading: t('placeTitle'), hint: hint.filter(Boolean).join(' ') },
      el('div', { class: 'relative h-80 sm:h-96' }, canvas),
    ),
  );
  const newcomer = rowOf(entry.customer, model, entry.answer.cluster_id);
  drawScatter(canvas, { model, rows: stats.data, axes, newcomer, signal });
}

/**
 * The principal components where all of them are known, else of the numbers given those that have most
 * to do with the answer.
 * @param {Model} model
 * @param {Entry} entry
 * @param {Projected['points'] | null} [points] the other customers on the principal components
 * @returns {Axes | null}
 */
export function placeAxes(model, { customer, answer }, points = null) {
  if (points && answer.position) {
    const all = mapAxes(model, points, answer.position);
    return firstAxes(
      model,
      all.filter(({ kind }) => kind === 'component'),
    );
  }
  const known = numericColumns(model).filter(({ name }) => name in customer);
  const strips = mapAxes(model).filter(({ kind }) => kind === 'segments');
  const loudness = (/** @type {Axis} */ { key }) => {
    const part = answer.explain?.contributions.find(({ feature }) => feature === key);
    return part ? Math.abs(part.toward_segment) : -1;
  };
  const axes = columnAxes(model, known);
  if (model.features.length > 2) axes.sort((a, b) => loudness(b) - loudness(a));
  return firstAxes(model, [...axes, ...strips]);
}
