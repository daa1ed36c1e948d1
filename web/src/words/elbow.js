import { list } from '../format.js';
import { t } from '../i18n/index.js';

/** @import { Model, QualityIndex } from '../types.js' */

/** @type {Record<QualityIndex, string>} */
const names = {
  silhouette: 'Silhouette',
  calinski_harabasz: 'Calinski-Harabasz',
  davies_bouldin: 'Davies-Bouldin',
};

const reasons = /** @type {const} */ ({
  elbow: 'elbowByElbow',
  silhouette: 'elbowBySilhouette',
  single: 'elbowBySingle',
});

/**
 * Why this many segments, and which quality indices would have it otherwise.
 * @param {Pick<Model, 'n_clusters' | 'elbow'>} model
 */
export function elbowWords({ n_clusters: used, elbow }) {
  const advised = elbow.n_clusters;
  const sentences = [t(reasons[elbow.method], { k: advised })];
  if (used !== advised) sentences.push(t('elbowForced', { k: used }));

  // The index that decided cannot also count as a witness.
  const witnesses = /** @type {QualityIndex[]} */ (Object.keys(names)).filter(
    (index) => index !== elbow.method && elbow.advice[index] !== null,
  );
  const agreeing = witnesses.filter((index) => elbow.advice[index] === advised);
  const differing = witnesses.filter((index) => elbow.advice[index] !== advised);
  if (agreeing.length > 0) {
    const agreed = list(agreeing.map((index) => names[index]));
    sentences.push(t('elbowAgree', { names: agreed, count: agreeing.length }));
  }
  for (const index of differing) {
    sentences.push(t('elbowDiffer', { name: names[index], k: elbow.advice[index] ?? '' }));
  }
  return sentences.join(' ');
}
