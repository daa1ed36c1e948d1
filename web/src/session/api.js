import { json, request } from '../api.js';
import { session, setSession } from './session.js';

/** The tabs of a browser share one session. Whoever ends or begins it tells the others so. */
const tabs = new BroadcastChannel('segmenta.session');

/**
 * Show in this tab too that somebody signed out or in in another one: it would go on under the name of one
 * person with the rights of the next, and with what was typed here before.
 */
export function followTabs() {
  tabs.addEventListener('message', askSession);
}

/** Ask who is signed in. Where that cannot be found out, the views tell what is wrong. */
export async function askSession() {
  try {
    const now = await request('api/session');
    // Nobody loses what they are typing because a question was asked once more.
    if (JSON.stringify(now) !== JSON.stringify(session())) setSession(now);
  } catch {
    // A server that cannot be reached is told by the first view that needs it.
  }
}

/** @param {string} token */
export async function signIn(token) {
  const next = await request('api/session', json('POST', { token }));
  setSession(next);
  tabs.postMessage('changed');
}

export async function signOut() {
  await request('api/session', { method: 'DELETE' });
  setSession({ is_needed: true, role: null, name: null });
  tabs.postMessage('changed');
}
