import { firstAxes, mapAxes } from '../charts/axes.js';
import { countLeftOut, decisionScale, fileName } from '../charts/points.js';
import { downloadPng } from '../charts/png.js';
import { drawScatter } from '../charts/scatter.js';
import { hasWindows, mapWindows } from '../charts/windows.js';
import { percent } from '../format.js';
import { t } from '../i18n/index.js';
import { onSessionChange } from '../session/session.js';
import { el, replace } from '../ui/dom.js';
import { section } from '../ui/section.js';
import { emptyState } from '../ui/states.js';
import { axisSelects } from './axes.js';
import { keepAxes, keptAxes } from './kept-axes.js';
import { legend } from './legend.js';
import { mapTable } from './map-table.js';
import { zoomButtons } from './zoom.js';

/** @import { Model, Projected, Stats, View } from '../types.js' */
/** @import { Axes } from '../charts/axes.js' */

/**
 * The segments that the reader hid, kept while the page is open: they outlast a change of view or
 * of language.
 * @type {Set<number>}
 */
const hidden = new Set();

onSessionChange(() => hidden.clear());

/**
 * The map of all customers, with its legend, axes and tools.
 * @param {HTMLElement} host
 * @param {Model} model
 * @param {{ stats: Stats, points: Projected['points'] | null }} customers
 * @param {AbortSignal} signal
 */
export function customerMap(host, model, { stats, points }, signal) {
  const choices = mapAxes(model, points);
  const axes = keptAxes(choices) ?? firstAxes(model, choices);
  if (!axes || stats.data.length === 0) {
    const trouble = stats.data.length === 0 ? t('noCustomers') : t('noAxes');
    host.append(section({ heading: t('mapTitle') }, emptyState(trouble)));
    return;
  }

  const hint = el('span');
  const plot = el('div', { class: 'relative min-h-80 flex-1 sm:min-h-[28rem]' });
  const leftOut = el('p', { class: 'text-sm text-muted', role: 'status' });
  const shown = el('p', { class: 'mb-3 text-sm', role: 'status' });
  const table = el('div');
  /** @type {{ chart: ReturnType<typeof drawScatter>, canvas: HTMLCanvasElement, axes: Axes }} */
  let drawn;
  let drawing = new AbortController();

  /** @param {Axes} axes */
  function draw(axes) {
    drawing.abort();
    drawing = new AbortController();
    const canvas = el('canvas', {
      role: 'img',
      'aria-label': t('mapName', { x: axes.x.title, y: axes.y.title }),
      // Out of the flow, so that the panel's height decides the chart's and never the other way.
      class: 'absolute inset-0',
    });
    replace(plot, canvas);
    replace(hint, hintWords(model, axes));
    tellLeftOut(stats.truncated ? 0 : countLeftOut(stats.data, axes));
    replace(table, mapTable(model, axes));
    const both = AbortSignal.any([signal, drawing.signal]);
    const tellSample = () =>
      replace(shown, stats.truncated && t('truncated', { shown: stats.shown, total: stats.total }));
    tellSample();
    const windows =
      stats.truncated && hasWindows(axes)
        ? mapWindows({ axes, hidden, told: tell, failed: tellSample, signal: both })
        : undefined;
    const options = {
      model,
      rows: stats.data,
      axes,
      hidden,
      zoomable: true,
      windows,
      signal: both,
    };
    drawn = { chart: drawScatter(canvas, options), canvas, axes };
    windows?.begin(drawn.chart);
  }

  /** @param {View} view */
  function tell({ is_complete: all, in_view: count, points, total }) {
    replace(
      shown,
      all ? t('viewAll', { count }) : t('viewCells', { count, points: points.length }),
    );
    const isWhole = drawn.chart.range() === null && hidden.size === 0;
    if (isWhole) tellLeftOut(total - count);
  }

  /** @param {number} count */
  function tellLeftOut(count) {
    replace(leftOut, count > 0 && t('leftOut', { count }));
    leftOut.classList.toggle('mt-3', count > 0);
  }

  const save = () => {
    const { canvas, axes } = drawn;
    const title = `${axes.y.title} / ${axes.x.title}`;
    const segments = model.segments.filter(({ cluster_id: id }) => !hidden.has(id));
    downloadPng(canvas, { title, segments, file: fileName(axes) });
  };
  const choose = (/** @type {Axes} */ chosen) => {
    keepAxes(chosen);
    draw(chosen);
  };
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
      stats.truncated && shown,
      el(
        'div',
        { class: 'mb-4 flex flex-wrap items-end justify-between gap-4' },
        legend(model.segments, hidden, () => drawn.chart.refresh()),
        axisSelects(choices, axes, choose),
      ),
      plot,
      leftOut,
      table,
    ),
  );
  draw(axes);
}

/**
 * How to read the map.
 * @param {Model} model
 * @param {Axes} axes
 */
function hintWords(model, axes) {
  const { x, y } = axes;
  const sentences = [t('mapHint')];
  if (decisionScale(model, axes)) sentences.push(t('mapHintRegions'));
  if (y.kind === 'segments') sentences.push(t('mapHintStrips'));
  if (x.kind === 'component' && y.kind === 'component') {
    const [first, second] = model.projection?.explained_variance_ratio ?? [0, 0];
    sentences.push(t('mapHintComponents', { share: percent(first + second) }));
  }
  return sentences.join(' ');
}
