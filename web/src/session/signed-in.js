import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { signOut } from './api.js';
import { session } from './session.js';

/** @import { Key } from '../i18n/index.js' */
/** @import { Role } from './session.js' */

/** @type {Record<Role, Key>} */
const roleKeys = { predict: 'mayPredict', read: 'mayRead', admin: 'mayAll' };

/** Who is signed in, and the way out; nothing where nobody has to be. */
export function signedIn() {
  const { is_needed: isNeeded, role, name } = session();
  if (!isNeeded || !role) return null;
  const leave = async (/** @type {Event} */ event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
    button.disabled = true;
    // Where the server cannot be reached the session goes on, and so does the page.
    await signOut().catch(() => (button.disabled = false));
  };
  return el(
    'div',
    { class: 'flex min-w-0 items-center gap-2 text-xs text-muted lg:w-full lg:justify-between' },
    el(
      'span',
      { class: 'hidden min-w-0 truncate sm:inline', title: name },
      t(roleKeys[role], { name: name ?? '' }),
    ),
    el('button', { type: 'button', class: 'button', on: { click: leave } }, t('signOut')),
  );
}
