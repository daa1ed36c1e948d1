import { describe, expect, test } from 'vitest';
import { checkNumber, formQuestions, numericColumns, parseNumber } from '../src/rules.js';
import { mallModel, plainModel } from './fixtures/index.js';
import { mixedModel } from './fixtures/mixed.js';

const income = /** @type {any} */ (
  mallModel().columns.find((/** @type {any} */ { name }) => name === 'annual_income')
);
/** @param {string} text */
const check = (text, { required = true, language = /** @type {'en' | 'id'} */ ('en') } = {}) =>
  checkNumber(text, income, { required, language });

describe('a typed number', () => {
  test.each(['12', ' 12.5 ', '-3', '+4', '.5', '5.', '1e3'])('%s is one', (text) => {
    expect(parseNumber(text, 'en')).toBe(Number(text));
  });

  test.each(['', 'twelve', '1,000', '12,5', '0x10', '1 2', 'Infinity', 'NaN', '1e', '--1'])(
    '%s is none in English',
    (text) => expect(parseNumber(text, 'en')).toBeNaN(),
  );

  test('may have a decimal comma in Indonesian, or a point', () => {
    expect(parseNumber('12,5', 'id')).toBe(12.5);
    expect(parseNumber('12.5', 'id')).toBe(12.5);
  });

  test('with both a comma and a point could mean two things', () => {
    expect(parseNumber('1.250,5', 'id')).toBeNaN();
    expect(parseNumber('1,250.5', 'id')).toBeNaN();
    expect(parseNumber('1,2,3', 'id')).toBeNaN();
  });
});

describe('the rules of a field', () => {
  test('a feature is needed, another column is not', () => {
    expect(check('  ')).toEqual({ problem: { type: 'missing' } });
    expect(check('', { required: false })).toEqual({});
  });

  test('it takes a finite number, not below the minimum', () => {
    expect(check('abc').problem?.type).toBe('number_type');
    expect(check('1e999').problem?.type).toBe('number_finite');
    expect(check('-0.1').problem).toEqual({ type: 'below_minimum', ctx: { minimum: 0 } });
    expect(check('50')).toEqual({ value: 50 });
  });

  test('a column without a minimum may be negative', () => {
    const column = { ...income, minimum: undefined, quantiles: undefined };
    expect(checkNumber('-7', column, { required: true, language: 'en' })).toEqual({ value: -7 });
  });

  test('outside the training range a feature is taken with a warning', () => {
    const warning = { type: 'out_of_range', ctx: { value: 138, min: 15, max: 137 } };
    expect(check('138')).toEqual({ value: 138, warning });
    expect(check('15')).toEqual({ value: 15 });
    expect(check('137')).toEqual({ value: 137 });
    expect(check('138', { required: false })).toEqual({ value: 138 });
  });

  test('so is a feature that may be left empty', () => {
    const options = { required: false, decides: true, language: /** @type {'en'} */ ('en') };
    expect(checkNumber('138', income, options).warning?.type).toBe('out_of_range');
    expect(checkNumber('', income, options)).toEqual({});
  });
});

describe('the form', () => {
  /** @param {any[]} questions */
  const names = (questions) => questions.map(({ column }) => column.name);

  test('asks for features first, then the rest, and never for an identifier', () => {
    const { features, others } = formQuestions(mallModel());
    expect(names(features)).toEqual(['annual_income', 'spending_score']);
    expect(features.every(({ required, decides }) => required && decides)).toBe(true);
    expect(names(others)).toEqual(['gender', 'age']);
    expect(others.some(({ required, decides }) => required || decides)).toBe(false);
    expect(numericColumns(plainModel(3)).map(({ name }) => name)).toEqual(['visits']);
  });

  test('does not insist where the model knows what to assume', () => {
    const { features } = formQuestions(mixedModel());
    expect(names(features)).toEqual(['income', 'age', 'visits', 'city', 'member']);
    expect(names(features.filter(({ required }) => !required))).toEqual(['income', 'city']);
  });

  test('does not ask for text that tells customers apart', () => {
    const model = mixedModel();
    model.columns.push({ name: 'note', column: 'Note', kind: 'text' });
    expect(names(formQuestions(model).others)).toEqual(['tenure']);
  });
});
