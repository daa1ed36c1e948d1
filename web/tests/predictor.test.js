import { afterEach, describe, expect, test, vi } from 'vitest';
import { chooseLanguage } from '../src/i18n/language.js';
import { answerPanel } from '../src/predictor/answer.js';
import { customerForm } from '../src/predictor/form.js';
import { speaksFor, switchSentence, warningSentences } from '../src/words/answer.js';
import { mixedAnswer, mixedModel, widened } from './fixtures/mixed.js';

const model = mixedModel();
/** @param {Element | null | undefined} element */
const text = (element) => element?.textContent?.replace(/\s+/g, ' ') ?? '';

describe('the form', () => {
  /** @param {any} of */
  const form = (of, answered = vi.fn()) => {
    const node = customerForm(of, { answered, signal: new AbortController().signal });
    document.body.replaceChildren(node);
    return node;
  };
  /** @param {Element} node @param {string} name @param {string} value */
  const type = (node, name, value) => {
    const control = /** @type {HTMLInputElement} */ (node.querySelector(`[name="${name}"]`));
    control.value = value;
    control.dispatchEvent(new Event(control.tagName === 'SELECT' ? 'change' : 'input'));
  };
  const send = (/** @type {HTMLFormElement} */ node) =>
    node.dispatchEvent(new Event('submit', { cancelable: true }));
  afterEach(() => vi.restoreAllMocks());

  test('offers the values of a category, and says what may be left empty', () => {
    const node = form(model);
    const labels = [...node.querySelectorAll('label')].map(text);
    expect(labels.slice(0, 5)).toEqual([
      'Income (Rp) (optional)',
      'Age (years)',
      'Visits last year',
      'City (optional)',
      'Loyalty member',
    ]);
    const options = (/** @type {string} */ name) =>
      [...node.querySelectorAll(`[name="${name}"] option`)].map(text);
    expect(options('city')).toEqual(['Not given', 'Bandung', 'Jakarta', 'Medan', 'Surabaya']);
    expect(options('member')).toEqual(['Please choose', 'No', 'Yes']);
    expect(text(node)).toContain('If left empty, “Jakarta” is assumed, the most frequent');
    expect(text(node)).toMatch(/If left empty, [\d,]+ Rp is assumed, the median/);
    const income = node.querySelector('[name="income"]');
    expect(income?.getAttribute('placeholder')).toMatch(/^[\d,]+$/);
    expect(node.querySelector('[name="age"]')?.hasAttribute('placeholder')).toBe(false);
  });

  test('leaves out what was left empty, and sends a category as text', async () => {
    const asked = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(async () => Response.json(mixedAnswer()));
    const answered = vi.fn();
    const node = form(model, answered);
    type(node, 'age', '40');
    type(node, 'visits', '2');
    send(node);
    expect(asked).not.toHaveBeenCalled();
    expect(document.activeElement?.getAttribute('name')).toBe('member');
    type(node, 'member', 'No');
    send(node);
    await vi.waitFor(() => expect(answered).toHaveBeenCalled());
    const body = JSON.parse(String(asked.mock.calls[0][1]?.body));
    expect(body).toEqual({ age: 40, visits: 2, member: 'No' });
  });

  test('asks yes or no where the numbers say it, and sends the number', async () => {
    const asked = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(async () => Response.json(mixedAnswer()));
    const yesNo = mixedModel();
    const visits = yesNo.columns.find(({ name }) => name === 'visits');
    Object.assign(visits ?? {}, { is_yes_no: true });
    const node = form(yesNo);
    const options = [...node.querySelectorAll('[name="visits"] option')].map(text);
    expect(options).toEqual(['Please choose', 'Yes', 'No']);
    type(node, 'age', '40');
    type(node, 'visits', '0');
    type(node, 'member', 'No');
    send(node);
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    const [, request] = asked.mock.calls[0];
    expect(JSON.parse(String(request?.body))).toEqual({ age: 40, visits: 0, member: 'No' });
  });

  test('of many features stands in columns, the needed ones first', () => {
    const node = form(widened(6, true));
    const legends = [...node.querySelectorAll('legend')].map(text);
    expect(legends.slice(0, 2)).toEqual(['Needed for an answer', 'May be left empty']);
    expect(node.querySelectorAll('fieldset')[1].querySelectorAll('label')).toHaveLength(2);
  });

  test('folds many other columns away, and unfolds them for a complaint', async () => {
    const wide = widened(12, false);
    const node = form(wide);
    const folded = node.querySelector('details');
    expect(folded?.open).toBe(false);
    for (const [name, value] of [
      ['age', '40'],
      ['visits', '2'],
      ['member', 'No'],
    ]) {
      type(node, name, value);
    }
    const problem = {
      status: 422,
      errors: [{ loc: ['body', 'extra_3'], msg: 'no', type: 'number_type' }],
    };
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () =>
      Response.json(problem, { status: 422 }),
    );
    send(node);
    await vi.waitFor(() => expect(folded?.open).toBe(true));
    expect(document.activeElement?.getAttribute('name')).toBe('extra_3');
  });
});

describe('an answer', () => {
  test('tells what was assumed, and which value is new', () => {
    const [assumed, unknown] = warningSentences(mixedAnswer().warnings, model);
    expect(assumed).toMatch(/^Left empty, and therefore assumed: Income [\d,]+\sRp\.$/);
    expect(unknown).toBe('City: The model has never seen this value: take the answer with care.');
  });

  test('knows what was assumed from the model where the answer does not say', () => {
    const warning = { loc: ['body', 'city'], msg: 'assumed', type: 'imputed' };
    expect(warningSentences([warning], model)).toEqual([
      'Left empty, and therefore assumed: City “Jakarta”.',
    ]);
    const unheard = { ...warning, loc: ['body', 'age'] };
    expect(warningSentences([unheard], model)).toEqual(['Age (years): assumed']);
  });

  test('may switch by another value of a category', () => {
    const { switch: change } = mixedAnswer().explain;
    expect(switchSentence(change, model.columns[4])).toBe(
      'With Loyalty member “Yes” instead of “No”, this customer would belong to Settled savers.',
    );
    chooseLanguage('id');
    expect(switchSentence(change, model.columns[4])).toBe(
      'Jika Loyalty member “Ya”, bukan “Tidak”, pelanggan ini masuk segmen Settled savers.',
    );
  });

  test('does not repeat a long name', () => {
    const long = 'Low visits last year, often city Medan';
    expect(speaksFor(1, long, 'Target')).toBe('speaks for this segment');
    expect(speaksFor(-1, long, 'Target')).toBe('speaks for Target');
    expect(speaksFor(-1, 'Target', long)).toBe('speaks for the next nearest');
    expect(speaksFor(0, long, long)).toBe('speaks for neither');
  });

  test('of many features names the loudest first', () => {
    const answer = mixedAnswer();
    answer.explain.contributions = Array.from({ length: 9 }, (_, index) => ({
      feature: `f${index}`,
      column: `F${index}`,
      toward_segment: index,
    }));
    const panel = answerPanel(answer, model);
    const lists = [...panel.querySelectorAll('ul')].map((list) =>
      [...list.children].map((row) => text(row).slice(0, 2)),
    );
    expect(lists).toEqual([
      ['F8', 'F7', 'F6', 'F5', 'F4'],
      ['F3', 'F2', 'F1', 'F0'],
    ]);
  });
});
