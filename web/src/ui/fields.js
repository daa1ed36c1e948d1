import { el, uniqueId } from './dom.js';

/**
 * A choice list with its label.
 * @param {object} options
 * @param {string} options.label
 * @param {string} [options.labelClass] `sr-only` where a heading says the same
 * @param {string} [options.describedBy]
 * @param {{ value: string, name: string }[]} options.options
 * @param {string} options.value
 * @param {(value: string) => void} options.choose
 */
export function selectField({ label, labelClass, describedBy, options, value, choose }) {
  const id = uniqueId('select');
  const control = el(
    'select',
    {
      id,
      class: 'field',
      'aria-describedby': describedBy,
      on: { change: () => choose(control.value) },
    },
    options.map((option) => el('option', { value: option.value }, option.name)),
  );
  control.value = value;
  return el(
    'div',
    { class: 'min-w-0' },
    el('label', { for: id, class: labelClass ?? 'mb-1.5 block text-sm font-medium' }, label),
    control,
  );
}

/**
 * A line of text with its label, and perhaps a hint.
 * @param {object} options
 * @param {string} options.label
 * @param {string} [options.labelClass]
 * @param {string} [options.hint]
 * @param {string} [options.describedBy]
 * @param {string} options.value
 * @param {'numeric' | 'decimal' | 'text'} [options.inputmode]
 * @param {string} [options.placeholder]
 * @param {(value: string) => void} options.input
 */
export function textField(options) {
  const { label, labelClass, hint, describedBy, value, inputmode, placeholder, input } = options;
  const id = uniqueId('text');
  const described = [hint && `${id}-hint`, describedBy].filter(Boolean).join(' ');
  const control = el('input', {
    id,
    type: 'text',
    class: 'field tabular-nums placeholder:text-muted',
    autocomplete: 'off',
    inputmode,
    placeholder,
    'aria-describedby': described || null,
    on: { input: () => input(control.value) },
  });
  control.value = value;
  return el(
    'div',
    { class: 'min-w-0' },
    el('label', { for: id, class: labelClass ?? 'mb-1.5 block text-sm font-medium' }, label),
    control,
    hint && el('p', { id: `${id}-hint`, class: 'mt-1 text-xs text-muted' }, hint),
  );
}
