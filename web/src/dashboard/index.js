import { fetchDrift } from '../api.js';
import { t } from '../i18n/index.js';
import { customersOf, model, onForget } from '../store.js';
import { el } from '../ui/dom.js';
import { viewHeading } from '../ui/section.js';
import { fill, skeleton } from '../ui/states.js';
import { errorSentence } from '../words/problem.js';
import { keyFigures } from './figures.js';
import { distribution } from './distribution.js';
import { driftPanel } from './drift.js';
import { elbow } from './elbow.js';
import { customerMap } from './map.js';
import { preparation } from './preparation.js';
import { segmentCards } from './segments.js';

/** @import { Model } from '../types.js' */

/**
 * @param {HTMLElement} host
 * @param {AbortSignal} signal
 */
export function showDashboard(host, signal) {
  const body = el('div', { class: 'grid gap-5' });
  host.append(viewHeading(t('dashboard'), t('dashboardIntro')), body);
  let drawn = new AbortController();
  const open = () => {
    drawn.abort();
    drawn = new AbortController();
    const current = AbortSignal.any([signal, drawn.signal]);
    fill(body, {
      load: model,
      render: (known) => render(body, known, current),
      waiting: () => [...skeleton('h-28'), ...skeleton('h-96'), ...skeleton('h-72')],
      signal: current,
    });
  };
  onForget(open, signal);
  open();
}

/**
 * @param {HTMLElement} host
 * @param {Model} known
 * @param {AbortSignal} signal
 */
function render(host, known, signal) {
  const map = el('div', { class: 'grid min-w-0 xl:col-span-2' });
  host.append(
    keyFigures(known),
    el(
      'div',
      { class: 'grid gap-5 xl:grid-cols-3' },
      map,
      el(
        'div',
        { class: 'grid min-w-0 content-start gap-5' },
        distribution(known),
        elbow(known, signal),
      ),
    ),
    segmentCards(known, signal),
  );
  const drift = el('div', { class: 'grid min-w-0' });
  host.append(drift);
  fill(drift, {
    load: () => fetchDrift(signal),
    render: (found) => drift.append(driftPanel(found)),
    waiting: () => skeleton('h-28'),
    signal,
  });
  const prepared = preparation(known);
  if (prepared) host.append(prepared);
  fill(map, {
    load: () => customersOf(known),
    render: (customers) => customerMap(map, known, customers, signal),
    waiting: () => skeleton('h-[34rem]'),
    explain: (error) =>
      /** @type {any} */ (error)?.problem?.status === 503
        ? t('statsUnavailable')
        : errorSentence(error),
    signal,
  });
}
