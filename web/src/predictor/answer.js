import { segmentColourVariable } from '../colours.js';
import { percent } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { marker } from '../ui/marker.js';
import { bar, caution, section } from '../ui/section.js';
import { confidenceWords, isLong, switchSentence, warningSentences } from '../words/answer.js';
import { contributions } from './contributions.js';

/** @import { Answer, Model } from '../types.js' */

/**
 * The answer about one customer: which segment, how surely, why, and what to do.
 * @param {Answer} answer
 * @param {Model} model
 */
export function answerPanel(answer, model) {
  const { cluster_id: id, persona, description, action, warnings, explain } = answer;
  const letters = isLong(persona) ? 'text-xl' : 'text-3xl';
  const runnerUp = explain?.runner_up;
  const change = explain?.switch;
  const changed = change && model.columns.find(({ column }) => column === change.column);
  return section(
    { heading: t('answerTitle'), classes: 'answer' },
    el(
      'div',
      { class: 'flex flex-wrap items-center gap-x-3 gap-y-1' },
      el(
        'div',
        { class: 'flex min-w-0 items-center gap-3' },
        marker(id, 'size-6'),
        el(
          'p',
          { class: `${letters} font-semibold tracking-tight`, 'data-persona': true },
          persona,
        ),
      ),
      el(
        'span',
        { class: 'rounded-full bg-sunken px-2 py-0.5 text-xs text-muted' },
        t('clusterId', { id }),
      ),
    ),
    el('p', { class: 'mt-2 max-w-prose' }, description),
    warningSentences(warnings, model).map((sentence) => caution(sentence)),
    el(
      'div',
      { class: 'mt-5 grid gap-x-8 gap-y-5 lg:grid-cols-2' },
      confidence(answer),
      explain && runnerUp
        ? part(t('reasons'), contributions(explain.contributions, persona, runnerUp.persona, id))
        : null,
      change &&
        part(
          t('whatWouldChange'),
          el('p', { class: 'text-sm' }, switchSentence(change, changed ?? undefined)),
        ),
    ),
    el(
      'div',
      { class: 'mt-5 flex gap-3 rounded-lg bg-sunken p-3 text-sm' },
      icon('idea', 'mt-0.5 size-4 text-muted'),
      el('p', {}, el('span', { class: 'font-medium' }, `${t('recommended')}: `), action),
    ),
  );
}

/** @param {Answer} answer */
function confidence({ cluster_id: id, confidence: sure, explain }) {
  if (sure === null || !explain?.runner_up) return null;
  const { persona } = explain.runner_up;
  return part(
    t('confidence'),
    el(
      'p',
      { class: 'mb-2 text-sm' },
      el('span', { class: 'text-lg font-semibold tabular-nums' }, percent(sure)),
      ` · ${confidenceWords(sure)}`,
    ),
    bar(sure, segmentColourVariable(id)),
    el('p', { class: 'mt-2 text-sm text-muted' }, t('runnerUp', { persona })),
  );
}

/**
 * @param {string} heading
 * @param {import('../ui/dom.js').Child[]} children
 */
function part(heading, ...children) {
  return el(
    'div',
    { class: 'min-w-0' },
    el('h3', { class: 'mb-1.5 text-xs font-medium text-muted' }, heading),
    ...children,
  );
}
