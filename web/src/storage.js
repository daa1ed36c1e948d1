/**
 * Read a remembered choice; null when there is none, or when storage is switched off.
 * @param {string} key
 * @param {Storage} [area]
 */
export function recall(key, area = globalThis.localStorage) {
  try {
    return area.getItem(`segmenta.${key}`);
  } catch {
    return null;
  }
}

/**
 * Remember a choice; without storage it lasts as long as the page.
 * @param {string} key
 * @param {string | null} value null forgets
 * @param {Storage} [area]
 */
export function remember(key, value, area = globalThis.localStorage) {
  try {
    if (value === null) area.removeItem(`segmenta.${key}`);
    else area.setItem(`segmenta.${key}`, value);
  } catch {
    // A full or forbidden storage must not break the page.
  }
}
