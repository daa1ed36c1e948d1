import { el, uniqueId } from './dom.js';

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
 * @param {import('./dom.js').Child[]} children
 */
export function section({ heading, hint, tools, classes = '' }, ...children) {
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
        el('h2', { id, class: 'text-base font-semibold' }, heading),
        hint && el('p', { class: 'mt-0.5 text-sm text-muted' }, hint),
      ),
      tools,
    ),
    ...children,
  );
}

/**
 * A bar as long as a share of one.
 * @param {number} share
 * @param {string} colour a CSS colour
 */
export function bar(share, colour) {
  const width = `${Math.min(Math.max(share, 0), 1) * 100}%`;
  return el(
    'div',
    { class: 'h-2.5 overflow-hidden rounded-full bg-sunken', 'aria-hidden': 'true' },
    el('div', { class: 'h-full rounded-full', style: { width, 'background-color': colour } }),
  );
}
