import { fetchView } from '../api.js';
import { cellPainting } from './cells.js';

/** @import { View } from '../types.js' */
/** @import { Axes } from './axes.js' */
/** @import { MapPoint } from './points.js' */

/** The reader has stopped moving the map for so many milliseconds. */
const pause = 120;

/**
 * Whether the server can answer windows of a map: it knows columns of numbers and components.
 * @param {Axes} axes
 */
export function hasWindows({ x, y }) {
  return x.kind !== 'segments' && y.kind !== 'segments';
}

/**
 * A map of more customers than the page holds. Where the reader looks, the server is asked anew:
 * for all customers there if they are few, else for counts in cells and a sample.
 * @param {object} options
 * @param {Axes} options.axes
 * @param {Set<number>} options.hidden cluster ids not shown
 * @param {(view: View) => void} options.told hears of what is shown
 * @param {() => void} options.failed hears that the server could not answer
 * @param {AbortSignal} options.signal
 */
export function mapWindows({ axes, hidden, told, failed, signal }) {
  const cells = cellPainting();
  /** @type {import('./scatter.js').Scatter | null} */
  let chart = null;
  let asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout>} */
  let waiting;

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const both = AbortSignal.any([signal, asking.signal]);
    const range = chart?.range() ?? null;
    try {
      const view = await fetchView(
        { x: axes.x.key, y: axes.y.key, hide: [...hidden], range },
        both,
      );
      if (both.aborted || !chart) return;
      cells.show(view);
      chart.show(pointsOf(view, axes), range ? null : view);
      told(view);
    } catch {
      if (!both.aborted) failed();
    }
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, pause);
  }

  signal.addEventListener('abort', () => clearTimeout(waiting));
  return {
    plugin: cells.plugin,
    soon,
    repaint: cells.repaint,
    /** @param {import('./scatter.js').Scatter} drawn */
    begin(drawn) {
      chart = drawn;
      return ask();
    },
  };
}

/**
 * The customers of a view as points of the map, by segment.
 * @param {View} view
 * @param {Axes} axes
 * @returns {Map<number, MapPoint[]>}
 */
export function pointsOf({ points }, axes) {
  /** @type {Map<number, MapPoint[]>} */
  const groups = new Map();
  for (const [x, y, clusterId] of points) {
    const row = {
      [axes.x.title]: axes.x.read(x),
      [axes.y.title]: axes.y.read(y),
      Cluster: clusterId,
    };
    const group = groups.get(clusterId);
    if (group) group.push({ x, y, row });
    else groups.set(clusterId, [{ x, y, row }]);
  }
  for (const group of groups.values()) group.sort((a, b) => a.x - b.x);
  return groups;
}
