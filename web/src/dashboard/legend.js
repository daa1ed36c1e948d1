import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';

/** @import { Segment } from '../types.js' */

/**
 * A button for each segment that shows and hides it.
 * @param {Segment[]} segments
 * @param {Set<number>} hidden changed by the buttons
 * @param {() => void} changed
 */
export function legend(segments, hidden, changed) {
  const button = (/** @type {Segment} */ { cluster_id: id, persona }) => {
    const control = el(
      'button',
      {
        type: 'button',
        class:
          'inline-flex min-h-8 items-center gap-2 rounded-full border border-line px-3 py-1 text-left text-sm hover:bg-sunken aria-[pressed=false]:text-muted aria-[pressed=false]:line-through aria-[pressed=false]:[&_svg]:opacity-35',
        'aria-pressed': String(!hidden.has(id)),
        on: { click: toggle },
      },
      marker(id),
      persona,
    );
    function toggle() {
      const show = hidden.delete(id);
      if (!show) hidden.add(id);
      control.setAttribute('aria-pressed', String(show));
      changed();
    }
    return control;
  };
  return el(
    'div',
    { role: 'group', 'aria-label': t('legend'), class: 'flex min-w-0 flex-wrap gap-2' },
    segments.map(button),
  );
}
