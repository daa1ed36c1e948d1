import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError, fetchStats } from '../src/api.js';
import { t } from '../src/i18n/index.js';
import { askSession, followTabs, signIn, signOut } from '../src/session/api.js';
import { may, mustSignIn, onSessionChange, session, setSession } from '../src/session/session.js';
import { signedIn } from '../src/session/signed-in.js';
import { showSignIn } from '../src/session/view.js';

/** @param {number} status @param {unknown} body */
const answer = (status, body) =>
  vi.spyOn(globalThis, 'fetch').mockImplementation(
    async () =>
      new Response(status === 204 ? null : JSON.stringify(body), {
        status,
        headers: { 'Content-Type': 'application/problem+json' },
      }),
  );

afterEach(() => {
  vi.restoreAllMocks();
  setSession({ is_needed: false, role: 'admin', name: null });
});

describe('a session', () => {
  test('is needed by nobody where the server asks for none', async () => {
    answer(200, { is_needed: false, role: 'admin', name: null });
    await askSession();
    expect([mustSignIn(), may('admin'), signedIn()]).toEqual([false, true, null]);
  });

  test('allows what its role does, and what lesser ones do', async () => {
    answer(200, { is_needed: true, role: 'read', name: 'Ana' });
    await signIn('sgm_1_2');
    expect([may('predict'), may('read'), may('admin'), mustSignIn()]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(signedIn()?.textContent).toContain('Ana (may read)');
  });

  test('is over when the server says so, once for many requests', async () => {
    setSession({ is_needed: true, role: 'admin', name: 'Ana' });
    const told = vi.fn();
    onSessionChange(told);
    answer(401, { status: 401 });
    await Promise.allSettled([fetchStats(), fetchStats()]);
    expect(mustSignIn()).toBe(true);
    expect(told).toHaveBeenCalledTimes(1);
  });

  test('ends by signing out', async () => {
    setSession({ is_needed: true, role: 'admin', name: 'Ana' });
    const fetched = answer(204, null);
    await signOut();
    expect(fetched.mock.calls[0][1]?.method).toBe('DELETE');
    expect(session()).toEqual({ is_needed: true, role: null, name: null });
  });
});

describe('another tab', () => {
  const tab = () => new BroadcastChannel('segmenta.session');

  test('is told of signing out', async () => {
    setSession({ is_needed: true, role: 'admin', name: 'Ana' });
    answer(204, null);
    const told = vi.fn();
    const other = tab();
    other.addEventListener('message', told);
    await signOut();
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
    other.close();
  });

  test('shows who is signed in now, and changes nothing for who was before', async () => {
    followTabs();
    setSession({ is_needed: true, role: 'admin', name: 'Ana' });
    const changed = vi.fn();
    onSessionChange(changed);
    const other = tab();
    const same = answer(200, { is_needed: true, role: 'admin', name: 'Ana' });
    other.postMessage('changed');
    await vi.waitFor(() => expect(same).toHaveBeenCalledTimes(1));
    answer(200, { is_needed: true, role: 'read', name: 'Budi' });
    other.postMessage('changed');
    await vi.waitFor(() => expect(session().name).toBe('Budi'));
    expect(changed).toHaveBeenCalledTimes(1);
    other.close();
  });
});

describe('signing in', () => {
  const open = () => {
    const host = document.createElement('main');
    document.body.replaceChildren(host);
    showSignIn(host);
    const field = /** @type {HTMLInputElement} */ (host.querySelector('input'));
    const send = async () => {
      host.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
      await vi.waitFor(() => expect(host.querySelector('button')?.disabled).toBe(false));
    };
    return { host, field, send };
  };

  test('hides the token, and begins at its field', () => {
    const { field } = open();
    expect([field.type, document.activeElement === field]).toEqual(['password', true]);
  });

  test.each([
    [401, 'wrong, has expired or was revoked'],
    [429, 'Wait a minute'],
    [503, t('errorUnavailable')],
  ])('says why it was refused (%i)', async (status, sentence) => {
    setSession({ is_needed: true, role: null, name: null });
    answer(status, { status });
    const { host, field, send } = open();
    field.value = 'sgm_no';
    await send();
    expect(host.querySelector('[role=alert]')?.textContent).toContain(sentence);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(mustSignIn()).toBe(true);
  });

  test('does not take a refusal for the end of a session', async () => {
    answer(401, { status: 401 });
    await expect(signIn('x')).rejects.toBeInstanceOf(ApiError);
    expect(session().is_needed).toBe(false);
  });
});
