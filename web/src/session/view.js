import { t } from '../i18n/index.js';
import { el, replace, uniqueId } from '../ui/dom.js';
import { viewHeading } from '../ui/section.js';
import { errorSentence } from '../words/problem.js';
import { signIn } from './api.js';

/**
 * Ask for a token.
 * @param {HTMLElement} host
 */
export function showSignIn(host) {
  const id = uniqueId('token');
  const field = el('input', {
    id,
    type: 'password',
    class: 'field font-mono',
    autocomplete: 'current-password',
    spellcheck: 'false',
    required: true,
    'aria-describedby': `${id}-hint ${id}-problem`,
  });
  const problem = el('p', { id: `${id}-problem`, role: 'alert', class: 'text-sm text-warn' });
  const button = el('button', { type: 'submit', class: 'button' }, t('signIn'));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    button.disabled = true;
    replace(problem);
    try {
      await signIn(field.value.trim());
    } catch (error) {
      replace(problem, refusal(error));
      field.setAttribute('aria-invalid', 'true');
      field.focus();
      field.select();
    } finally {
      button.disabled = false;
    }
  };
  replace(
    host,
    viewHeading(t('signInTitle'), t('signInIntro')),
    el(
      'form',
      { class: 'panel grid max-w-xl gap-4 p-4 sm:p-6', novalidate: true, on: { submit } },
      el(
        'div',
        {},
        el('label', { for: id, class: 'mb-1.5 block text-sm font-medium' }, t('token')),
        field,
        el('p', { id: `${id}-hint`, class: 'mt-1.5 text-sm text-muted' }, t('tokenHint')),
      ),
      problem,
      el('div', {}, button),
    ),
  );
  field.focus();
}

/** @param {any} error */
function refusal(error) {
  const status = error?.problem?.status;
  if (status === 401 || status === 422) return t('tokenWrong');
  if (status === 429) return t('tokenTooMany');
  return errorSentence(error);
}
