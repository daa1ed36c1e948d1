import { describe, expect, test } from 'vitest';
import { list, measure, number, percent, title, unitOf } from '../src/format.js';
import { chooseLanguage } from '../src/i18n/language.js';

/** @param {string} [unit] @returns {any} */
const column = (unit) => ({ name: 'a', column: 'A', kind: 'numeric', unit });

describe('numbers', () => {
  test('are short, but never vanish', () => {
    expect(number(60.5612)).toBe('60.6');
    expect(number(50)).toBe('50');
    expect(number(0)).toBe('0');
    expect(number(0.00123)).toBe('0.0012');
    expect(number(12_985_092.61)).toBe('12,985,093');
    expect(number(12_985_092.61, 1)).toBe('12,985,092.6');
  });

  test('follow the language', () => {
    chooseLanguage('id');
    expect(number(1234.5)).toBe('1.234,5');
    expect(percent(0.115)).toBe('12%');
  });

  test('small shares keep a decimal', () => {
    expect(percent(0.405)).toBe('41%');
    expect(percent(0.034)).toBe('3.4%');
    expect(percent(0)).toBe('0%');
  });
});

describe('units', () => {
  test('follow a value on the same line', () => {
    expect(measure(60.56, column('k$'))).toBe('60.6\u00a0k$');
    expect(measure(12, column('%'))).toBe('12%');
    expect(measure(12, column())).toBe('12');
  });

  test('a scale is no unit', () => {
    expect(unitOf(column('1-100'))).toBe('');
    expect(measure(50.2, column('1-100'))).toBe('50.2');
  });

  test('leave a header on request', () => {
    expect(title('Annual Income (k$)')).toBe('Annual Income');
    expect(title('Weight [kg]')).toBe('Weight');
    expect(title('Age')).toBe('Age');
    expect(title('(k$)')).toBe('(k$)');
  });
});

test('lists are joined as the language joins them', () => {
  expect(list(['a', 'b'])).toBe('a and b');
  chooseLanguage('id');
  expect(list(['a', 'b'])).toBe('a dan b');
});
