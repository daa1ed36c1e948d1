import { beforeEach, describe, expect, test, vi } from 'vitest';
import { distribution } from '../src/dashboard/distribution.js';
import { keyFigures } from '../src/dashboard/figures.js';
import { keepAxes, keptAxes } from '../src/dashboard/kept-axes.js';
import { mapAxes } from '../src/charts/axes.js';
import { axisSelects } from '../src/dashboard/axes.js';
import { legend } from '../src/dashboard/legend.js';
import { segmentCards } from '../src/dashboard/segments.js';
import { answerPanel } from '../src/predictor/answer.js';
import { formField } from '../src/predictor/field.js';
import { clearHistory, history, keep } from '../src/predictor/history.js';
import { inPageLanguage } from '../src/predictor/localise.js';
import { numericColumns } from '../src/rules.js';
import { el } from '../src/ui/dom.js';
import { fill } from '../src/ui/states.js';
import { mallModel, plainModel } from './fixtures/index.js';

const model = mallModel();
const { signal } = new AbortController();
/** @param {Element | null} element */
const text = (element) => element?.textContent?.replace(/\s+/g, ' ') ?? '';
/** @returns {any} */
const answer = () => ({
  cluster_id: 2,
  persona: 'Standard',
  description: 'The broad middle.',
  action: 'Keep them.',
  model_version: model.model_version,
  distance: 0.2,
  confidence: 0.86,
  warnings: [],
  explain: {
    distances: [],
    runner_up: { cluster_id: 0, persona: 'Sensible', distance: 1.4 },
    contributions: [
      { feature: 'annual_income', column: 'Annual Income (k$)', toward_segment: 0.8 },
      { feature: 'spending_score', column: 'Spending Score (1-100)', toward_segment: -0.2 },
    ],
    switch: {
      column: 'Spending Score (1-100)',
      from: 50,
      to: 73.53,
      change: 23.53,
      cluster_id: 1,
      persona: 'Careless',
    },
  },
});

describe('an element', () => {
  test('takes text as text', () => {
    const node = el('p', { title: '<b>' }, '<script>', null, false, [1, el('b', {}, 'x')]);
    expect(node.textContent).toBe('<script>1x');
    expect(node.querySelector('script')).toBeNull();
  });

  test('leaves out attributes that are off', () => {
    const node = el('button', { disabled: false, hidden: true, 'aria-current': null });
    expect(node.outerHTML).toBe('<button hidden=""></button>');
  });
});

