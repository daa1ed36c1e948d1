import { segmentColour, segmentShape, translucent } from '../colours.js';
import { t } from '../i18n/index.js';
import { onThemeChange, theme } from '../theme.js';
import { centreMarks, mostNames, onTop, regionShading } from './overlays.js';
import {
  centresOf,
  decisionScale,
  extent,
  pointOf,
  pointsBySegment,
  rowLines,
  tellingHeaders,
} from './points.js';
import { axis, Chart, chartColours, tooltip } from './setup.js';

/** @import { Model, Row } from '../types.js' */
/** @import { Axes, Axis } from './axes.js' */
/** @import { MapPoint } from './points.js' */

/** With more points than this, small marks without a border keep panning smooth. */
const manyPoints = 2000;

/** The most characters in a line of a name beside its strip. */
const lineLength = 14;

/**
 * Draw the customers on a canvas, and draw them anew when the theme changes.
 * @param {HTMLCanvasElement} canvas
 * @param {object} options
 * @param {Model} options.model
 * @param {Row[]} options.rows
 * @param {Axes} options.axes
 * @param {Set<number>} [options.hidden] cluster ids not shown; change it, then call `refresh`
 * @param {Row} [options.newcomer] a new customer, drawn as a star
 * @param {boolean} [options.zoomable]
 * @param {{ plugin: import('chart.js').Plugin<'scatter'>, soon: () => void, repaint: () => void }} [options.windows]
 *   paints behind the points, and hears when the reader has moved the map or hidden a segment
 * @param {AbortSignal} options.signal ends the chart
 */
export function drawScatter(canvas, options) {
  const { model, rows, axes, hidden = new Set(), newcomer, zoomable = false, signal } = options;
  const { windows } = options;
  let points = pointsBySegment(rows, axes);
  const centres = centresOf(model, axes);
  const scale = decisionScale(model, axes);
  const many = rows.length > manyPoints;
  const fewSegments = centres.length <= mostNames;
  const strips = axes.y.kind === 'segments';
  const star = newcomer && pointOf(newcomer, axes);

  const datasets = () => [
    ...(star ? [starDataset(star)] : []),
    ...model.segments.map(({ cluster_id: id, persona }) => ({
      label: persona,
      data: points.get(id) ?? [],
      hidden: hidden.has(id),
      ...pointLook(id, many),
    })),
  ];
  const drawn = [...points.values()].flat().concat(star ? [star] : []);
  const ends = { x: extent(drawn, 'x'), y: extent(drawn, 'y') };
  const telling = tellingHeaders(model, axes);
  const scaleOf = (/** @type {'x' | 'y'} */ name) =>
    axes[name].kind === 'segments'
      ? stripAxis(axes[name], model)
      : { ...valueAxis(axes[name].title), ...ends[name] };
  const scales = () => ({ x: scaleOf('x'), y: scaleOf('y') });

  const chart = new Chart(canvas, {
    type: 'scatter',
    data: { datasets: datasets() },
    options: {
      parsing: false,
      normalized: true,
      animation: false,
      interaction: { mode: 'nearest', intersect: true, axis: 'xy' },
      scales: /** @type {any} */ (scales()),
      plugins: {
        tooltip: {
          ...tooltip(),
          callbacks: {
            title: ([item]) => item?.dataset.label ?? '',
            label: ({ raw }) => rowLines(/** @type {any} */ (raw).row, telling),
          },
        },
        zoom: zoomable ? zoomOptions(canvas, windows?.soon) : {},
      },
    },
    plugins: [
      ...(scale ? [regionShading(centres, scale, hidden)] : []),
      ...(windows ? [windows.plugin] : []),
      centreMarks(centres, hidden, { named: fewSegments && !strips }),
      ...(star ? [onTop(0)] : []),
    ],
  });
  if (zoomable) yieldTouch(canvas, chart.isZoomedOrPanned());

  onThemeChange(() => {
    windows?.repaint();
    chart.data.datasets = datasets();
    const looks = scales();
    for (const name of /** @type {const} */ (['x', 'y'])) {
      // The ends stay as they are: the reader may have zoomed.
      const { min, max, ...look } = looks[name];
      Object.assign(chart.options.scales?.[name] ?? {}, look);
    }
    Object.assign(chart.options.plugins?.tooltip ?? {}, tooltip());
    chart.update('none');
  }, signal);
  signal.addEventListener('abort', () => chart.destroy());

  return {
    /** Show what `hidden` now says. */
    refresh() {
      const shift = star ? 1 : 0;
      model.segments.forEach(({ cluster_id: id }, index) =>
        chart.setDatasetVisibility(index + shift, !hidden.has(id)),
      );
      chart.update('none');
      windows?.soon();
    },
    /**
     * Show other customers.
     * @param {Map<number, MapPoint[]>} others by segment
     * @param {{ x: [number, number], y: [number, number] } | null} whole what all of them reach from
     *   and to, if the map is to show all
     */
    show(others, whole) {
      points = others;
      chart.data.datasets = datasets();
      for (const name of whole ? /** @type {const} */ (['x', 'y']) : []) {
        const [from, to] = whole?.[name] ?? [0, 0];
        Object.assign(chart.options.scales?.[name] ?? {}, extent([at(from), at(to)], name));
      }
      chart.update('none');
    },
    /** What the map shows of both axes; null when it shows all. */
    range() {
      if (!chart.isZoomedOrPanned()) return null;
      const { x, y } = chart.scales;
      return { x: [x.min, x.max], y: [y.min, y.max] };
    },
    /** @param {number} factor above 1 comes nearer */
    zoom(factor) {
      chart.zoom(factor);
      windows?.soon();
    },
    reset() {
      chart.resetZoom('none');
      yieldTouch(canvas, false);
      windows?.soon();
    },
  };
}

