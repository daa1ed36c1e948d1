import { json, request } from '../api.js';
import { setSession } from './session.js';

/** Ask who is signed in. Where that cannot be found out, the views tell what is wrong. */
export async function askSession() {
  try {
    setSession(await request('api/session'));
  } catch {
    // A server that cannot be reached is told by the first view that needs it.
  }
}

/** @param {string} token */
export async function signIn(token) {
  const session = await request('api/session', json('POST', { token }));
  setSession(session);
}

export async function signOut() {
  await request('api/session', { method: 'DELETE' });
  setSession({ is_needed: true, role: null, name: null });
}
