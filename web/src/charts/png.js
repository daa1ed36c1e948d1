import { segmentColour } from '../colours.js';
import { theme } from '../theme.js';
import { chartColours } from './setup.js';

/** @import { Segment } from '../types.js' */

/** The room at the sides. */
const edge = 16;

/**
 * Save a chart as a picture that can stand alone: with a background, a title and a legend.
 * @param {HTMLCanvasElement} chart
 * @param {{ title: string, segments: Segment[], file: string }} options
 */
export function downloadPng(chart, { title, segments, file }) {
  const ratio = chart.width / chart.clientWidth;
  const picture = document.createElement('canvas');
  const ctx = picture.getContext('2d');
  if (!ctx) return;
  const { fontFamily } = getComputedStyle(document.documentElement);
  const small = `12px ${fontFamily}`;
  ctx.font = small;
  const legend = places(ctx, segments, chart.clientWidth);
  const head = (legend.bottom + 18) * ratio;
  // A new size clears the canvas and its settings.
  picture.width = chart.width;
  picture.height = chart.height + head;
  const { ink, muted, panel } = chartColours();
  ctx.fillStyle = panel;
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.drawImage(chart, 0, head);
  ctx.scale(ratio, ratio);
  ctx.fillStyle = ink;
  ctx.font = `600 16px ${fontFamily}`;
  ctx.fillText(title, edge, 28);
  ctx.font = small;
  for (const { segment, x, y } of legend.entries) {
    ctx.fillStyle = segmentColour(segment.cluster_id, theme());
    ctx.fillRect(x, y, 10, 10);
    ctx.fillStyle = muted;
    ctx.fillText(segment.persona, x + 15, y + 9);
  }
  picture.toBlob((blob) => blob && save(blob, file));
}

/**
 * Where the legend's entries stand, in as many lines as they need.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Segment[]} segments
 * @param {number} width
 */
function places(ctx, segments, width) {
  let x = edge;
  let y = 44;
  const entries = segments.map((segment) => {
    const end = 15 + ctx.measureText(segment.persona).width;
    if (x > edge && x + end > width - edge) {
      x = edge;
      y += 18;
    }
    const entry = { segment, x, y };
    x += end + 18;
    return entry;
  });
  return { entries, bottom: y + 10 };
}

/**
 * @param {Blob} blob
 * @param {string} file
 */
function save(blob, file) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  // The browser has taken the blob by the next turn, and its address can go.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
