/** @import { Answer, Model } from '../types.js' */

/**
 * An answer with the personas of the model at hand, which come in the page's language: an answer
 * may be older than the last change of language.
 * @param {Answer} answer
 * @param {Model} model
 * @returns {Answer}
 */
export function inPageLanguage(answer, { model_version: version, segments }) {
  if (answer.model_version !== version) return answer;
  /** @template {{ cluster_id: number, persona: string }} T @param {T} part @returns {T} */
  const renamed = (part) => {
    const segment = segments.find(({ cluster_id: id }) => id === part.cluster_id);
    return { ...part, persona: segment?.persona ?? part.persona };
  };
  const own = segments.find(({ cluster_id: id }) => id === answer.cluster_id);
  const { explain } = answer;
  return {
    ...renamed(answer),
    description: own?.description ?? answer.description,
    action: own?.action ?? answer.action,
    explain: explain && {
      ...explain,
      runner_up: explain.runner_up && renamed(explain.runner_up),
      switch: explain.switch && renamed(explain.switch),
    },
  };
}
