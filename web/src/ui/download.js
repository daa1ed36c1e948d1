import { requestFile } from '../api.js';
import { t } from '../i18n/index.js';
import { errorSentence } from '../words/problem.js';
import { el, labelOf, replace } from './dom.js';
import { icon } from './icons.js';

/** Long lists take their time. */
const patience = 3_600_000;

/**
 * Give the reader a file.
 * @param {Blob} file
 * @param {string} name
 */
export function save(file, name) {
  const href = URL.createObjectURL(file);
  el('a', { href, download: name }).click();
  // The browser has its own hold of the file by then.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/**
 * A button that fetches a file and saves it. A link could not name the page's language, nor tell
 * what is wrong when there is no such file.
 * @param {object} options
 * @param {string} options.label
 * @param {string} [options.about] what it is of, for screen readers, where several are alike
 * @param {string} options.path
 * @param {string} options.accept
 * @param {string} options.name of the file
 * @param {AbortSignal} options.signal
 */
export function downloadButton({ label, about, path, accept, name, signal }) {
  const trouble = el('p', { class: 'text-sm text-bad', role: 'alert' });
  const button = el(
    'button',
    { type: 'button', class: 'button', on: { click } },
    icon('download'),
    about ? labelOf(label, about) : label,
  );

  async function click() {
    if (button.getAttribute('aria-disabled')) return;
    button.setAttribute('aria-disabled', 'true');
    replace(trouble);
    try {
      save(await requestFile(path, { accept, patience }, signal), name);
    } catch (error) {
      if (signal.aborted) return;
      replace(trouble, `${t('downloadFailed')} ${errorSentence(error)}`);
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  return el('div', { class: 'grid justify-items-start gap-1.5' }, button, trouble);
}

/**
 * A part of a file's name: letters, digits and dashes.
 * @param {string} text
 */
export function fileStem(text) {
  return (
    text
      .normalize('NFKD')
      .replace(/[^\w]+/g, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase() || 'list'
  );
}
