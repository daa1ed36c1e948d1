import { percent } from '../format.js';
import { t } from '../i18n/index.js';

/** @import { Key } from '../i18n/index.js' */
/** @import { Compared, Quality } from '../models/types.js' */

/** @type {{ least: number, key: Key }[]} */
const surenesses = [
  { least: 0.9, key: 'surenessHigh' },
  { least: 0.6, key: 'surenessFair' },
  { least: 0, key: 'surenessLow' },
];

const kinds = /** @type {const} */ ({
  kept: 'segmentKept',
  new: 'segmentNew',
  vanished: 'segmentVanished',
});

/**
 * How sure it is that two segments are the same, in words.
 * @param {number} sureness from 0 to 1
 */
export function surenessWords(sureness) {
  const found = surenesses.find(({ least }) => sureness >= least);
  const words = t(found?.key ?? 'surenessLow');
  return t('surenessWords', { words, share: percent(sureness) });
}

/**
 * What becomes of a segment.
 * @param {Compared} segment
 */
export function changeWords({ kind, sureness }) {
  const word = t(kinds[kind]);
  return kind === 'kept' && sureness !== null ? `${word}: ${surenessWords(sureness)}` : word;
}

/** @type {Partial<Record<keyof Quality, 'higher' | 'lower'>>} */
const directions = {
  silhouette: 'higher',
  calinski_harabasz: 'higher',
  davies_bouldin: 'lower',
};

/**
 * Which model is better by a figure; null where neither is, or where it says nothing of that: WCSS
 * falls with every further segment.
 * @param {keyof Quality} figure
 * @param {number | null} live
 * @param {number | null} candidate
 * @returns {'live' | 'candidate' | null}
 */
export function better(figure, live, candidate) {
  const direction = directions[figure];
  if (!direction || live === null || candidate === null || live === candidate) return null;
  return live > candidate === (direction === 'higher') ? 'live' : 'candidate';
}
