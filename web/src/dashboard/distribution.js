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
            { class: 'mb-1.5 flex flex-wrap items-baseline gap-x-2 text-sm' },
            el(
              'span',
              { class: 'flex min-w-0 items-baseline gap-2 font-medium' },
              marker(id, 'size-3.5 self-center'),
              persona,
            ),
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
