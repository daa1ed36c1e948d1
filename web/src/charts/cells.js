import { channels, segmentColour } from '../colours.js';
import { theme } from '../theme.js';

/** @import { Plugin } from 'chart.js' */
/** @import { View } from '../types.js' */

/** A cell with a single customer is this strong, and the fullest one is opaque. */
const faintest = 0.25;

/**
 * The strongest segment of each cell that is not empty, and how strong its colour is: by the
 * logarithm, so that cells of ten customers are seen beside cells of ten thousand.
 * @param {View} view
 * @returns {{ cell: number, clusterId: number, strength: number }[]}
 */
export function strengths({ segments }) {
  /** @type {Map<number, { clusterId: number, most: number, sum: number }>} */
  const cells = new Map();
  for (const { cluster_id: clusterId, cells: counts } of segments) {
    for (const [cell, count] of counts) {
      const known = cells.get(cell);
      if (!known) cells.set(cell, { clusterId, most: count, sum: count });
      else {
        known.sum += count;
        if (count > known.most) Object.assign(known, { clusterId, most: count });
      }
    }
  }
  const fullest = Math.log1p(Math.max(...[...cells.values()].map(({ sum }) => sum)));
  return [...cells].map(([cell, { clusterId, sum }]) => ({
    cell,
    clusterId,
    strength: faintest + (1 - faintest) * (Math.log1p(sum) / fullest),
  }));
}

/**
 * Paint, behind the points, how many customers are where. It is one picture, which is only moved
 * while the reader moves the map.
 * @returns {{ plugin: Plugin<'scatter'>, show: (view: View | null) => void, repaint: () => void }}
 */
export function cellPainting() {
  /** @type {View | null} */
  let shown = null;
  /** @type {HTMLCanvasElement | null} */
  let picture = null;
  const repaint = () => {
    picture = shown && !shown.is_complete ? paint(shown) : null;
  };
  return {
    show(view) {
      shown = view;
      repaint();
    },
    repaint,
    plugin: {
      id: 'cellPainting',
      beforeDatasetsDraw({ ctx, chartArea, scales: { x, y } }) {
        if (!picture || !shown) return;
        const [left, right] = shown.x.map((value) => x.getPixelForValue(value));
        const [bottom, top] = shown.y.map((value) => y.getPixelForValue(value));
        ctx.save();
        ctx.beginPath();
        ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
        ctx.clip();
        ctx.imageSmoothingEnabled = false;
        ctx.drawImage(picture, left, top, right - left, bottom - top);
        ctx.restore();
      },
    },
  };
}

/**
 * @param {View} view
 * @returns {HTMLCanvasElement | null}
 */
function paint(view) {
  const canvas = document.createElement('canvas');
  canvas.width = view.columns;
  canvas.height = view.rows;
  const ctx = canvas.getContext('2d');
  if (!ctx) return null;
  const image = ctx.createImageData(view.columns, view.rows);
  for (const { cell, clusterId, strength } of strengths(view)) {
    const column = cell % view.columns;
    // Cells are counted from the lower left, pixels from the upper left.
    const line = view.rows - 1 - Math.floor(cell / view.columns);
    const colour = [...channels(segmentColour(clusterId, theme())), Math.round(strength * 255)];
    image.data.set(colour, 4 * (line * view.columns + column));
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}
