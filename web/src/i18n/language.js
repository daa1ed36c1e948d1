import { recall, remember } from '../storage.js';

/** @typedef {'en' | 'id'} Language */

/** @type {Language[]} */
export const languages = ['en', 'id'];

const changes = new EventTarget();

/**
 * The first language of the browser's list that the page speaks; English when there is none.
 * @param {readonly string[]} wanted
 * @returns {Language}
 */
export function pickLanguage(wanted) {
  for (const tag of wanted) {
    // Some systems still send the old code "in" for Indonesian.
    const code = tag.toLowerCase().split('-')[0].replace(/^in$/, 'id');
    const known = languages.find((language) => language === code);
    if (known) return known;
  }
  return 'en';
}

let current = pickLanguage([recall('language') ?? '', ...navigator.languages]);

/** The language the page speaks now. */
export function language() {
  return current;
}

/** @param {Language} next */
export function chooseLanguage(next) {
  if (next === current) return;
  current = next;
  remember('language', next);
  changes.dispatchEvent(new Event('change'));
}

/** @param {() => void} listener called after each change */
export function onLanguageChange(listener) {
  changes.addEventListener('change', listener);
}
