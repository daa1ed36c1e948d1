/** @import { Dimension, Level, Missing, Model, Preparation, Segment } from './types.js' */

/**
 * The coordinates of every centre: a numeric feature has one, a categorical one has one for each
 * of its values.
 * @param {Pick<Model, 'features' | 'dimensions'>} model
 * @returns {Dimension[]}
 */
export function dimensionsOf({ features, dimensions }) {
  return dimensions ?? features.map((name, feature) => ({ name, feature }));
}

/**
 * The place of a numeric feature's coordinate in every centre; -1 for any other column.
 * @param {Pick<Model, 'features' | 'dimensions'>} model
 * @param {string} name
 */
export function dimensionOf(model, name) {
  return dimensionsOf(model).findIndex(
    ({ feature, value }) => value === undefined && model.features[feature] === name,
  );
}

/**
 * Whether a segment is low, medium or high in a numeric feature; undefined for any other column.
 * @param {Model} model
 * @param {Segment} segment
 * @param {string} name
 * @returns {Level | undefined}
 */
export function levelIn(model, { levels }, name) {
  return levels[dimensionOf(model, name)];
}

/**
 * @param {Pick<Model, 'preparation'>} model
 * @param {string} name
 * @returns {Preparation | undefined}
 */
export function preparationOf({ preparation = [] }, name) {
  return preparation.find((each) => each.name === name);
}

/**
 * What the model assumes of a customer whose feature is left empty; null when it must be given.
 * @param {Model} model
 * @param {string} name
 * @returns {Missing | null}
 */
export function assumedFor(model, name) {
  const missing = preparationOf(model, name)?.missing;
  return missing && missing.strategy !== 'refuse' ? missing : null;
}

/**
 * Whether nothing was done to a feature but to standardise its numbers.
 * @param {Preparation | undefined} preparation
 */
export function isPlain(preparation) {
  if (!preparation) return true;
  const { kind, missing, clip, log1p, scale = 'standard', weight } = preparation;
  const asItIs = !clip && !log1p && weight === 1 && missing.strategy === 'refuse';
  return kind === 'numeric' && scale === 'standard' && asItIs;
}

/**
 * Whether distances count a column's numbers evenly, however large they are: they do not where
 * the numbers were clipped or their logarithms taken.
 * @param {Preparation | undefined} preparation
 */
export function isLinear(preparation) {
  return !preparation?.clip && !preparation?.log1p;
}
