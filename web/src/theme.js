import { recall, remember } from './storage.js';

/** @typedef {'light' | 'dark'} Theme */
/** @typedef {Theme | 'system'} ThemeChoice */

/** @type {ThemeChoice[]} */
export const themeChoices = ['light', 'system', 'dark'];

const changes = new EventTarget();
const systemDark = matchMedia('(prefers-color-scheme: dark)');
let choice = /** @type {ThemeChoice} */ (recall('theme') ?? 'system');
if (!themeChoices.includes(choice)) choice = 'system';

/** What the reader chose. */
export function themeChoice() {
  return choice;
}

/**
 * What the page shows.
 * @returns {Theme}
 */
export function theme() {
  if (choice !== 'system') return choice;
  return systemDark.matches ? 'dark' : 'light';
}

/** @param {ThemeChoice} next */
export function chooseTheme(next) {
  choice = next;
  remember('theme', next === 'system' ? null : next);
  apply();
}

/**
 * Call `listener` after each change of theme, until `signal` aborts.
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export function onThemeChange(listener, signal) {
  changes.addEventListener('change', listener, { signal });
}

function apply() {
  document.documentElement.dataset.theme = theme();
  changes.dispatchEvent(new Event('change'));
}

systemDark.addEventListener('change', () => {
  if (choice === 'system') apply();
});
