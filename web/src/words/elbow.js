import { list } from '../format.js';
import { t } from '../i18n/index.js';

/** @import { Criterion, ElbowRow, Model } from '../types.js' */

/** @typedef {Exclude<Criterion, 'elbow'>} Index */

/**
 * The figures beside WCSS, in the order of the table.
 * @type {{ index: Index, name: string }[]}
 */
const known = [
  { index: 'silhouette', name: 'Silhouette' },
  { index: 'calinski_harabasz', name: 'Calinski-Harabasz' },
  { index: 'davies_bouldin', name: 'Davies-Bouldin' },
];

const reasons = /** @type {const} */ ({
  elbow: 'elbowByElbow',
  silhouette: 'elbowBySilhouette',
  single: 'elbowBySingle',
});

/**
 * The figures that a model has for each k.
 * @param {ElbowRow[]} rows
 * @returns {typeof known}
 */
export function indicesOf(rows) {
  const measured = rows.some(({ stability }) => typeof stability === 'number');
  return measured ? [...known, { index: 'stability', name: t('stability') }] : known;
}

/**
 * Why this many segments, and which criteria would have it otherwise.
 * @param {Pick<Model, 'n_clusters' | 'elbow'>} model
 */
export function elbowWords({ n_clusters: used, elbow }) {
  const advised = elbow.n_clusters;
  const sentences = [t(reasonOf(elbow), { k: advised })];
  if (used !== advised) sentences.push(t('elbowForced', { k: used }));

  // The criterion that decided cannot also count as a witness.
  const witnesses = witnessesOf(elbow).filter(({ criterion }) => criterion !== elbow.method);
  const agreeing = witnesses.filter(({ k }) => k === advised);
  const differing = witnesses.filter(({ k }) => k !== advised);
  if (agreeing.length > 0) {
    const agreed = list(agreeing.map(({ name }) => name));
    sentences.push(t('elbowAgree', { names: agreed, count: agreeing.length }));
  }
  for (const { name, k } of differing) sentences.push(t('elbowDiffer', { name, k }));
  if (differing.length > agreeing.length + 1) sentences.push(t('elbowDisagree'));
  return sentences.join(' ');
}

/**
 * What decided, as the key of its sentence.
 * @param {Model['elbow']} elbow
 */
function reasonOf({ method, advice }) {
  // The curve has a knee all the same: the silhouette goes before it where groups are natural.
  if (method === 'silhouette' && typeof advice.elbow === 'number') return 'elbowByGroups';
  return reasons[method] ?? 'elbowAdvised';
}

/**
 * What each criterion takes for the best k, where it has an answer.
 * @param {Model['elbow']} elbow
 */
function witnessesOf({ advice, by_k: rows }) {
  /** @type {{ criterion: Criterion, name: string }[]} */
  const criteria = [
    { criterion: 'elbow', name: t('elbowCriterion') },
    ...indicesOf(rows).map(({ index, name }) => ({ criterion: index, name })),
  ];
  return criteria.flatMap(({ criterion, name }) => {
    const k = advice[criterion];
    return typeof k === 'number' ? { criterion, name, k } : [];
  });
}
