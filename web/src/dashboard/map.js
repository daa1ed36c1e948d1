import { centresOf, decisionScale, axisTitle, fileName, firstAxes } from '../charts/points.js';
import { downloadPng } from '../charts/png.js';
import { drawScatter } from '../charts/scatter.js';
import { t } from '../i18n/index.js';
import { numericColumns } from '../rules.js';
import { el, replace } from '../ui/dom.js';
import { section } from '../ui/section.js';
import { emptyState } from '../ui/states.js';
import { axisSelects } from './axes.js';
import { legend } from './legend.js';
import { mapTable } from './map-table.js';
import { zoomButtons } from './zoom.js';

/** @import { Model, Stats } from '../types.js' */
/** @import { Axes } from '../charts/points.js' */

/**
 * What the reader set on the map, kept while the page is open: it outlasts a change of view or
 * of language.
 * @type {{ axes: { x: string, y: string | null } | null, hidden: Set<number> }}
 */
const kept = { axes: null, hidden: new Set() };

/**
 * The map of all customers, with its legend, axes and tools.
 * @param {HTMLElement} host
 * @param {Model} model
 * @param {Stats} stats
 * @param {AbortSignal} signal
 */
export function customerMap(host, model, stats, signal) {
  const numeric = numericColumns(model);
  const trouble = stats.data.length === 0 ? t('noCustomers') : numeric.length === 0 && t('noAxes');
  if (trouble) {
    host.append(section({ heading: t('mapTitle') }, emptyState(trouble)));
    return;
  }

  const { hidden } = kept;
  const hint = el('span');
  const plot = el('div', { class: 'relative min-h-80 flex-1 sm:min-h-[28rem]' });
  const table = el('div');
  /** @type {{ chart: ReturnType<typeof drawScatter>, canvas: HTMLCanvasElement, axes: Axes }} */
  let drawn;
  let drawing = new AbortController();

  /** @param {Axes} axes */
  function draw(axes) {
    drawing.abort();
    drawing = new AbortController();
    kept.axes = { x: axes.x.name, y: axes.y?.name ?? null };
    const names = { x: axisTitle(axes.x), y: axisTitle(axes.y) };
    const canvas = el('canvas', {
      role: 'img',
      'aria-label': t('mapName', names),
      // Out of the flow, so that the panel's height decides the chart's and never the other way.
      class: 'absolute inset-0',
    });
    replace(plot, canvas);
    replace(hint, t('mapHint'), decisionScale(model, axes) ? ` ${t('mapHintRegions')}` : '');
    replace(table, mapTable(model, axes, centresOf(model, axes)));
    const both = AbortSignal.any([signal, drawing.signal]);
    const options = { model, rows: stats.data, axes, hidden, zoomable: true, signal: both };
    drawn = { chart: drawScatter(canvas, options), canvas, axes };
  }

  const save = () => {
    const { canvas, axes } = drawn;
    const title = [axes.y, axes.x].map(axisTitle).join(' / ');
    const segments = model.segments.filter(({ cluster_id: id }) => !hidden.has(id));
    downloadPng(canvas, { title, segments, file: fileName(axes) });
  };
  const axes = restoredAxes(model) ?? firstAxes(model, numeric);
  host.append(
    section(
      {
        heading: t('mapTitle'),
        classes: 'flex flex-col',
        hint,
        tools: zoomButtons({
          zoom: (factor) => drawn.chart.zoom(factor),
          reset: () => drawn.chart.reset(),
          save,
        }),
      },
      stats.truncated &&
        el(
          'p',
          { class: 'mb-3 text-sm text-warn', role: 'note' },
          t('truncated', { shown: stats.shown, total: stats.total }),
        ),
      el(
        'div',
        { class: 'mb-4 flex flex-wrap items-end justify-between gap-4' },
        legend(model.segments, hidden, () => drawn.chart.refresh()),
        axisSelects(numeric, axes, draw),
      ),
      plot,
      table,
    ),
  );
  draw(axes);
}

/**
 * The axes chosen before, if the model still has such columns.
 * @param {Model} model
 * @returns {Axes | null}
 */
function restoredAxes(model) {
  if (!kept.axes) return null;
  const numeric = numericColumns(model);
  const x = numeric.find(({ name }) => name === kept.axes?.x);
  const y = numeric.find(({ name }) => name === kept.axes?.y);
  return x && (y || numeric.length === 1) ? { x, y: y ?? null } : null;
}
