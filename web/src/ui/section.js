import { t } from '../i18n/index.js';
import { el, uniqueId } from './dom.js';
import { icon } from './icons.js';

/**
 * The heading of a view. It takes the focus when the view changes.
 * @param {string} heading
 * @param {string} intro
 */
export function viewHeading(heading, intro) {
  return el(
    'div',
    { class: 'mb-6' },
    el('h1', { class: 'text-2xl font-semibold tracking-tight', tabindex: '-1' }, heading),
    el('p', { class: 'mt-1 text-muted' }, intro),
  );
}

/**
 * A panel with a heading, and perhaps a hint and tools beside it.
 * @param {object} parts
 * @param {string} parts.heading
 * @param {import('./dom.js').Child} [parts.hint]
 * @param {import('./dom.js').Child} [parts.tools]
 * @param {string} [parts.classes]
 * @param {boolean} [parts.takesFocus] whether the heading can be given the focus
 * @param {import('./dom.js').Child[]} children
 */
export function section({ heading, hint, tools, classes = '', takesFocus }, ...children) {
  const id = uniqueId('section');
  return el(
    'section',
    { class: `panel min-w-0 p-4 sm:p-6 ${classes}`, 'aria-labelledby': id },
    el(
      'div',
      { class: 'mb-4 flex flex-wrap items-start justify-between gap-3' },
      el(
        'div',
        { class: 'min-w-0 flex-1 basis-60' },
        el(
          'h2',
          { id, class: 'text-base font-semibold break-words', tabindex: takesFocus ? '-1' : null },
          heading,
        ),
        hint && el('p', { class: 'mt-0.5 text-sm text-muted' }, hint),
      ),
      tools,
    ),
    ...children,
  );
}

/**
 * Something to mind.
 * @param {import('./dom.js').Child} text
 * @param {string} [classes]
 */
export function caution(text, classes = 'mt-4') {
  return el(
    'div',
    { class: `${classes} flex gap-2.5 rounded-lg bg-warn-soft p-3 text-sm` },
    icon('alert', 'mt-0.5 size-4 text-warn'),
    el('p', { class: 'min-w-0 break-words' }, text),
  );
}

/**
 * What went wrong.
 * @param {import('./dom.js').Child} text
 */
export function trouble(text) {
  return el(
    'div',
    { class: 'flex gap-2.5 rounded-lg border border-bad p-3 text-sm' },
    icon('alert', 'mt-0.5 size-4 text-bad'),
    el('p', { class: 'min-w-0 break-words' }, text),
  );
}

/**
 * A bar as long as a share of one.
 * @param {number} share
 * @param {string} colour a CSS colour
 * @param {string} [height] a Tailwind class
 */
export function bar(share, colour, height = 'h-2.5') {
  const width = `${Math.min(Math.max(share, 0), 1) * 100}%`;
  return el(
    'div',
    { class: `${height} overflow-hidden rounded-full bg-sunken`, 'aria-hidden': 'true' },
    el('div', { class: 'h-full rounded-full', style: { width, 'background-color': colour } }),
  );
}

/**
 * What can be unfolded.
 * @param {string} summary
 * @param {string} classes
 * @param {import('./dom.js').Child[]} children
 */
export function unfold(summary, classes, ...children) {
  return el(
    'details',
    { class: `text-sm ${classes}` },
    el('summary', { class: 'w-fit rounded text-muted hover:text-ink' }, summary),
    ...children,
  );
}

/**
 * A table that says the same as a chart, folded away; a wide one scrolls by itself.
 * @param {HTMLTableElement} table
 * @param {string} [hint]
 */
export function tableDetails(table, hint) {
  const place = { tabindex: '0', role: 'group', 'aria-label': t('asTable') };
  return unfold(
    t('asTable'),
    'mt-4',
    hint && el('p', { class: 'mt-3 text-muted' }, hint),
    // The words for screen readers stand outside the flow, and must not stand outside the frame.
    el('div', { class: 'relative mt-3 overflow-x-auto', ...place }, table),
  );
}
