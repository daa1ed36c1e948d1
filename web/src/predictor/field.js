import { number } from '../format.js';
import { t } from '../i18n/index.js';
import { language } from '../i18n/language.js';
import { checkNumber } from '../rules.js';
import { el, replace, uniqueId } from '../ui/dom.js';
import { assumedHint } from '../words/answer.js';
import { issueSentence } from '../words/problem.js';
import { valueWord } from '../words/segment.js';

/** @import { Column, Missing } from '../types.js' */

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
 * @typedef {object} FieldOptions
 * @property {boolean} required
 * @property {boolean} [decides] whether the segment depends on it
 * @property {Missing | null} [assumed] what the model assumes when the field is left empty
 * @property {Map<string, string>} draft keeps what is typed
 */

/**
 * @param {Column} column
 * @param {FieldOptions} options
 * @returns {Field}
 */
export function formField(column, options) {
  const choices = choicesOf(column);
  return choices ? choiceField(column, choices, options) : numberField(column, options);
}

/**
 * @param {Column} column
 * @param {FieldOptions} options
 * @returns {Field}
 */
function numberField(column, options) {
  const { required, decides, assumed, draft } = options;
  const id = uniqueId('field');
  const { quantiles } = column;
  const hint = hintLine(id, [
    quantiles && t('trainingRange', { min: number(quantiles.min), max: number(quantiles.max) }),
    assumed ? assumedHint(assumed, column) : undefined,
  ]);
  const message = messageLine(id);
  const control = el('input', {
    id,
    name: column.name,
    class: 'field tabular-nums placeholder:text-muted',
    type: 'text',
    placeholder: typeof assumed?.value === 'number' ? number(assumed.value, 2) : null,
    inputmode: 'decimal',
    autocomplete: 'off',
    required,
    'aria-describedby': `${id}-hint ${id}-message`,
    on: { input, blur: () => control.value !== '' && check() },
  });
  control.value = draft.get(column.name) ?? '';

  const verdict = () =>
    checkNumber(control.value, column, { required, decides, language: language() });

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
    node: el('div', { class: 'min-w-0' }, label(id, column, options), control, hint, message.node),
    read: () => verdict().value,
    check,
    refuse: (sentence) => message.show(control, sentence, true),
  };
}

/** @typedef {{ value: number | string, word: string }} Choice */

/**
 * What a column can be, where that is not any number: its values, or yes and no.
 * @param {Column} column
 * @returns {Choice[] | undefined}
 */
function choicesOf({ column: header, values, is_yes_no: isYesNo }) {
  if (isYesNo) return [1, 0].map((value) => ({ value, word: valueWord('', value ? 'Yes' : 'No') }));
  return values?.map((value) => ({ value, word: valueWord(header, value) }));
}

/**
 * @param {Column} column
 * @param {Choice[]} choices
 * @param {FieldOptions} options
 * @returns {Field}
 */
function choiceField(column, choices, options) {
  const { required, assumed, draft } = options;
  const id = uniqueId('field');
  const hint = hintLine(id, [assumed ? assumedHint(assumed, column) : undefined]);
  const message = messageLine(id);
  const control = el(
    'select',
    {
      id,
      name: column.name,
      class: 'field',
      required,
      'aria-describedby': `${id}-hint ${id}-message`,
      on: { change: () => (draft.set(column.name, control.value), message.clear(control)) },
    },
    el('option', { value: '' }, t(required ? 'pleaseChoose' : 'notGiven')),
    choices.map(({ value, word }) => el('option', { value: String(value) }, word)),
  );
  control.value = draft.get(column.name) ?? '';
  // The draft may be of another model, without such a value.
  if (control.selectedIndex < 0) control.value = '';

  function check() {
    const given = !required || control.value !== '';
    if (!given) message.show(control, issueSentence({ type: 'missing' }), true);
    return given;
  }

  return {
    column,
    control,
    node: el('div', { class: 'min-w-0' }, label(id, column, options), control, hint, message.node),
    read: () => choices.find(({ value }) => String(value) === control.value)?.value,
    check,
    refuse: (sentence) => message.show(control, sentence, true),
  };
}

/**
 * The name of a field; one that the model can do without says so.
 * @param {string} id
 * @param {Column} column
 * @param {FieldOptions} options
 */
function label(id, { column }, { assumed }) {
  return el(
    'label',
    { for: id, class: 'mb-1.5 block text-sm font-medium break-words' },
    column,
    assumed && el('span', { class: 'font-normal text-muted' }, ` (${t('optional')})`),
  );
}

/**
 * @param {string} id
 * @param {(string | undefined)[]} sentences
 */
function hintLine(id, sentences) {
  const known = sentences.filter((sentence) => sentence !== undefined);
  return el(
    'p',
    {
      id: `${id}-hint`,
      class: known.length > 0 ? 'mt-1 text-xs break-words text-muted' : undefined,
    },
    known.join('. '),
  );
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
