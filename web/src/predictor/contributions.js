import { segmentColourVariable } from '../colours.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { bar } from '../ui/section.js';

/** @import { Contribution } from '../types.js' */

/**
 * What each feature says: for the segment, or for the runner-up, the longer the bar the louder.
 * @param {Contribution[]} parts
 * @param {string} persona
 * @param {string} runnerUp
 * @param {number} clusterId
 */
export function contributions(parts, persona, runnerUp, clusterId) {
  const loudest = Math.max(...parts.map(({ toward_segment: weight }) => Math.abs(weight)));
  return el(
    'ul',
    { class: 'grid gap-3' },
    parts.map(({ column, toward_segment: weight }) => {
      const share = loudest === 0 ? 0 : Math.abs(weight) / loudest;
      const colour = weight > 0 ? segmentColourVariable(clusterId) : 'var(--color-edge)';
      const says =
        weight === 0
          ? t('speaksNeither')
          : t('speaksFor', { persona: weight > 0 ? persona : runnerUp });
      return el(
        'li',
        { class: 'text-sm' },
        el(
          'div',
          { class: 'mb-1 flex flex-wrap justify-between gap-x-3' },
          el('span', {}, column),
          el('span', { class: 'text-muted' }, says),
        ),
        bar(share, colour),
      );
    }),
  );
}
