/** @import { Key } from '../i18n/index.js' */
/** @import { Language } from '../i18n/language.js' */
/** @import { Texts } from './types.js' */

/** The most characters of each text. @type {Record<keyof Texts, number>} */
export const limits = { persona: 80, description: 2000, action: 2000 };

/** @typedef {{ language: Language, part: keyof Texts, key: Key }} Fault */

/**
 * What is wrong with texts, as far as that shows without the model's other segments.
 * @param {Record<Language, Texts>} texts
 * @returns {Fault[]}
 */
export function faultsOf(texts) {
  return each(texts).flatMap(({ language, part, text }) => {
    if (text.trim() === '') return { language, part, key: /** @type {const} */ ('textEmpty') };
    // The server counts characters, not the halves that some of them are made of.
    const isLong = [...text].length > limits[part];
    return isLong ? { language, part, key: /** @type {const} */ ('textTooLong') } : [];
  });
}

/**
 * The texts that are not as they were: only these are sent.
 * @param {Record<Language, Texts>} before
 * @param {Record<Language, Texts>} after
 */
export function changesOf(before, after) {
  /** @type {Record<string, Partial<Texts>>} */
  const changes = {};
  for (const { language, part, text } of each(after)) {
    if (text !== before[language][part]) changes[language] = { ...changes[language], [part]: text };
  }
  return changes;
}

/** @param {Record<Language, Texts>} texts */
function each(texts) {
  return /** @type {[Language, Texts][]} */ (Object.entries(texts)).flatMap(([language, parts]) =>
    /** @type {[keyof Texts, string][]} */ (Object.entries(parts)).map(([part, text]) => ({
      language,
      part,
      text,
    })),
  );
}
