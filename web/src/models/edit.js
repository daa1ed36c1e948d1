import { t } from '../i18n/index.js';
import { languages } from '../i18n/language.js';
import { forget } from '../store.js';
import { buttons, openDialog } from '../ui/dialog.js';
import { el, replace, uniqueId } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { trouble } from '../ui/section.js';
import { fill, skeleton } from '../ui/states.js';
import { errorSentence } from '../words/problem.js';
import { textIssueSentence } from '../words/texts.js';
import { fetchKeptModel, patchSegment } from './api.js';
import { changesOf, faultsOf, limits } from './texts.js';

/** @import { Key } from '../i18n/index.js' */
/** @import { Language } from '../i18n/language.js' */
/** @import { Segment } from '../types.js' */
/** @import { Texts } from './types.js' */

/** @type {Record<keyof Texts, Key>} */
const labels = { persona: 'textPersona', description: 'textDescription', action: 'textAction' };

/** @type {Record<Language, Key>} */
const inLanguage = { en: 'inEnglish', id: 'inIndonesian' };

/**
 * A button that lets the reader change a segment's texts, in both languages.
 * @param {object} options
 * @param {string} options.version of the model
 * @param {Segment} options.segment
 * @param {() => void} [options.saved]
 * @param {AbortSignal} options.signal
 */
export function editButton({ version, segment, saved, signal }) {
  const { cluster_id: id, persona } = segment;
  return el(
    'button',
    {
      type: 'button',
      class: 'button size-9 shrink-0 p-0',
      title: t('textsEdit'),
      on: { click: open },
    },
    icon('edit'),
    el('span', { class: 'sr-only' }, `${t('textsEdit')}: ${persona}`),
  );

  function open() {
    const heading = t('textsTitle', { persona });
    const dialog = openDialog({ heading, classes: 'max-w-3xl', signal }, (close) => {
      const body = el('div', { class: 'grid gap-4' });
      fill(body, {
        load: () => Promise.all(languages.map((language) => textsIn(language))),
        render: ([en, id]) => body.append(form({ en, id }, close)),
        waiting: () => skeleton('h-72'),
        signal,
      }).then(() => body.querySelector('input')?.focus());
      return body;
    });
    dialog.addEventListener('close', refocus);
  }

  /** The view may have been drawn anew meanwhile, and its buttons with it. */
  function refocus() {
    const place = document.querySelector(`main [data-cluster="${id}"] button[title]`);
    if (document.activeElement === document.body) /** @type {any} */ (place)?.focus();
  }

  /** @param {Language} language */
  async function textsIn(language) {
    const { segments } = await fetchKeptModel(version, language);
    const found = segments.find((each) => each.cluster_id === id) ?? segment;
    return { persona: found.persona, description: found.description, action: found.action };
  }

  /**
   * @param {Record<Language, Texts>} before
   * @param {() => void} close
   */
  function form(before, close) {
    const fields = languages.flatMap((language) =>
      /** @type {(keyof Texts)[]} */ (Object.keys(labels)).map((part) =>
        textField(language, part, before[language][part]),
      ),
    );
    const failed = el('div', { role: 'alert', class: 'empty:hidden' });
    const save = el('button', { type: 'submit', class: 'button button-primary' }, t('save'));

    /** @param {Event} event */
    async function submit(event) {
      event.preventDefault();
      if (save.getAttribute('aria-disabled')) return;
      replace(failed);
      const after = /** @type {Record<Language, Texts>} */ (structuredClone(before));
      for (const field of fields) {
        field.say('');
        after[field.language][field.part] = field.read();
      }
      const faults = faultsOf(after);
      for (const { language, part, key } of faults) {
        fieldOf(language, part)?.say(t(key, { most: limits[part] }));
      }
      if (faults.length > 0) return fieldOf(faults[0].language, faults[0].part)?.focus();
      const changes = changesOf(before, after);
      if (Object.keys(changes).length === 0) return close();
      save.setAttribute('aria-disabled', 'true');
      try {
        await patchSegment(version, id, changes);
        close();
        saved?.();
        forget();
      } catch (error) {
        explain(error);
      } finally {
        save.removeAttribute('aria-disabled');
      }
    }

    /**
     * @param {string} language
     * @param {string} part
     */
    function fieldOf(language, part) {
      return fields.find((field) => field.language === language && field.part === part);
    }

    /** @param {any} error */
    function explain(error) {
      const issues = error?.problem?.errors ?? [];
      const [first] = issues.flatMap((/** @type {any} */ issue) => {
        const field = fieldOf(issue.loc?.at(-2), issue.loc?.at(-1));
        field?.say(textIssueSentence(issue));
        return field ?? [];
      });
      if (first) first.focus();
      else replace(failed, trouble(errorSentence(error)));
    }

    return el(
      'form',
      { class: 'grid gap-5', novalidate: true, on: { submit } },
      el(
        'div',
        { class: 'grid gap-5 sm:grid-cols-2' },
        languages.map((language) =>
          el(
            'fieldset',
            { class: 'grid min-w-0 content-start gap-3' },
            el('legend', { class: 'mb-2 text-sm font-semibold' }, t(inLanguage[language])),
            fields.filter((field) => field.language === language).map(({ node }) => node),
          ),
        ),
      ),
      failed,
      buttons(
        el('button', { type: 'button', class: 'button', on: { click: close } }, t('cancel')),
        save,
      ),
    );
  }
}

/**
 * @param {Language} language
 * @param {keyof Texts} part
 * @param {string} value
 */
function textField(language, part, value) {
  const id = uniqueId('text');
  const message = el('p', { id: `${id}-message`, class: 'mt-1 text-sm text-bad empty:hidden' });
  const attributes = { id, class: 'field', lang: language, 'aria-describedby': `${id}-message` };
  const control =
    part === 'persona'
      ? el('input', { ...attributes, type: 'text', autocomplete: 'off' })
      : el('textarea', { ...attributes, rows: 4 });
  control.value = value;
  return {
    language,
    part,
    node: el(
      'div',
      { class: 'min-w-0' },
      el('label', { for: id, class: 'mb-1.5 block text-sm font-medium' }, t(labels[part])),
      control,
      message,
    ),
    // A text has no line breaks.
    read: () => control.value.replace(/\s+/g, ' ').trim(),
    focus: () => control.focus(),
    /** @param {string} sentence what is wrong; empty when nothing is */
    say(sentence) {
      replace(message, sentence);
      if (sentence) control.setAttribute('aria-invalid', 'true');
      else control.removeAttribute('aria-invalid');
    },
  };
}
