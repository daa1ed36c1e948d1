import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError, fetchAnswer, fetchModel } from '../src/api.js';
import { chooseLanguage } from '../src/i18n/language.js';
import * as store from '../src/store.js';

/** @param {any} body @param {ResponseInit} [init] */
const answer = (body, init) =>
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(body, init));

afterEach(() => {
  vi.restoreAllMocks();
  store.forget();
});

describe('a request', () => {
  test('names the page’s language', async () => {
    const fetched = answer('{}');
    chooseLanguage('id');
    await fetchModel();
    const [path, options] = fetched.mock.calls[0];
    expect(path).toBe('api/model');
    expect(options?.headers).toMatchObject({ 'Accept-Language': 'id' });
  });

  test('brings the server’s problem', async () => {
    const problem = { title: 'Unprocessable Content', status: 422, detail: 'why' };
    answer(JSON.stringify(problem), {
      status: 422,
      headers: { 'Content-Type': 'application/problem+json' },
    });
    const error = await fetchAnswer({}).catch((caught) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ kind: 'problem', problem, message: 'why' });
  });

  test('keeps the status when something in between answers with a page', async () => {
    answer('<h1>Bad gateway</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } });
    await expect(fetchModel()).rejects.toMatchObject({ kind: 'problem', problem: { status: 502 } });
  });

  test('that reaches nobody is a network error', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    await expect(fetchModel()).rejects.toMatchObject({ kind: 'network' });
  });

  test('called off by its caller is no error of the server', async () => {
    const caller = new AbortController();
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => {
      caller.abort();
      throw caller.signal.reason;
    });
    await expect(fetchModel(caller.signal)).rejects.toBe(caller.signal.reason);
  });
});

describe('the store', () => {
  test('asks once for each language', async () => {
    const fetched = answer('{}');
    await Promise.all([store.model(), store.model()]);
    chooseLanguage('id');
    await store.model();
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  test('tries again after a failure', async () => {
    const fetched = answer('no', { status: 503 });
    await store.model().catch(() => {});
    await store.model().catch(() => {});
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});
