import { t } from '../i18n/index.js';

/**
 * What the server finds wrong with a text: a name that another segment has, or its own words.
 * @param {{ msg?: string }} issue
 */
export function textIssueSentence({ msg = '' }) {
  if (/another segment|already/i.test(msg)) return t('textTaken');
  return msg || t('errorUnknown');
}
