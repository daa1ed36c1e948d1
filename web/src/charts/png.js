import { segmentColour } from '../colours.js';
import { theme } from '../theme.js';
import { chartColours } from './setup.js';

/** @import { Segment } from '../types.js' */

/**
 * Save a chart as a picture that can stand alone: with a background, a title and a legend.
 * @param {HTMLCanvasElement} chart
 * @param {{ title: string, segments: Segment[], file: string }} options
 */
export function downloadPng(chart, { title, segments, file }) {
  const ratio = chart.width / chart.clientWidth;
  const head = 72 * ratio;
  const picture = document.createElement('canvas');
  picture.width = chart.width;
  picture.height = chart.height + head;
  const ctx = picture.getContext('2d');
  if (!ctx) return;
  const { ink, muted, panel } = chartColours();
  const { fontFamily } = getComputedStyle(document.documentElement);
  ctx.fillStyle = panel;
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.drawImage(chart, 0, head);
  ctx.scale(ratio, ratio);
  ctx.fillStyle = ink;
  ctx.font = `600 16px ${fontFamily}`;
  ctx.fillText(title, 16, 28);
  ctx.font = `12px ${fontFamily}`;
  let x = 16;
  for (const { cluster_id: id, persona } of segments) {
    ctx.fillStyle = segmentColour(id, theme());
    ctx.fillRect(x, 44, 10, 10);
    ctx.fillStyle = muted;
    ctx.fillText(persona, x + 15, 53);
    x += 15 + ctx.measureText(persona).width + 18;
  }
  picture.toBlob((blob) => blob && save(blob, file));
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
