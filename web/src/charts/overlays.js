import { segmentColour, translucent } from '../colours.js';
import { theme } from '../theme.js';
import { regions } from './regions.js';
import { chartColours } from './setup.js';

/** @import { Plugin } from 'chart.js' */
/** @import { Point } from './regions.js' */

/**
 * @typedef {object} Centre
 * @property {number} clusterId
 * @property {string} persona
 * @property {Point} at
 */

/** With more segments than this, names on the chart would cover each other. */
export const mostNames = 8;

/** A name takes at most this share of the chart's width, or so many pixels of a narrow one. */
const nameShare = 0.35;
const leastNameWidth = 110;

/**
 * Shade, behind the points, the region of each segment that is shown.
 * @param {Centre[]} centres
 * @param {Point} scale
 * @param {Set<number>} hidden cluster ids
 * @returns {Plugin<'scatter'>}
 */
export function regionShading(centres, scale, hidden) {
  const places = centres.map(({ at }) => at);
  return {
    id: 'regionShading',
    beforeDatasetsDraw({ ctx, scales: { x, y } }) {
      const bounds = { left: x.min, right: x.max, bottom: y.min, top: y.max };
      regions(places, scale, bounds).forEach((polygon, index) => {
        const { clusterId } = centres[index];
        if (hidden.has(clusterId) || polygon.length === 0) return;
        ctx.beginPath();
        for (const [px, py] of polygon) ctx.lineTo(x.getPixelForValue(px), y.getPixelForValue(py));
        ctx.closePath();
        ctx.fillStyle = translucent(segmentColour(clusterId, theme()), 0.1);
        ctx.fill();
      });
    },
  };
}

/**
 * Draw, over the points, a ring in the middle of each segment that is shown, and its name.
 * @param {Centre[]} centres
 * @param {Set<number>} hidden cluster ids
 * @param {{ named: boolean }} options whether to write the names
 * @returns {Plugin<'scatter'>}
 */
export function centreMarks(centres, hidden, { named }) {
  return {
    id: 'centreMarks',
    afterDatasetsDraw({ ctx, chartArea, scales: { x, y } }) {
      const { ink, panel } = chartColours();
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      for (const { clusterId, persona, at } of centres) {
        if (hidden.has(clusterId) || at.some(Number.isNaN)) continue;
        const px = x.getPixelForValue(at[0]);
        const py = y.getPixelForValue(at[1]);
        ring(ctx, px, py, segmentColour(clusterId, theme()), panel);
        if (named) name(ctx, persona, px, py - 14, chartArea, ink, panel);
      }
      ctx.restore();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} px
 * @param {number} py
 * @param {string} colour
 * @param {string} halo
 */
function ring(ctx, px, py, colour, halo) {
  for (const [width, style] of /** @type {[number, string][]} */ ([
    [7, halo],
    [3, colour],
  ])) {
    ctx.beginPath();
    ctx.arc(px, py, 7, 0, 2 * Math.PI);
    ctx.lineWidth = width;
    ctx.strokeStyle = style;
    ctx.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} px
 * @param {number} py
 * @param {{ left: number, right: number }} area
 * @param {string} ink
 * @param {string} halo
 */
function name(ctx, text, px, py, area, ink, halo) {
  ctx.font = `600 12px ${getComputedStyle(document.documentElement).fontFamily}`;
  ctx.textAlign = 'center';
  const shown = shortened(
    ctx,
    text,
    Math.max(leastNameWidth, (area.right - area.left) * nameShare),
  );
  const half = ctx.measureText(shown).width / 2 + 4;
  const inside = px > area.left && px < area.right;
  const at = inside ? Math.min(Math.max(px, area.left + half), area.right - half) : px;
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4;
  ctx.strokeStyle = halo;
  ctx.strokeText(shown, at, py);
  ctx.fillStyle = ink;
  ctx.fillText(shown, at, py);
}

/**
 * A text cut at its end, with a sign of it, where it is too wide.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} most pixels
 */
function shortened(ctx, text, most) {
  let shown = text;
  for (let length = text.length; ctx.measureText(shown).width > most && length > 1;) {
    length -= 1;
    shown = `${text.slice(0, length).trimEnd()}…`;
  }
  return shown;
}

/**
 * Draw a set of points once more, over everything else.
 * @param {number} index of the dataset
 * @returns {Plugin<'scatter'>}
 */
export function onTop(index) {
  return {
    id: 'onTop',
    afterDatasetsDraw(chart) {
      chart.getDatasetMeta(index).controller.draw();
    },
  };
}
