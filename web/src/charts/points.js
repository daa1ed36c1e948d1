import { title } from '../format.js';
import { t } from '../i18n/index.js';
import { columnNamed } from '../rules.js';

/** @import { Column, Model, Row, Segment } from '../types.js' */
/** @import { Centre } from './overlays.js' */

/**
 * The two columns of a map. Without a second numeric column, the segments themselves are the
 * vertical axis: `y` is then null.
 * @typedef {{ x: Column, y: Column | null }} Axes
 */

/** @typedef {{ x: number, y: number, row: Row }} MapPoint */

/**
 * The axes to begin with: the model's features first.
 * @param {Model} model
 * @param {Column[]} numeric
 * @returns {Axes}
 */
export function firstAxes({ features }, numeric) {
  const first = numeric.filter(({ name }) => features.includes(name));
  const others = numeric.filter(({ name }) => !features.includes(name));
  const [x, y = null] = [...first, ...others];
  return { x, y };
}

/**
 * Where a customer stands on the map; null when a value is missing.
 * @param {Row} row
 * @param {Axes} axes
 * @returns {MapPoint | null}
 */
export function pointOf(row, { x, y }) {
  const across = row[x.column];
  const upward = y ? row[y.column] : row.Cluster;
  if (typeof across !== 'number' || typeof upward !== 'number') return null;
  return { x: across, y: upward, row };
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
  for (const row of rows) {
    const point = pointOf(row, axes);
    if (!point) continue;
    const group = groups.get(Number(row.Cluster));
    if (group) group.push(point);
    else groups.set(Number(row.Cluster), [point]);
  }
  for (const group of groups.values()) group.sort((a, b) => a.x - b.x);
  return groups;
}

/**
 * The middle of each segment on the map.
 * @param {Model} model
 * @param {Axes} axes
 * @returns {Centre[]}
 */
export function centresOf(model, { x, y }) {
  return model.segments.map((segment) => ({
    clusterId: segment.cluster_id,
    persona: segment.persona,
    at: [middle(model, segment, x), y ? middle(model, segment, y) : segment.cluster_id],
  }));
}

/**
 * @param {Model} model
 * @param {Segment} segment
 * @param {Column} column
 */
function middle({ features }, segment, { name }) {
  const feature = features.indexOf(name);
  if (feature >= 0) return segment.center[feature];
  return segment.profile.numeric.find((profile) => profile.name === name)?.mean ?? NaN;
}

/**
 * The scale of both axes when the map shows all that the model decides by; null when it does not,
 * for then no region on it would be true.
 * @param {Model} model
 * @param {Axes} axes
 * @returns {[number, number] | null}
 */
export function decisionScale({ features, scaler }, { x, y }) {
  if (!y || x === y || features.length !== 2) return null;
  const [across, upward] = [x, y].map(({ name }) => features.indexOf(name));
  return across < 0 || upward < 0 ? null : [scaler.scale_[across], scaler.scale_[upward]];
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
 * The lines that tell a customer's own row.
 * @param {Row} row
 */
export function rowLines({ Cluster, Persona, ...cells }) {
  return Object.entries(cells).map(([column, value]) => `${column}: ${value ?? '–'}`);
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
 * What an axis is called.
 * @param {Column | null} column
 */
export function axisTitle(column) {
  return column ? column.column : t('segmentAxis');
}

/**
 * A name for a file of the map.
 * @param {Axes} axes
 */
export function fileName({ x, y }) {
  const words = [title(x.column), y ? title(y.column) : t('segmentAxis')].join(' ');
  return `segmenta-${words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}.png`;
}
