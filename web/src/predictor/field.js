import { number } from '../format.js';
import { t } from '../i18n/index.js';
import { language } from '../i18n/language.js';
import { checkNumber } from '../rules.js';
import { el, replace, uniqueId } from '../ui/dom.js';
import { issueSentence } from '../words/problem.js';
import { valueWord } from '../words/segment.js';

/** @import { Column } from '../types.js' */

/**
 * A field of the form. `read` gives its value, undefined when it is left empty or wrong.
 * @typedef {object} Field
 * @property {Column} column
 * @property {HTMLElement} node
 * @property {HTMLInputElement | HTMLSelectElement} control
 * @property {() => number | string | undefined} read
 * @property {() => boolean} check say what is wrong; true when nothing is
 * @property {(sentence: string) => void} refuse say what the server found wrong
 */

/**
 * @param {Column} column
 * @param {{ required: boolean, draft: Map<string, string> }} options the draft keeps what is typed
 * @returns {Field}
 */
export function formField(column, options) {
  return column.kind === 'categorical'
    ? choiceField(column, options)
    : numberField(column, options);
}

/**
 * @param {Column} column
 * @param {{ required: boolean, draft: Map<string, string> }} options
 * @returns {Field}
 */
function numberField(column, { required, draft }) {
  const id = uniqueId('field');
  const { quantiles } = column;
  const hint = el('p', { id: `${id}-hint`, class: 'mt-1 text-xs text-muted' });
  if (quantiles) {
    replace(hint, t('trainingRange', { min: number(quantiles.min), max: number(quantiles.max) }));
  }
  const message = messageLine(id);
  const control = el('input', {
    id,
    name: column.name,
    class: 'field tabular-nums',
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    required,
    'aria-describedby': `${id}-hint ${id}-message`,
    on: { input, blur: () => control.value !== '' && check() },
  });
  control.value = draft.get(column.name) ?? '';

  const verdict = () => checkNumber(control.value, column, { required, language: language() });

  function input() {
    draft.set(column.name, control.value);
    const { problem } = verdict();
    // Nobody is told off for a field they have only just emptied.
    if (problem?.type === 'missing') message.clear(control);
    else check();
  }

  function check() {
    const { problem, warning } = verdict();
    if (problem) message.show(control, issueSentence(problem), true);
    else if (warning) message.show(control, issueSentence(warning), false);
    else message.clear(control);
    return !problem;
  }

  return {
    column,
    control,
    node: el('div', {}, label(id, column.column), control, hint, message.node),
    read: () => verdict().value,
    check,
    refuse: (sentence) => message.show(control, sentence, true),
  };
}

/**
 * @param {Column} column
 * @param {{ required: boolean, draft: Map<string, string> }} options
 * @returns {Field}
 */
function choiceField(column, { draft }) {
  const id = uniqueId('field');
  const message = messageLine(id);
  const control = el(
    'select',
    {
      id,
      name: column.name,
      class: 'field',
      'aria-describedby': `${id}-message`,
      on: { change: () => (draft.set(column.name, control.value), message.clear(control)) },
    },
    el('option', { value: '' }, t('notGiven')),
    column.values?.map((value) => el('option', { value }, valueWord(column.column, value))),
  );
  control.value = draft.get(column.name) ?? '';
  return {
    column,
    control,
    node: el('div', {}, label(id, column.column), control, message.node),
    read: () => control.value || undefined,
    check: () => true,
    refuse: (sentence) => message.show(control, sentence, true),
  };
}

/**
 * @param {string} id
 * @param {string} text
 */
function label(id, text) {
  return el('label', { for: id, class: 'mb-1.5 block text-sm font-medium' }, text);
}

/**
 * The line beneath a field that says what is wrong with it, or what to mind.
 * @param {string} id
 */
function messageLine(id) {
  const node = el('p', { id: `${id}-message`, class: 'text-sm', 'aria-live': 'polite' });
  return {
    node,
    /**
     * @param {HTMLElement} control
     * @param {string} sentence
     * @param {boolean} bad
     */
    show(control, sentence, bad) {
      // The same words again would be read out again.
      if (node.textContent !== sentence) replace(node, sentence);
      node.className = `mt-1 text-sm ${bad ? 'text-bad' : 'text-warn'}`;
      control.setAttribute('aria-invalid', String(bad));
    },
    /** @param {HTMLElement} control */
    clear(control) {
      replace(node);
      control.removeAttribute('aria-invalid');
    },
  };
}
