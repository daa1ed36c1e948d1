import { measure, number, percent } from '../format.js';
import { dimensionOf, dimensionsOf } from '../features.js';
import { t } from '../i18n/index.js';
import { numericColumns } from '../rules.js';

/** @import { Column, Model, Projected, Row, Segment } from '../types.js' */

/**
 * What an axis of the map shows: a column of numbers, a principal component, or the segments in
 * strips beside each other.
 * @typedef {object} Axis
 * @property {string} key tells it from the model's other axes
 * @property {'feature' | 'column' | 'component' | 'segments'} kind
 * @property {string} title
 * @property {Column} [column]
 * @property {(row: Row, index?: number) => number | null} place where a customer stands, who has an
 *   index in the data unless they are new; null when that is not known
 * @property {(segment: Segment) => number} middle of a segment; NaN when it has none
 * @property {(value: number) => string} read a value as the reader sees it
 */

/** @typedef {{ x: Axis, y: Axis }} Axes */

/** So much of a strip's height is filled with customers. */
const stripFilled = 0.64;
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * The axes of a model's map: its features, then other columns of numbers, then the principal
 * components. The segments are an axis where there is but one thing to show them by.
 * @param {Model} model
 * @param {Projected['points'] | null} [points] the customers on the principal components
 * @param {[number, number] | null} [newcomer] a new customer on them, who has no index in the data
 * @returns {Axis[]}
 */
export function mapAxes(model, points = null, newcomer = null) {
  const columns = columnAxes(model, numericColumns(model));
  const components = points ? componentAxes(model, points, newcomer) : [];
  const single = dimensionsOf(model).length === 1 || columns.length + components.length === 1;
  return [...columns, ...components, ...(single ? [segmentsAxis(model)] : [])];
}

/**
 * @param {Model} model
 * @param {Column[]} columns
 * @returns {Axis[]} the features first
 */
export function columnAxes(model, columns) {
  const axes = columns.map((column) => columnAxis(model, column));
  const features = axes.filter(({ kind }) => kind === 'feature');
  return [...features, ...axes.filter(({ kind }) => kind !== 'feature')];
}

/**
 * The axes to begin with: the two directions in which customers differ most where the model knows
 * them, else its features. Null when there is nothing to show.
 * @param {Model} model
 * @param {Axis[]} axes
 * @returns {Axes | null}
 */
export function firstAxes(model, axes) {
  const components = axes.filter(({ kind }) => kind === 'component');
  const strips = axes.find(({ kind }) => kind === 'segments');
  const columns = axes.filter(({ kind }) => kind === 'feature' || kind === 'column');
  if (components.length === 2) return { x: components[0], y: components[1] };
  const [x, y = segmentsAxis(model)] = strips ? [columns[0], strips] : columns;
  return x ? { x, y } : null;
}

/**
 * @param {Model} model
 * @param {Column} column
 * @returns {Axis}
 */
function columnAxis(model, column) {
  const { name, column: header } = column;
  const dimension = dimensionOf(model, name);
  return {
    key: name,
    kind: model.features.includes(name) ? 'feature' : 'column',
    title: header,
    column,
    place: (row) => numberOrNull(row[header]),
    middle: ({ center, profile }) =>
      dimension >= 0
        ? center[dimension]
        : (profile.numeric.find((each) => each.name === name)?.mean ?? NaN),
    read: (value) => measure(value, column),
  };
}

/**
 * @param {Model} model
 * @param {Projected['points']} points
 * @param {[number, number] | null} newcomer
 * @returns {Axis[]}
 */
function componentAxes(model, points, newcomer) {
  const { projection } = model;
  if (!projection) return [];
  const places = placesOf(model);
  return projection.explained_variance_ratio.map((share, which) => ({
    key: `:component-${which + 1}`,
    kind: 'component',
    title: t('component', { number: which + 1, share: percent(share) }),
    place: (_row, index) => numberOrNull((index === undefined ? newcomer : points[index])?.[which]),
    middle: ({ cluster_id: id }) => projection.centers[places.get(id) ?? -1]?.[which] ?? NaN,
    read: (value) => number(value, 2),
  }));
}

/**
 * A strip for each segment. Customers are spread over its height, evenly and always in the same
 * way, so that they do not cover each other.
 * @param {Model} model
 * @returns {Axis}
 */
export function segmentsAxis(model) {
  const places = placesOf(model);
  const spread = (/** @type {number} */ index) =>
    (((index + 1) * goldenRatio) % 1) * stripFilled - stripFilled / 2;
  return {
    key: ':segments',
    kind: 'segments',
    title: t('segmentAxis'),
    place: ({ Cluster }, index) => {
      const strip = places.get(Number(Cluster)) ?? null;
      return strip === null || index === undefined ? strip : strip + spread(index);
    },
    middle: ({ cluster_id: id }) => places.get(id) ?? NaN,
    read: (value) => number(value),
  };
}

/**
 * Where each segment stands in the model, by its id: between ids there may be gaps.
 * @param {Model} model
 * @returns {Map<number, number>}
 */
function placesOf({ segments }) {
  return new Map(segments.map(({ cluster_id: id }, place) => [id, place]));
}

/** @param {unknown} value */
function numberOrNull(value) {
  return typeof value === 'number' ? value : null;
}
