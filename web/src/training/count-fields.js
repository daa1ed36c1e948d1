import { t } from '../i18n/index.js';
import { el, uniqueId } from '../ui/dom.js';
import { textField } from '../ui/fields.js';

/** @import { Settings } from './types.js' */

/**
 * How many segments there are to be, how large, and what becomes of rows with mistakes.
 * @param {{ settings: Settings, changed: () => void }} options
 */
export function countFields({ settings, changed }) {
  const name = uniqueId('count');
  const k = el('input', {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    class: 'field w-20 tabular-nums',
    'aria-label': t('numberOfSegments'),
    'aria-describedby': 'fault-n_clusters',
    on: {
      input: () => {
        settings.k = k.value;
        changed();
      },
    },
  });
  k.value = settings.k;
  k.disabled = settings.count === 'auto';

  const radio = (/** @type {Settings['count']} */ value) => {
    const control = el('input', {
      type: 'radio',
      name,
      value,
      class: 'size-4 shrink-0 accent-accent',
      on: {
        change: () => {
          settings.count = value;
          k.disabled = value === 'auto';
          changed();
        },
      },
    });
    control.checked = settings.count === value;
    return control;
  };

  const skip = el('input', {
    type: 'checkbox',
    class: 'mt-0.5 size-4 shrink-0 accent-accent',
    on: { change: () => (settings.skip = skip.checked) },
  });
  skip.checked = settings.skip;

  return el(
    'div',
    { class: 'grid gap-5 sm:grid-cols-2' },
    el(
      'fieldset',
      { class: 'grid content-start gap-1' },
      el('legend', { class: 'mb-1.5 text-sm font-medium' }, t('numberOfSegments')),
      el('label', { class: 'flex items-center gap-2.5 text-sm' }, radio('auto'), t('countAuto')),
      el(
        'div',
        { class: 'flex items-center gap-2.5 text-sm' },
        el('label', { class: 'flex items-center gap-2.5' }, radio('fixed'), t('countFixed')),
        k,
      ),
    ),
    textField({
      label: t('leastSize'),
      hint: t('leastSizeHint'),
      describedBy: 'fault-min_segment_size',
      value: settings.least,
      input: (value) => {
        settings.least = value;
        changed();
      },
    }),
    el(
      'label',
      { class: 'flex items-start gap-2.5 text-sm sm:col-span-2' },
      skip,
      el(
        'span',
        {},
        el('span', { class: 'font-medium' }, t('skipRows')),
        el('span', { class: 'block text-muted' }, t('skipRowsHint')),
      ),
    ),
  );
}
