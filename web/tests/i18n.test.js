import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { t } from '../src/i18n/index.js';
import { chooseLanguage, pickLanguage } from '../src/i18n/language.js';
import { strings } from '../src/i18n/strings.js';

const entries = Object.entries(strings);
/** @param {any} entry */
const forms = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry));
/** @param {any} entry */
const places = (entry) =>
  [...new Set(forms(entry).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

describe('the table of sentences', () => {
  test.each(entries)('%s stands in both languages, with the same places', (_key, entry) => {
    expect(Object.keys(entry)).toEqual(['en', 'id']);
    for (const text of [...forms(entry.en), ...forms(entry.id)]) expect(text.trim()).not.toBe('');
    expect(places(entry.id)).toEqual(places(entry.en));
  });

  test('has no sentence that the page does not use', () => {
    const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js') && !file.endsWith('strings.js'))
      .map((file) => readFileSync(join('src', file), 'utf8'))
      .join('\n');
    expect(entries.map(([key]) => key).filter((key) => !source.includes(`'${key}'`))).toEqual([]);
  });
});

test('a sentence has its places filled, and numbers as the language writes them', () => {
  expect(t('customersCount', { count: 1 })).toBe('1 customer');
  expect(t('customersCount', { count: 1200 })).toBe('1,200 customers');
  chooseLanguage('id');
  expect(t('customersCount', { count: 1200 })).toBe('1.200 pelanggan');
});

test('the first language of the browser that the page speaks', () => {
  expect(pickLanguage(['', 'fr-FR', 'id-ID', 'en'])).toBe('id');
  expect(pickLanguage(['in'])).toBe('id');
  expect(pickLanguage(['en-GB', 'id'])).toBe('en');
  expect(pickLanguage(['fr'])).toBe('en');
  expect(pickLanguage([])).toBe('en');
});
