/** @import { Inspection, LogColumns, Prepared, Settings } from './types.js' */
/** @import { Key } from '../i18n/index.js' */

/**
 * What is wrong with the settings: a sentence by the part that it is about.
 * @typedef {Partial<Record<'features' | 'preparation' | 'rfm' | 'n_clusters' | 'min_segment_size', Key>>} Faults
 */

/** The least and the largest weight that the server takes. */
const weights = { least: 0.001, most: 1000 };

/**
 * What keeps a training from being asked for.
 * @param {Settings} settings
 * @returns {Faults}
 */
export function faultsOf(settings) {
  const { features, prepared, isLog, count, k, least } = settings;
  /** @type {Faults} */
  const faults = {};
  if (isLog) {
    const { order, ...needed } = logOf(settings);
    const chosen = [...Object.values(needed), ...(order ? [order] : [])];
    if (chosen.includes('')) faults.rfm = 'faultLogMissing';
    else if (new Set(chosen).size < chosen.length) faults.rfm = 'faultLogTwice';
  } else {
    if (features.length === 0) faults.features = 'faultNoFeatures';
    const isWrong = (/** @type {string} */ name) => {
      const weight = prepared[name]?.weight.trim() ?? '';
      return weight !== '' && weightOf(weight) === undefined;
    };
    if (features.some(isWrong)) faults.preparation = 'faultWeight';
  }
  if (count === 'fixed' && !/^[1-9]\d{0,3}$/.test(k.trim())) faults.n_clusters = 'faultCount';
  if (least.trim() !== '' && sizeOf(least) === undefined) faults.min_segment_size = 'faultLeast';
  return faults;
}

/**
 * The order that the server is sent. What is not chosen is left to it.
 * @param {string} upload
 * @param {Inspection} inspection
 * @param {Settings} settings without faults
 * @returns {Record<string, unknown>}
 */
export function orderOf(upload, { columns }, settings) {
  const { features, prepared, isLog, count, k, least, skip } = settings;
  const order = {
    upload,
    n_clusters: count === 'auto' ? 'auto' : Number(k.trim()),
    on_error: skip ? 'skip' : 'fail',
    ...(least.trim() !== '' && { min_segment_size: sizeOf(least) }),
  };
  if (isLog) return { ...order, rfm: logOf(settings) };
  // In the order of the file, however they were chosen.
  const chosen = columns.map(({ column }) => column).filter((column) => features.includes(column));
  const preparation = chosen.flatMap((column) => stepsOf(column, prepared[column]));
  return { ...order, features: chosen, ...(preparation.length > 0 && { preparation }) };
}

/**
 * The columns of a log that are asked for.
 * @param {Settings} settings
 * @returns {Partial<LogColumns>}
 */
function logOf({ isProduct, log: { customer, date, amount, quantity, price, order } }) {
  const money = isProduct ? { quantity, price } : { amount };
  return { customer, date, ...money, ...(order !== '' && { order }) };
}

/**
 * @param {string} column
 * @param {Prepared | undefined} prepared
 */
function stepsOf(column, prepared) {
  if (!prepared) return [];
  const { scale, missing, weight } = prepared;
  const steps = [
    scale,
    missing && `missing:${missing}`,
    weight.trim() !== '' && weightOf(weight) !== 1 && `weight:${weightOf(weight)}`,
  ].filter(Boolean);
  return steps.length > 0 ? [`${column}=${steps.join(',')}`] : [];
}

/** @param {string} text with a decimal point or comma */
function weightOf(text) {
  const weight = /^\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : NaN;
  return weight >= weights.least && weight <= weights.most ? weight : undefined;
}

/**
 * A number of customers, or a share such as "5%".
 * @param {string} text
 */
function sizeOf(text) {
  const plain = text.replace(/\s/g, '').replace(',', '.');
  if (/^\d+(\.\d+)?%$/.test(plain)) return parseFloat(plain) <= 100 ? plain : undefined;
  return /^[1-9]\d*$/.test(plain) ? Number(plain) : undefined;
}
