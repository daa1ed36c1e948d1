import { dimensionOf, dimensionsOf, isLinear, preparationOf } from '../features.js';
import { title } from '../format.js';
import { t } from '../i18n/index.js';
import { columnNamed } from '../rules.js';

/** @import { Model, Row } from '../types.js' */
/** @import { Axes, Axis } from './axes.js' */
/** @import { Centre } from './overlays.js' */

/** @typedef {{ x: number, y: number, row: Row }} MapPoint */

/** A customer's row is told in up to this many lines. */
const mostLines = 12;

/**
 * Where a customer stands on the map; null when a value is missing.
 * @param {Row} row
 * @param {Axes} axes
 * @param {number} [index] the row's place in the data
 * @returns {MapPoint | null}
 */
export function pointOf(row, axes, index) {
  const x = axes.x.place(row, index);
  const y = axes.y.place(row, index);
  return x === null || y === null ? null : { x, y, row };
}

/**
 * The customers' points by segment, each list from left to right: Chart.js is told that they are
 * sorted, and need not look.
 * @param {Row[]} rows
 * @param {Axes} axes
 * @returns {Map<number, MapPoint[]>}
 */
export function pointsBySegment(rows, axes) {
  /** @type {Map<number, MapPoint[]>} */
  const groups = new Map();
  rows.forEach((row, index) => {
    const point = pointOf(row, axes, index);
    if (!point) return;
    const group = groups.get(Number(row.Cluster));
    if (group) group.push(point);
    else groups.set(Number(row.Cluster), [point]);
  });
  for (const group of groups.values()) group.sort((a, b) => a.x - b.x);
  return groups;
}

/**
 * The number of customers whom a map has no place for: a value of theirs is missing.
 * @param {Row[]} rows
 * @param {Axes} axes
 */
export function countLeftOut(rows, axes) {
  return rows.filter((row, index) => !pointOf(row, axes, index)).length;
}

/**
 * The middle of each segment on the map.
 * @param {Model} model
 * @param {Axes} axes
 * @returns {Centre[]}
 */
export function centresOf({ segments }, { x, y }) {
  return segments.map((segment) => ({
    clusterId: segment.cluster_id,
    persona: segment.persona,
    at: [x.middle(segment), y.middle(segment)],
  }));
}

/**
 * The scale of both axes when the map shows all that the model decides by; null when it does not,
 * for then no region on it would be true. Where a feature was clipped or its logarithm taken, or
 * one weighs more than the other, borders are not where the plain scale would have them.
 * @param {Model} model
 * @param {Axes} axes
 * @returns {[number, number] | null}
 */
export function decisionScale(model, { x, y }) {
  if (x.key === y.key || dimensionsOf(model).length !== 2) return null;
  const [across, upward] = [x, y].map(({ key }) => dimensionOf(model, key));
  if (across < 0 || upward < 0) return null;
  const [first, second] = [x, y].map(({ key }) => preparationOf(model, key));
  const even = isLinear(first) && isLinear(second) && first?.weight === second?.weight;
  return even ? [model.scaler.scale_[across], model.scaler.scale_[upward]] : null;
}

/**
 * The least and the greatest of an axis, with a little room around the points.
 * @param {Iterable<MapPoint>} points
 * @param {'x' | 'y'} axis
 */
export function extent(points, axis) {
  let min = Infinity;
  let max = -Infinity;
  for (const point of points) {
    min = Math.min(min, point[axis]);
    max = Math.max(max, point[axis]);
  }
  const room = (max - min) * 0.05 || 1;
  return min <= max ? { min: min - room, max: max + room } : {};
}

/**
 * The lines that tell a customer's own row. Of a long one they are the columns that matter most,
 * in the order of the file.
 * @param {Row} row
 * @param {string[]} [telling] headers, the most telling first
 */
export function rowLines({ Cluster, Persona, ...cells }, telling = []) {
  const headers = Object.keys(cells);
  const rank = (/** @type {string} */ header) => telling.indexOf(header) + 1 || Infinity;
  const kept =
    headers.length > mostLines
      ? new Set([...headers].sort((a, b) => compare(rank(a), rank(b))).slice(0, mostLines - 1))
      : new Set(headers);
  const lines = headers
    .filter((header) => kept.has(header))
    .map((header) => `${header}: ${cells[header] ?? '–'}`);
  const more = headers.length - kept.size;
  return more > 0 ? [...lines, t('moreColumns', { count: more })] : lines;
}

/**
 * @param {number} a
 * @param {number} b
 */
function compare(a, b) {
  // Two infinities have no difference.
  return a === b ? 0 : a - b;
}

/**
 * The headers to tell of a customer first: what the map shows, then what the model decides by.
 * @param {Model} model
 * @param {Axes} axes
 */
export function tellingHeaders(model, { x, y }) {
  const shown = [x, y].flatMap(({ column }) => column?.column ?? []);
  return [...shown, ...model.features.map((name) => columnNamed(model, name).column)];
}

/**
 * A new customer as a row of the data, with the original headers.
 * @param {Record<string, string | number>} customer
 * @param {Model} model
 * @param {number} clusterId
 * @returns {Row}
 */
export function rowOf(customer, model, clusterId) {
  const cells = Object.entries(customer).map(([name, value]) => [
    columnNamed(model, name).column,
    value,
  ]);
  return { ...Object.fromEntries(cells), Cluster: clusterId };
}

/**
 * A name for a file of the map.
 * @param {Axes} axes
 */
export function fileName({ x, y }) {
  const words = [x, y].map((/** @type {Axis} */ axis) => title(axis.title)).join(' ');
  return `segmenta-${words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}.png`;
}
