import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mapAxes } from '../src/charts/axes.js';
import { keepAxes, keptAxes } from '../src/dashboard/kept-axes.js';
import { customerForm } from '../src/predictor/form.js';
import { history, keep } from '../src/predictor/history.js';
import { showPredictor } from '../src/predictor/index.js';
import { signOut } from '../src/session/api.js';
import { setSession } from '../src/session/session.js';
import { forget } from '../src/store.js';
import { showTraining } from '../src/training/index.js';
import { send, transfer } from '../src/training/transfer.js';
import { mallModel, mallStats } from './fixtures/index.js';
import { mixedAnswer, mixedModel } from './fixtures/mixed.js';
import { columnReport, inspection } from './fixtures/training.js';

const upload = {
  id: 'abcdefghijkl',
  name: 'customers.csv',
  bytes: 1000,
  sha256: '',
  created_at: '2026-11-26T12:00:00Z',
};

/** @param {Record<string, unknown>} more answers by path */
function serve(more = {}) {
  const columns = [columnReport('Age', { is_proposed: true })];
  /** @type {Record<string, unknown>} */
  const answers = {
    'api/uploads': { uploads: [upload] },
    'api/jobs': { jobs: [] },
    [`api/uploads/${upload.id}/inspection`]: inspection({ columns }),
    ...more,
  };
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (path) =>
    path in answers ? Response.json(answers[String(path)]) : new Response(null, { status: 204 }),
  );
}

let session = new AbortController();

function signIn() {
  setSession({ is_needed: true, role: 'admin', name: 'Ana' });
  session = new AbortController();
}

async function leave() {
  await signOut();
  session.abort();
}

/**
 * Open a view, which ends with the session.
 * @param {(host: HTMLElement, signal: AbortSignal) => void} show
 */
function open(show) {
  const host = document.createElement('main');
  document.body.replaceChildren(host);
  show(host, session.signal);
  return host;
}

beforeEach(signIn);
afterEach(() => {
  session.abort();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  setSession({ is_needed: false, role: 'admin', name: null });
  forget();
});

describe('the next person to sign in sees nothing', () => {
  test('of what was to be learned, and how', async () => {
    serve();
    const exact = () => /** @type {HTMLInputElement} */ (document.querySelector('[value=fixed]'));
    const use = async (/** @type {HTMLElement} */ host) => {
      await vi.waitFor(() => expect(host.querySelector('[data-use]')).not.toBeNull());
      /** @type {HTMLElement} */ (host.querySelector('[data-use]')).click();
      await vi.waitFor(() => expect(exact()).not.toBeNull());
    };
    await use(open(showTraining));
    exact().click();
    open(showTraining);
    await vi.waitFor(() => expect(exact()?.checked).toBe(true));
    await leave();

    signIn();
    const host = open(showTraining);
    await vi.waitFor(() => expect(host.querySelector('[data-use]')).not.toBeNull());
    expect(host.querySelector('[aria-pressed=true]')).toBeNull();
    expect(host.querySelector('form')).toBeNull();
    await use(host);
    expect(exact().checked).toBe(false);
  });

  test('of a file on its way, which goes no further', async () => {
    class Sending extends EventTarget {
      upload = new EventTarget();
      open() {}
      setRequestHeader() {}
      send() {}
      abort() {
        this.dispatchEvent(new Event('abort'));
        this.dispatchEvent(new Event('loadend'));
      }
    }
    vi.stubGlobal('XMLHttpRequest', Sending);
    serve();
    const sent = send(new File(['a,b'], 'secret.csv'));
    expect(transfer()?.name).toBe('secret.csv');
    await Promise.all([leave(), expect(sent).rejects.toHaveProperty('name', 'AbortError')]);
    expect(transfer()).toBeNull();
  });

  test('of the customers that were asked about, and the answers', async () => {
    const model = mixedModel();
    serve({ 'api/model': model, 'predict?explain=true': mixedAnswer(), stats: mallStats() });
    const field = (/** @type {HTMLElement} */ host, /** @type {string} */ name) =>
      /** @type {HTMLInputElement} */ (host.querySelector(`[name="${name}"]`));
    const host = open((main, signal) =>
      main.append(customerForm(model, { answered: () => {}, signal })),
    );
    const age = field(host, 'age');
    age.value = '40';
    age.dispatchEvent(new Event('input'));
    keep({ customer: { age: 40 }, answer: mixedAnswer() });
    await leave();

    signIn();
    const next = open(showPredictor);
    await vi.waitFor(() => expect(field(next, 'age')).not.toBeNull());
    expect(field(next, 'age').value).toBe('');
    expect(history()).toEqual([]);
  });

  test('of how the map was looked at', async () => {
    serve();
    const axes = mapAxes(mallModel(), null);
    const [x, y] = axes.filter(({ kind }) => kind !== 'segments');
    keepAxes({ x: y, y: x });
    expect(keptAxes(axes)).not.toBeNull();
    await leave();
    expect(keptAxes(axes)).toBeNull();
  });
});
