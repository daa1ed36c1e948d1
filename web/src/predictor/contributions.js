import { segmentColourVariable } from '../colours.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { bar, unfold } from '../ui/section.js';
import { speaksFor } from '../words/answer.js';

/** @import { Contribution } from '../types.js' */

/** With more features than this, the loudest come first and the rest are folded away. */
const most = 6;

/**
 * What each feature says: for the segment, or for the runner-up, the longer the bar the louder.
 * @param {Contribution[]} parts
 * @param {string} persona
 * @param {string} runnerUp
 * @param {number} clusterId
 */
export function contributions(parts, persona, runnerUp, clusterId) {
  const loudness = (/** @type {Contribution} */ part) => Math.abs(part.toward_segment);
  const loudest = Math.max(...parts.map(loudness));
  const sorted = parts.length > most ? [...parts].sort((a, b) => loudness(b) - loudness(a)) : parts;
  const few = parts.length > most ? sorted.slice(0, most - 1) : sorted;
  const rest = sorted.slice(few.length);
  return [rows(few), rest.length > 0 && folded(rest)];

  /** @param {Contribution[]} some */
  function folded(some) {
    const summary = t('moreFeatures', { count: some.length });
    return unfold(summary, 'mt-3', el('div', { class: 'mt-3' }, rows(some)));
  }

  /** @param {Contribution[]} some */
  function rows(some) {
    return el('ul', { class: 'grid gap-3' }, some.map(row));
  }

  /** @param {Contribution} part */
  function row({ column, toward_segment: weight }) {
    const share = loudest === 0 ? 0 : Math.abs(weight) / loudest;
    const colour = weight > 0 ? segmentColourVariable(clusterId) : 'var(--color-edge)';
    return el(
      'li',
      { class: 'text-sm' },
      el(
        'div',
        { class: 'mb-1 flex flex-wrap justify-between gap-x-3' },
        el('span', { class: 'min-w-0 break-words' }, column),
        el('span', { class: 'text-muted' }, speaksFor(weight, persona, runnerUp)),
      ),
      bar(share, colour),
    );
  }
}
