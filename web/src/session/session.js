/**
 * Who uses the page, and what they may do. A server without tokens lets everybody do everything.
 * @typedef {'predict' | 'read' | 'admin'} Role
 * @typedef {object} Session
 * @property {boolean} is_needed whether the server asks for tokens
 * @property {Role | null} role null before signing in
 * @property {string | null} name of the token
 */

/** @type {Role[]} each may do what the one before may */
const roles = ['predict', 'read', 'admin'];
const changes = new EventTarget();

/** @type {Session} */
let current = { is_needed: false, role: 'admin', name: null };

/** @returns {Session} */
export function session() {
  return current;
}

/** @param {Session} next */
export function setSession(next) {
  current = next;
  changes.dispatchEvent(new Event('change'));
}

/** The server does not know the page any more: the session is over, or its token was revoked. */
export function sessionLost() {
  // Of several requests that fail at once, one is enough.
  if (current.is_needed && !current.role) return;
  setSession({ is_needed: true, role: null, name: null });
}

/** Whether somebody has to sign in before anything can be shown. */
export function mustSignIn() {
  return current.is_needed && !current.role;
}

/** @param {Role} role */
export function may(role) {
  return current.role !== null && roles.indexOf(current.role) >= roles.indexOf(role);
}

/**
 * Call `listener` whenever somebody else may use the page from now on. What a part of the page keeps of what
 * somebody did here, it forgets then: nobody sees what was typed, chosen or answered before they signed in.
 * @param {() => void} listener
 */
export function onSessionChange(listener) {
  changes.addEventListener('change', listener);
}
