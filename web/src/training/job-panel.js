import { moment } from '../format.js';
import { t } from '../i18n/index.js';
import { confirmActivation } from '../models/actions.js';
import { modelAddress } from '../router.js';
import { model, onForget } from '../store.js';
import { confirm } from '../ui/dialog.js';
import { el, labelOf, replace } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { trouble } from '../ui/section.js';
import { errorSentence } from '../words/problem.js';
import { progressSentence, stageSentence, stateWord } from '../words/job.js';
import { endJob } from './api.js';
import { progressCurve } from './curve.js';
import { follow, isOver } from './follow.js';

/** @import { Job } from './types.js' */

/**
 * A training: how far it is, and what came of it.
 * @param {Job} first
 * @param {{ forgotten: () => void, signal: AbortSignal }} options
 */
export function jobPanel(first, { forgotten, signal }) {
  let job = first;
  const state = el('span', { class: 'rounded-full bg-sunken px-2.5 py-0.5 text-xs font-medium' });
  // Each stage is read out once; the figures beside it change too often for that.
  const stage = el('p', { class: 'text-sm', role: 'status' });
  const figures = el('p', { class: 'text-sm text-muted tabular-nums' });
  const connection = el('p', { class: 'text-sm text-warn empty:hidden', role: 'status' });
  const failed = el('div', { class: 'empty:hidden', role: 'alert' });
  const outcome = el('div', { class: 'empty:hidden' });
  const progress = el('progress', {
    class: 'progress',
    'aria-label': t('jobProgress', { name: job.name }),
  });
  const curve = progressCurve(signal);
  const actions = el('div', { class: 'flex flex-wrap gap-2' });
  const panel = el(
    'article',
    { class: 'grid grid-cols-1 gap-3 rounded-lg border border-line p-4', 'data-job': job.id },
    el(
      'div',
      { class: 'flex flex-wrap items-baseline gap-x-3 gap-y-1' },
      el('h3', { class: 'min-w-0 font-medium break-words', tabindex: '-1' }, job.name),
      state,
      el('span', { class: 'text-xs text-muted' }, moment(job.created_at)),
    ),
    stage,
    progress,
    figures,
    connection,
    curve.node,
    outcome,
    failed,
    actions,
  );

  /** @param {Job} now */
  function show(now) {
    const hasChanged = now.state !== job.state || now.is_cancelling !== job.is_cancelling;
    job = now;
    panel.setAttribute('data-state', job.state);
    replace(state, stateWord(job));
    const sentence = stageSentence(job);
    if (stage.textContent !== sentence) replace(stage, sentence);
    progress.hidden = isOver(job);
    if (job.state === 'running' && job.by_k.length > 0) {
      progress.max = job.k_max;
      progress.value = job.by_k.at(-1)?.k ?? 0;
    } else progress.removeAttribute('value');
    replace(figures, progressSentence(job));
    figures.hidden = isOver(job);
    curve.show(job);
    if (isOver(job)) replace(connection);
    if (hasChanged) showActions();
  }

  function showActions() {
    const hadFocus = actions.contains(document.activeElement);
    replace(outcome, job.problem && trouble(el('span', { lang: 'en' }, job.problem.detail)));
    replace(actions, isOver(job) ? [...results(job), forgetButton()] : cancelButton());
    // The button that was pressed may be gone.
    if (hadFocus) panel.querySelector('h3')?.focus({ preventScroll: true });
  }

  function cancelButton() {
    return el(
      'button',
      {
        type: 'button',
        class: 'button',
        'aria-disabled': job.is_cancelling ? 'true' : null,
        on: { click: cancel },
      },
      icon('cancel'),
      labelOf(t(job.is_cancelling ? 'jobCancelling' : 'jobCancel'), job.name),
    );
  }

  async function cancel() {
    if (job.is_cancelling) return;
    const sure = await confirm({
      heading: t('jobCancel'),
      text: t('jobCancelText', { name: job.name }),
      yes: t('jobCancel'),
      signal,
    });
    // It may have ended while the question stood there.
    if (sure && !isOver(job)) await attempt(() => endJob(job.id));
  }

  function forgetButton() {
    return el(
      'button',
      {
        type: 'button',
        class: 'button',
        on: { click: () => attempt(() => endJob(job.id).then(forgotten)) },
      },
      labelOf(t('jobForget'), job.name),
    );
  }

  /**
   * What can be done with the model that was learned.
   * @param {Job} job
   */
  function results({ version }) {
    if (!version) return [];
    const place = el('div', { class: 'flex flex-wrap gap-2' });
    const look = () =>
      model().then(
        (live) => !signal.aborted && replace(place, modelLinks(version, live.model_version)),
        () => replace(place, modelLinks(version, null)),
      );
    look();
    onForget(look, signal);
    return [place];
  }

  /**
   * @param {string} version
   * @param {string | null} live
   */
  function modelLinks(version, live) {
    if (version === live) {
      return [
        el('p', { class: 'self-center text-sm' }, t('jobIsLive', { version })),
        el('a', { class: 'button', href: '#/dashboard' }, t('toDashboard')),
      ];
    }
    return [
      el('a', { class: 'button', href: modelAddress(version) }, t('compareWithLive')),
      el(
        'button',
        {
          type: 'button',
          class: 'button button-primary',
          on: { click: () => attempt(() => confirmActivation(version, signal)) },
        },
        t('activate'),
      ),
    ];
  }

  /** @param {() => Promise<unknown>} act */
  async function attempt(act) {
    replace(failed);
    try {
      await act();
    } catch (error) {
      if (!signal.aborted) replace(failed, trouble(errorSentence(error)));
    }
  }

  show(first);
  showActions();
  if (!isOver(first)) {
    const lost = () => {
      replace(connection, t('jobLost'));
      progress.hidden = true;
      replace(actions);
    };
    const connected = (/** @type {boolean} */ is) =>
      replace(connection, !is && t('jobReconnecting'));
    follow(first.id, { changed: show, lost, connected }, signal);
  }
  return panel;
}
