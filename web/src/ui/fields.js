import { el, uniqueId } from './dom.js';
import { icon } from './icons.js';

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

/**
 * A control for a file, with its label as the button: the browser's own speaks the language of the
 * browser, and cannot be drawn like the others.
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.accept
 * @param {string} [options.buttonClass]
 * @param {(file: File) => void} options.arrive
 */
export function fileField({ label, accept, buttonClass = 'button-primary', arrive }) {
  const id = uniqueId('file');
  const control = el('input', { id, type: 'file', accept, class: 'peer sr-only', on: { change } });

  function change() {
    const file = control.files?.[0];
    // The same file can be chosen again, perhaps with a mistake mended.
    control.value = '';
    if (file) arrive(file);
  }

  return {
    control,
    label: el(
      'label',
      {
        for: id,
        class: `button ${buttonClass} cursor-pointer peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent`,
      },
      icon('upload'),
      label,
    ),
  };
}
