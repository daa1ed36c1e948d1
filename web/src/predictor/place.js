import { columnAxes, firstAxes, mapAxes } from '../charts/axes.js';
import { rowOf } from '../charts/points.js';
import { drawScatter } from '../charts/scatter.js';
import { t } from '../i18n/index.js';
import { numericColumns } from '../rules.js';
import { el } from '../ui/dom.js';
import { section } from '../ui/section.js';

/** @import { Axes, Axis } from '../charts/axes.js' */
/** @import { Model, Stats } from '../types.js' */
/** @import { Entry } from './history.js' */

/**
 * The new customer among the others, on the features the model decides by; of many features, on
 * the two that have most to do with this answer.
 * @param {HTMLElement} host
 * @param {{ model: Model, customers: Stats, entry: Entry, signal: AbortSignal }} options
 */
export function customerPlace(host, { model, customers, entry, signal }) {
  const axes = placeAxes(model, entry);
  if (!axes) return;
  const names = { x: axes.x.title, y: axes.y.title };
  const canvas = el('canvas', {
    role: 'img',
    'aria-label': `${t('mapName', names)}. ${t('newCustomerStar')}`,
  });
  const count = model.features.length;
  const hint = [t('newCustomerStar'), count > 2 && t('placePart', { count })];
  host.append(
    section(
      { heading: t('placeTitle'), hint: hint.filter(Boolean).join(' ') },
      el('div', { class: 'relative h-80 sm:h-96' }, canvas),
    ),
  );
  const newcomer = rowOf(entry.customer, model, entry.answer.cluster_id);
  drawScatter(canvas, { model, rows: customers.data, axes, newcomer, signal });
}

/**
 * @param {Model} model
 * @param {Entry} entry
 * @returns {Axes | null}
 */
export function placeAxes(model, { customer, answer }) {
  const known = numericColumns(model).filter(({ name }) => name in customer);
  const strips = mapAxes(model).filter(({ kind }) => kind === 'segments');
  const loudness = (/** @type {Axis} */ { key }) => {
    const part = answer.explain?.contributions.find(({ feature }) => feature === key);
    return part ? Math.abs(part.toward_segment) : -1;
  };
  const axes = columnAxes(model, known);
  if (model.features.length > 2) axes.sort((a, b) => loudness(b) - loudness(a));
  return firstAxes([...axes, ...strips]);
}
