import { beforeEach } from 'vitest';
import { chooseLanguage } from '../src/i18n/language.js';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  chooseLanguage('en');
});
