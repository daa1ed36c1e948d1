import { t } from '../i18n/index.js';
import { el, uniqueId } from './dom.js';

/** @import { Child } from './dom.js' */

/**
 * Open a dialog above the page. The browser keeps the focus within it, closes it on Escape, and
 * gives the focus back to what opened it.
 * @param {object} options
 * @param {string} options.heading
 * @param {string} [options.classes]
 * @param {AbortSignal} options.signal the view that asks is gone
 * @param {() => void} [options.closed]
 * @param {(close: () => void) => Child} content
 */
export function openDialog({ heading, classes = 'max-w-md', signal, closed }, content) {
  const id = uniqueId('dialog');
  const dialog = el('dialog', {
    class: `panel m-auto max-h-[90dvh] w-[calc(100%-2rem)] overflow-y-auto p-5 text-ink backdrop:bg-black/50 sm:p-6 ${classes}`,
    'aria-labelledby': id,
  });
  const close = () => dialog.close();
  dialog.append(
    el('h2', { id, class: 'mb-3 text-lg font-semibold break-words' }, heading),
    el('div', { class: 'grid grid-cols-1 gap-4' }, content(close)),
  );
  dialog.addEventListener('close', () => {
    signal.removeEventListener('abort', close);
    dialog.remove();
    closed?.();
  });
  signal.addEventListener('abort', close);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Ask before something is done.
 * @param {{ heading: string, text: Child, yes: string, signal: AbortSignal }} question
 * @returns {Promise<boolean>}
 */
export function confirm({ heading, text, yes, signal }) {
  return new Promise((resolve) => {
    let answer = false;
    const closed = () => resolve(answer);
    openDialog({ heading, signal, closed }, (close) => [
      el('p', { class: 'text-sm break-words' }, text),
      buttons(
        el(
          'button',
          { type: 'button', class: 'button', autofocus: true, on: { click: close } },
          t('cancel'),
        ),
        el(
          'button',
          {
            type: 'button',
            class: 'button button-primary',
            on: {
              click: () => {
                answer = true;
                close();
              },
            },
          },
          yes,
        ),
      ),
    ]);
  });
}

/**
 * The row of buttons that ends a dialog.
 * @param {Child[]} children
 */
export function buttons(...children) {
  return el('div', { class: 'flex flex-wrap justify-end gap-2' }, children);
}
