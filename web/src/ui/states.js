import { t } from '../i18n/index.js';
import { errorSentence } from '../words/problem.js';
import { el, replace } from './dom.js';
import { icon } from './icons.js';

/**
 * Grey shapes where content will be.
 * @param {string} height a Tailwind class
 * @param {number} [count]
 */
export function skeleton(height, count = 1) {
  return Array.from({ length: count }, () =>
    el('div', { class: `panel ${height} animate-pulse bg-sunken`, 'aria-hidden': 'true' }),
  );
}

/**
 * A calm sentence where there is nothing to show.
 * @param {string} sentence
 */
export function emptyState(sentence) {
  return el('p', { class: 'py-10 text-center text-sm text-muted' }, sentence);
}

/**
 * What went wrong, and a button to try again.
 * @param {string} sentence
 * @param {() => void} retry
 */
export function errorState(sentence, retry) {
  return el(
    'div',
    {
      class: 'panel flex flex-col items-center justify-center gap-4 px-6 py-10 text-center',
      role: 'alert',
    },
    icon('alert', 'size-6 text-warn'),
    el('p', { class: 'max-w-prose text-sm' }, sentence),
    el('button', { type: 'button', class: 'button', on: { click: retry } }, t('retry')),
  );
}

/**
 * Fill a part of the page with what a promise brings: shapes while it is under way, the content
 * when it comes, or a sentence and another try.
 * @template T
 * @param {HTMLElement} host
 * @param {object} options
 * @param {() => Promise<T>} options.load
 * @param {(value: T) => void} options.render fills the host
 * @param {() => Node[]} options.waiting
 * @param {(error: unknown) => string} [options.explain]
 * @param {AbortSignal} options.signal the host is gone
 */
export async function fill(host, options) {
  const { load, render, waiting, explain = errorSentence, signal } = options;
  host.setAttribute('aria-busy', 'true');
  replace(host, el('p', { class: 'sr-only', role: 'status' }, t('loading')), ...waiting());
  try {
    const value = await load();
    if (signal.aborted) return;
    replace(host);
    render(value);
  } catch (error) {
    if (signal.aborted) return;
    replace(
      host,
      errorState(explain(error), () => fill(host, options)),
    );
  } finally {
    host.removeAttribute('aria-busy');
  }
}
