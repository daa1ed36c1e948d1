import { segmentColourVariable } from '../colours.js';
import { percent } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';
import { section } from '../ui/section.js';
import { editButton } from './edit.js';

/** @import { Model } from '../types.js' */

/**
 * A model's segments with what is said of them, which can be changed.
 * @param {Model} model
 * @param {{ saved: () => void, signal: AbortSignal }} options
 */
export function segmentTexts(model, { saved, signal }) {
  return section(
    { heading: t('segmentsTitle'), hint: t('textsHint') },
    el(
      'ul',
      { class: 'grid grid-cols-1 gap-3 md:grid-cols-2' },
      model.segments.map((segment) => {
        const { cluster_id: id, persona, description, action, size, share } = segment;
        return el(
          'li',
          {
            class: 'flex flex-col gap-2 rounded-lg border border-l-4 border-line p-4 text-sm',
            style: { 'border-left-color': segmentColourVariable(id) },
            'data-cluster': id,
          },
          el(
            'div',
            { class: 'flex items-start gap-2.5' },
            marker(id, 'mt-1 size-4'),
            el(
              'div',
              { class: 'min-w-0 flex-1' },
              el('h3', { class: 'text-base font-semibold break-words' }, persona),
              el(
                'p',
                { class: 'text-muted tabular-nums' },
                `${t('clusterId', { id })} · ${t('customersCount', { count: size })} · ${percent(share)}`,
              ),
            ),
            editButton({ version: model.model_version, segment, saved, signal }),
          ),
          el('p', { class: 'break-words' }, description),
          el('p', { class: 'break-words text-muted' }, `${t('recommended')}: ${action}`),
        );
      }),
    ),
  );
}
