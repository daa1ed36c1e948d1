import { fetchAnswer } from '../api.js';
import { assumedFor } from '../features.js';
import { t } from '../i18n/index.js';
import { formQuestions } from '../rules.js';
import { onSessionChange } from '../session/session.js';
import { el, replace } from '../ui/dom.js';
import { trouble } from '../ui/section.js';
import { errorSentence, issueSentence } from '../words/problem.js';
import { formField } from './field.js';
import { featureFields, isWide, otherFields, reveal } from './form-layout.js';

/** @import { Answer, Customer, FieldIssue, Model } from '../types.js' */
/** @import { Question } from '../rules.js' */
/** @import { Field } from './field.js' */

/**
 * What has been typed, by column: it outlasts a change of view or language, and every error.
 * @type {Map<string, string>}
 */
const draft = new Map();

onSessionChange(() => draft.clear());

/**
 * The form that asks for a customer and brings the server's answer.
 * @param {Model} model
 * @param {{ answered: (customer: Customer, answer: Answer) => void, signal: AbortSignal }} options
 */
export function customerForm(model, { answered, signal }) {
  const { features, others } = formParts(model);
  const fields = [...features, ...others].map(({ field }) => field);
  const failed = el('div', { role: 'alert' });
  const wide = isWide(features.length);
  const button = el('button', {
    type: 'submit',
    class: `button button-primary h-11 w-full ${wide ? 'sm:w-80' : ''}`,
  });
  replace(button, t('predict'));
  let asking = new AbortController();
  signal.addEventListener('abort', () => asking.abort());

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    replace(failed);
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length > 0) {
      reveal(wrong[0]);
      return;
    }
    // Only the latest question may answer.
    asking.abort();
    const mine = (asking = new AbortController());
    const customer = customerOf(fields);
    replace(button, t('predicting'));
    try {
      const answer = await fetchAnswer(customer, mine.signal);
      if (!mine.signal.aborted) answered(customer, answer);
    } catch (error) {
      if (!mine.signal.aborted) explain(error);
    } finally {
      if (mine === asking) replace(button, t('predict'));
    }
  }

  /** @param {any} error */
  function explain(error) {
    const placed = placeIssues(error.problem?.errors ?? [], fields);
    if (placed.length > 0) reveal(placed[0]);
    replace(failed, trouble(errorSentence(error)));
  }

  return el(
    'form',
    { class: 'grid gap-4', novalidate: true, on: { submit } },
    featureFields(features, { wide }),
    otherFields(others, { wide }),
    failed,
    button,
  );
}

/**
 * The fields of a form, each with what is asked.
 * @param {Model} model
 */
function formParts(model) {
  const { features, others } = formQuestions(model);
  const part = (/** @type {Question} */ question) => {
    const { column, required, decides } = question;
    const assumed = decides ? assumedFor(model, column.name) : null;
    return { question, field: formField(column, { required, decides, assumed, draft }) };
  };
  return { features: features.map(part), others: others.map(part) };
}

/**
 * @param {Field[]} fields
 * @returns {Customer}
 */
function customerOf(fields) {
  /** @type {Customer} */
  const customer = {};
  for (const { column, read } of fields) {
    const value = read();
    if (value !== undefined) customer[column.name] = value;
  }
  return customer;
}

/**
 * Put the server's complaints beside the fields they are about.
 * @param {FieldIssue[]} issues
 * @param {Field[]} fields
 * @returns {Field[]} the fields that got one
 */
function placeIssues(issues, fields) {
  return issues.flatMap((issue) => {
    const name = issue.loc.at(-1);
    const field = fields.find(({ column }) => column.name === name || column.column === name);
    field?.refuse(issueSentence(issue));
    return field ?? [];
  });
}