/** @typedef {ReturnType<typeof drawScatter>} Scatter */

/**
 * A point that only says how far an axis reaches.
 * @param {number} value
 * @returns {MapPoint}
 */
function at(value) {
  return { x: value, y: value, row: {} };
}

/**
 * @param {number} id
 * @param {boolean} many
 */
function pointLook(id, many) {
  const colour = segmentColour(id, theme());
  const shape = segmentShape(id);
  return {
    pointStyle: shape === 'down' ? 'triangle' : shape,
    rotation: shape === 'down' ? 180 : 0,
    backgroundColor: many ? colour : translucent(colour, 0.75),
    borderColor: colour,
    borderWidth: many ? 0 : 1,
    radius: many ? 1.5 : 4.5,
    hoverRadius: many ? 4 : 7,
    clip: 8,
  };
}

/** @param {{ x: number, y: number, row: Row }} point */
function starDataset(point) {
  const { ink, panel } = chartColours();
  return {
    label: t('newCustomer'),
    data: [point],
    pointStyle: starImage(ink, panel),
    radius: 11,
    hoverRadius: 11,
    clip: 14,
  };
}

/**
 * Chart.js' own star has no body and would drown among the points.
 * @param {string} fill
 * @param {string} halo
 */
function starImage(fill, halo) {
  const image = document.createElement('canvas');
  image.width = image.height = 28;
  const ctx = image.getContext('2d');
  if (!ctx) return image;
  ctx.translate(14, 14);
  ctx.beginPath();
  for (let corner = 0; corner < 10; corner += 1) {
    const radius = corner % 2 === 0 ? 12 : 5;
    const angle = (corner * Math.PI) / 5 - Math.PI / 2;
    ctx.lineTo(radius * Math.cos(angle), radius * Math.sin(angle));
  }
  ctx.closePath();
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4;
  ctx.strokeStyle = halo;
  ctx.stroke();
  ctx.fillStyle = fill;
  ctx.fill();
  return image;
}

/**
 * An axis whose ends are the data's, without the odd numbers there as ticks.
 * @param {string} text
 */
function valueAxis(text) {
  const named = axis(text);
  return { ...named, ticks: { ...named.ticks, includeBounds: false } };
}

/**
 * An axis of strips, each with its segment's name.
 * @param {Axis} strips
 * @param {Model} model
 */
function stripAxis(strips, { segments }) {
  const named = axis(strips.title);
  const few = segments.length <= mostNames;
  const lines = segments.map((segment) => ({
    value: strips.middle(segment),
    label: few ? wrapped(segment.persona) : segment.persona,
  }));
  return {
    ...named,
    min: -0.5,
    max: segments.length - 0.5,
    ticks: { ...named.ticks, callback: labelOf },
    afterBuildTicks: (/** @type {import('chart.js').Scale} */ scale) => {
      scale.ticks = lines.filter(({ value }) => value >= scale.min && value <= scale.max);
    },
  };

  /** @param {number} strip */
  function labelOf(strip) {
    return lines.find(({ value }) => value === strip)?.label;
  }
}

/**
 * A name in lines, so that it leaves room for the map.
 * @param {string} name
 */
function wrapped(name) {
  /** @type {string[]} */
  const lines = [];
  for (const word of name.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && longer.length <= lineLength) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} [moved] hears that the map shows another part
 */
function zoomOptions(canvas, moved) {
  const whole = { min: /** @type {const} */ ('original'), max: /** @type {const} */ ('original') };
  const settle = (/** @type {{ chart: Chart }} */ { chart }) => {
    yieldTouch(canvas, chart.isZoomedOrPanned());
    moved?.();
  };
  return {
    limits: { x: whole, y: whole },
    pan: {
      enabled: true,
      mode: /** @type {const} */ ('xy'),
      // The whole map has nowhere to go: let the page scroll instead.
      onPanComplete: () => moved?.(),
      onPanStart: (/** @type {any} */ { chart }) => chart.isZoomedOrPanned(),
    },
    zoom: {
      wheel: { enabled: true },
      pinch: { enabled: true },
      mode: /** @type {const} */ ('xy'),
      // The same for a wheel that would zoom out of the whole map.
      onZoomStart: (/** @type {any} */ { chart, event }) =>
        !(event.deltaY > 0) || chart.isZoomedOrPanned(),
      onZoomComplete: settle,
    },
  };
}

/**
 * Leave upward and downward swipes to the page while the map is whole.
 * @param {HTMLCanvasElement} canvas
 * @param {boolean} zoomed
 */
function yieldTouch(canvas, zoomed) {
  canvas.style.touchAction = zoomed ? 'none' : 'pan-y';
}
