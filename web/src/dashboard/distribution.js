import { segmentColourVariable } from '../colours.js';
import { percent } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';
import { bar, section } from '../ui/section.js';

/** @import { Model } from '../types.js' */

/**
 * How the customers spread over the segments, the largest first.
 * @param {Model} model
 */
export function distribution({ segments }) {
  const bySize = [...segments].sort((a, b) => b.size - a.size);
  const largest = bySize[0]?.share ?? 1;
  return section(
    { heading: t('distributionTitle') },
    el(
      'ul',
      { class: 'grid gap-4' },
      bySize.map(({ cluster_id: id, persona, size, share }) =>
        el(
          'li',
          {},
          el(
            'div',
            { class: 'mb-1.5 flex items-baseline gap-2 text-sm' },
            marker(id, 'size-3.5 self-center'),
            el('span', { class: 'min-w-0 font-medium' }, persona),
            el(
              'span',
              { class: 'ml-auto shrink-0 text-muted tabular-nums' },
              t('customersCount', { count: size }),
            ),
            el(
              'span',
              { class: 'w-12 shrink-0 text-right font-semibold tabular-nums' },
              percent(share),
            ),
          ),
          bar(share / largest, segmentColourVariable(id)),
        ),
      ),
    ),
  );
}
