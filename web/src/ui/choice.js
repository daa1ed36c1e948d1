import { el } from './dom.js';

/**
 * A small group of buttons of which one is pressed.
 * @template {string} Value
 * @param {object} options
 * @param {string} options.label
 * @param {{ value: Value, name: string, face: import('./dom.js').Child }[]} options.options
 * @param {Value} options.chosen
 * @param {(value: Value) => void} options.choose
 */
export function choice({ label, options, chosen, choose }) {
  const buttons = options.map(({ value, name, face }) =>
    el(
      'button',
      {
        type: 'button',
        class:
          'inline-flex h-8 min-w-8 items-center justify-center rounded-md px-1.5 text-xs font-semibold text-muted hover:text-ink aria-pressed:bg-panel aria-pressed:text-ink aria-pressed:shadow-sm',
        'aria-label': name,
        title: name,
        'aria-pressed': String(value === chosen),
        on: { click: () => press(value) },
      },
      face,
    ),
  );

  /** @param {Value} value */
  function press(value) {
    buttons.forEach((button, index) =>
      button.setAttribute('aria-pressed', String(options[index].value === value)),
    );
    choose(value);
  }

  return el(
    'div',
    { role: 'group', 'aria-label': label, class: 'inline-flex rounded-lg bg-sunken p-0.5' },
    buttons,
  );
}
