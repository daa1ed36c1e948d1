import { axisTitle, firstAxes, rowOf } from '../charts/points.js';
import { drawScatter } from '../charts/scatter.js';
import { t } from '../i18n/index.js';
import { numericColumns } from '../rules.js';
import { el } from '../ui/dom.js';
import { section } from '../ui/section.js';

/** @import { Model, Stats } from '../types.js' */
/** @import { Entry } from './history.js' */

/**
 * The new customer among the others, on the features the model decides by.
 * @param {HTMLElement} host
 * @param {{ model: Model, customers: Stats, entry: Entry, signal: AbortSignal }} options
 */
export function customerPlace(host, { model, customers, entry, signal }) {
  const numeric = numericColumns(model);
  const asked = numeric.filter(({ name }) => name in entry.customer);
  if (asked.length === 0) return;
  const axes = firstAxes(model, asked);
  const names = { x: axisTitle(axes.x), y: axisTitle(axes.y) };
  const canvas = el('canvas', {
    role: 'img',
    'aria-label': `${t('mapName', names)}. ${t('newCustomerStar')}`,
  });
  host.append(
    section(
      { heading: t('placeTitle'), hint: t('newCustomerStar') },
      el('div', { class: 'relative h-80 sm:h-96' }, canvas),
    ),
  );
  const newcomer = rowOf(entry.customer, model, entry.answer.cluster_id);
  drawScatter(canvas, { model, rows: customers.data, axes, newcomer, signal });
}