describe('the dashboard’s parts', () => {
  test('key figures', () => {
    const shown = text(keyFigures(model));
    expect(shown).toContain('Customers200');
    expect(shown).toContain('Largest segmentStandard41% of all customers');
    expect(shown).toContain('Average Annual Income60.6');
  });

  test('a k chosen by hand', () => {
    expect(text(keyFigures({ ...model, n_clusters: 6 }))).toContain('chosen by hand; 5 advised');
    const passes = { ...model, out_of_core: { sample_rows: 50000 } };
    expect(text(keyFigures(passes))).toContain('estimated from 50,000 of them');
  });

  test('the distribution, largest first', () => {
    const rows = [...distribution(model).querySelectorAll('li')].map(text);
    expect(rows[0]).toBe('Standard81 customers41%');
    expect(rows).toHaveLength(5);
  });

  test('a card tells who is in the segment', () => {
    const card = segmentCards(model, signal).querySelector('[data-cluster="0"]');
    expect(text(card)).toContain('Women 61%');
    expect(text(card)).toContain('What to do: Win them');
  });

  test('other data need no category and may have many segments', () => {
    const many = plainModel(14);
    expect(segmentCards(many, signal).querySelectorAll('[data-cluster]')).toHaveLength(14);
    expect(text(keyFigures(many))).toContain('Average Visits50');
  });

  test('the legend hides and shows', () => {
    const hidden = new Set();
    const changed = vi.fn();
    const [button] = legend(model.segments, hidden, changed).querySelectorAll('button');
    button.click();
    expect(button.getAttribute('aria-pressed')).toBe('false');
    expect([...hidden]).toEqual([0]);
    button.click();
    expect(button.getAttribute('aria-pressed')).toBe('true');
    expect([...hidden]).toEqual([]);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  test('an axis that takes the other’s column changes places with it', () => {
    const [income, score, age] = mapAxes(model);
    const chosen = vi.fn();
    const selects = axisSelects([age, income, score], { x: income, y: score }, chosen);
    const [x] = /** @type {HTMLSelectElement[]} */ ([
      ...(selects?.querySelectorAll('select') ?? []),
    ]);
    x.value = score.key;
    x.dispatchEvent(new Event('change'));
    expect(chosen).toHaveBeenCalledWith({ x: score, y: income });
  });

  test('the segments’ strips never become the axis across', () => {
    const plain = plainModel(2);
    plain.columns.push({ ...plain.columns[0], name: 'age', column: 'Age' });
    const axes = mapAxes(plain);
    const [visits, age, strips] = axes;
    const chosen = vi.fn();
    const selects = axisSelects(axes, { x: visits, y: strips }, chosen);
    const [x, y] = /** @type {HTMLSelectElement[]} */ ([
      ...(selects?.querySelectorAll('select') ?? []),
    ]);
    expect([...x.options].map(({ value }) => value)).toEqual(['visits', 'age']);
    y.value = 'visits';
    y.dispatchEvent(new Event('change'));
    expect(chosen).toHaveBeenLastCalledWith({ x: age, y: visits });
    expect(x.value).toBe('age');
  });

  test('chosen axes are remembered for the visit, as long as the model has them', () => {
    const axes = mapAxes(model);
    expect(keptAxes(axes)).toBeNull();
    keepAxes({ x: axes[2], y: axes[0] });
    expect(keptAxes(axes)).toEqual({ x: axes[2], y: axes[0] });
    expect(keptAxes(axes.slice(0, 2))).toBeNull();
    sessionStorage.setItem('segmenta.axes', '{broken');
    expect(keptAxes(axes)).toBeNull();
  });
});

describe('a part of the page that loads', () => {
  test('shows an error, and the content after another try', async () => {
    const host = el('div');
    const load = vi.fn().mockRejectedValueOnce(new Error('no')).mockResolvedValue('content');
    const options = {
      load,
      render: (/** @type {string} */ value) => host.append(value),
      waiting: () => [el('i')],
      signal: new AbortController().signal,
    };
    const filling = fill(host, options);
    expect(host.getAttribute('aria-busy')).toBe('true');
    await filling;
    expect(text(host)).toContain('Something went wrong.');
    host.querySelector('button')?.click();
    await vi.waitFor(() => expect(host.textContent).toBe('content'));
    expect(host.hasAttribute('aria-busy')).toBe(false);
  });
});

describe('a field', () => {
  const income = numericColumns(model)[1];
  /** @type {Map<string, string>} */
  const draft = new Map();
  /** @param {any} field @param {string} value */
  const type = (field, value) => {
    field.control.value = value;
    field.control.dispatchEvent(new Event('input'));
  };
  beforeEach(() => draft.clear());

  test('says what is wrong as one types, and keeps what was typed', () => {
    const field = formField(income, { required: true, draft });
    type(field, 'abc');
    expect(text(field.node)).toContain('Please write a number');
    expect(field.control.getAttribute('aria-invalid')).toBe('true');
    expect(formField(income, { required: true, draft }).control.value).toBe('abc');
    type(field, '200');
    expect(text(field.node)).toContain('outside what the model has seen (15 to 137)');
    expect(field.control.getAttribute('aria-invalid')).toBe('false');
    type(field, '50');
    expect(field.control.hasAttribute('aria-invalid')).toBe(false);
    expect(field.read()).toBe(50);
  });

  test('is only missed when the form is sent', () => {
    const field = formField(income, { required: true, draft });
    type(field, '');
    expect(field.control.hasAttribute('aria-invalid')).toBe(false);
    expect(field.check()).toBe(false);
    expect(text(field.node)).toContain('Please fill this in.');
  });

  test('of a category may stay empty', () => {
    const gender = model.columns.find((/** @type {any} */ { name }) => name === 'gender');
    const field = formField(gender, { required: false, draft });
    expect(field.read()).toBeUndefined();
    field.control.value = 'Female';
    expect(field.read()).toBe('Female');
  });
});

describe('the answer', () => {
  test('tells everything', () => {
    const shown = text(answerPanel(answer(), model));
    expect(shown).toContain('86% · a clear case');
    expect(shown).toContain('Next nearest: Sensible');
    expect(shown).toContain('speaks for Standard');
    expect(shown).toContain('speaks for Sensible');
    expect(shown).toContain('With Spending Score (1-100) at 73.6 instead of 50');
  });

  test('of a model with one segment has nothing to compare', () => {
    const alone = answer();
    alone.explain = { distances: [], runner_up: null, contributions: [], switch: null };
    const shown = text(answerPanel({ ...alone, confidence: null }, plainModel(1)));
    expect(shown).not.toContain('Confidence');
    expect(shown).not.toContain('Why this segment');
  });

  test('speaks the language of the model at hand', () => {
    const indonesian = mallModel();
    indonesian.segments[2].persona = 'Normal';
    indonesian.segments[0].persona = 'Hemat';
    const { persona, explain } = inPageLanguage(answer(), indonesian);
    expect([persona, explain?.runner_up?.persona]).toEqual(['Normal', 'Hemat']);
  });

  test('is kept, ten at most, the newest first', () => {
    for (let age = 1; age <= 12; age += 1) keep({ customer: { age }, answer: answer() });
    expect(history().map(({ customer }) => customer.age)).toEqual([
      12, 11, 10, 9, 8, 7, 6, 5, 4, 3,
    ]);
    clearHistory();
    expect(history()).toEqual([]);
    sessionStorage.setItem('segmenta.answers', '{broken');
    expect(history()).toEqual([]);
  });
});
