import { moment } from '../format.js';
import { t } from '../i18n/index.js';
import { may } from '../session/session.js';
import { onForget } from '../store.js';
import { el, replace } from '../ui/dom.js';
import { selectField } from '../ui/fields.js';
import { icon } from '../ui/icons.js';
import { section, trouble, viewHeading } from '../ui/section.js';
import { emptyState, fill, skeleton } from '../ui/states.js';
import { errorSentence } from '../words/problem.js';
import { confirmActivation } from './actions.js';
import { fetchComparison, fetchKeptModel, fetchModels } from './api.js';
import { liveBadge } from './card.js';
import { comparisonParts } from './comparison.js';
import { exportLinks } from './exports.js';
import { segmentTexts } from './segment-texts.js';

/** @import { Model } from '../types.js' */
/** @import { Models } from './types.js' */

/**
 * One model: its segments and their texts, beside another model.
 * @param {HTMLElement} host
 * @param {string} version
 * @param {AbortSignal} signal
 */
export function showModel(host, version, signal) {
  const status = el('div', { role: 'status', class: 'text-sm text-muted empty:hidden' });
  const failed = el('div', { role: 'alert', class: 'empty:hidden' });
  const body = el('div', { class: 'grid grid-cols-1 gap-5' });
  const heading = viewHeading(t('modelFoot', { version }), t('modelIntro'));
  /** @type {string | null} */
  let other = null;
  const open = () =>
    fill(body, {
      load: () => Promise.all([fetchModels(), fetchKeptModel(version)]),
      render: ([models, model]) => render(models, model),
      waiting: () => [...skeleton('h-14'), ...skeleton('h-72')],
      signal,
    });
  host.append(heading, el('div', { class: 'grid grid-cols-1 gap-4' }, status, failed, body));
  onForget(open, signal);
  open();

  /**
   * @param {Models} models
   * @param {Model} model
   */
  function render(models, model) {
    const isLive = models.active === version;
    const beside = el('div', { class: 'grid min-w-0 grid-cols-1 gap-5' });
    const others = models.models.filter((each) => each.version !== version);
    if (!others.some((each) => each.version === other)) other = isLive ? null : models.active;
    let comparing = new AbortController();

    function compare() {
      comparing.abort();
      comparing = new AbortController();
      const current = AbortSignal.any([signal, comparing.signal]);
      if (other === null) return replace(beside, emptyState(t('compareNone')));
      const with_ = other;
      fill(beside, {
        load: () => Promise.all([fetchComparison(version, with_, current), fetchKeptModel(with_)]),
        render: ([comparison, second]) =>
          beside.append(...comparisonParts(comparison, { model, second, signal: current })),
        waiting: () => skeleton('h-72', 2),
        signal: current,
      });
    }

    const texts = may('admin')
      ? segmentTexts(model, { signal, saved: () => replace(status, t('textsSaved')) })
      : '';
    body.append(
      toolbar(isLive),
      exportLinks(version),
      texts,
      section(
        {
          heading: t('compareTitle'),
          tools:
            others.length > 0 &&
            selectField({
              label: t('compareWith'),
              options: [
                ...(other === null ? [{ value: '', name: t('pleaseChoose') }] : []),
                ...others.map((each) => ({
                  value: each.version,
                  name: each.is_active
                    ? t('compareLive', { version: each.version })
                    : `${each.version} (${moment(each.created_at)})`,
                })),
              ],
              value: other ?? '',
              choose: (value) => {
                other = value || null;
                compare();
              },
            }),
        },
        beside,
      ),
    );
    compare();
  }

  /** @param {boolean} isLive */
  function toolbar(isLive) {
    return el(
      'div',
      { class: 'flex flex-wrap items-center gap-2' },
      el('a', { class: 'button', href: '#/models' }, icon('back'), t('toModels')),
      isLive && liveBadge(),
      !isLive &&
        may('admin') &&
        el(
          'button',
          { type: 'button', class: 'button button-primary', on: { click: activate } },
          icon('check'),
          t('activate'),
        ),
    );
  }

  async function activate() {
    replace(failed);
    try {
      if (!(await confirmActivation(version, signal)) || signal.aborted) return;
      replace(status, t('activated', { version }));
      heading.querySelector('h1')?.focus();
    } catch (error) {
      if (!signal.aborted) replace(failed, trouble(errorSentence(error)));
    }
  }
}
