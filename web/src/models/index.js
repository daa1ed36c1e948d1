import { t } from '../i18n/index.js';
import { may } from '../session/session.js';
import { onForget } from '../store.js';
import { el, replace } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { caution, trouble, unfold, viewHeading } from '../ui/section.js';
import { fill, skeleton } from '../ui/states.js';
import { errorSentence } from '../words/problem.js';
import { confirmActivation, confirmDeletion, confirmRollBack } from './actions.js';
import { fetchModels } from './api.js';
import { modelCard } from './card.js';

/** @import { Models } from './types.js' */

/**
 * The models that are kept, the newest first.
 * @param {HTMLElement} host
 * @param {AbortSignal} signal
 */
export function showModels(host, signal) {
  const status = el('div', { role: 'status', class: 'text-sm text-muted empty:hidden' });
  const failed = el('div', { role: 'alert', class: 'empty:hidden' });
  const list = el('div', { class: 'grid grid-cols-1 gap-4' });
  const open = () =>
    fill(list, {
      load: fetchModels,
      render: (models) => render(models),
      waiting: () => skeleton('h-40', 2),
      signal,
    });
  const heading = viewHeading(t('models'), t('modelsIntro'));
  const note = !may('admin') && caution(t('needsAdmin'));
  host.append(heading, el('div', { class: 'grid grid-cols-1 gap-4' }, note, status, failed, list));
  onForget(open, signal);
  open();

  /** @param {Models} models */
  function render({ active, previous, models, damaged = [] }) {
    list.append(
      el(
        'div',
        { class: 'flex flex-wrap gap-2', hidden: !may('admin') },
        el('a', { class: 'button button-primary', href: '#/train' }, icon('plus'), t('trainNew')),
        previous !== null &&
          el(
            'button',
            {
              type: 'button',
              class: 'button',
              on: {
                click: () =>
                  attempt(
                    () => confirmRollBack(previous, signal),
                    t('activated', { version: previous }),
                  ),
              },
            },
            icon('back'),
            t('rollBack'),
          ),
      ),
      el(
        'ul',
        { class: 'grid grid-cols-1 gap-4' },
        models.map((model) =>
          el(
            'li',
            {},
            modelCard(model, {
              active,
              activate: () =>
                attempt(
                  () => confirmActivation(model.version, signal),
                  t('activated', { version: model.version }),
                ),
              remove: () =>
                attempt(
                  () => confirmDeletion(model.version, signal),
                  t('modelDeleted', { version: model.version }),
                  open,
                ),
              signal,
            }),
          ),
        ),
      ),
      damaged.length > 0 ? damagedModels(damaged) : '',
    );
  }

  /**
   * Do something that the reader confirms first, and say what came of it.
   * @param {() => Promise<boolean>} act
   * @param {string} done
   * @param {() => Promise<void>} [after]
   */
  async function attempt(act, done, after) {
    replace(failed);
    try {
      if (!(await act()) || signal.aborted) return;
      replace(status, done);
      await after?.();
      // What was pressed is gone with the old list.
      heading.querySelector('h1')?.focus();
    } catch (error) {
      if (!signal.aborted) replace(failed, trouble(errorSentence(error)));
    }
  }
}

/** @param {NonNullable<Models['damaged']>} damaged */
function damagedModels(damaged) {
  return el(
    'div',
    {},
    caution(t('modelsDamaged', { count: damaged.length }), ''),
    unfold(
      t('modelsDamagedShow'),
      'mt-2',
      el(
        'ul',
        { class: 'mt-2 grid gap-1 break-words', lang: 'en' },
        damaged.map(({ version, problem }) =>
          el('li', {}, el('span', { class: 'font-mono' }, version), `: ${problem}`),
        ),
      ),
    ),
  );
}
