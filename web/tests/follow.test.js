import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { follow } from '../src/training/follow.js';
import { job } from './fixtures/training.js';

/** A stream of events in the test's hand. */
class Stream extends EventTarget {
  static CLOSED = 2;
  /** @type {Stream[]} */
  static all = [];
  readyState = 1;
  /** @param {string} url */
  constructor(url) {
    super();
    this.url = url;
    Stream.all.push(this);
  }
  close() {
    this.readyState = Stream.CLOSED;
  }
  /** @param {any} now */
  tell(now) {
    this.dispatchEvent(new MessageEvent('job', { data: JSON.stringify(now) }));
  }
  /** @param {number} state */
  fail(state) {
    this.readyState = state;
    this.dispatchEvent(new Event('error'));
  }
}

const ended = new AbortController();
const listeners = { changed: vi.fn(), lost: vi.fn(), connected: vi.fn() };
const begin = () => {
  follow('j-1', listeners, ended.signal);
  return Stream.all[0];
};

beforeEach(() => {
  Stream.all = [];
  vi.stubGlobal('EventSource', Stream);
  vi.useFakeTimers();
  Object.values(listeners).forEach((listener) => listener.mockReset());
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('a training that is followed', () => {
  test('is told until it is over, and no longer', () => {
    const stream = begin();
    expect(stream.url).toBe('api/jobs/j-1/events');
    stream.tell(job({ state: 'running', iteration: 3 }));
    expect(stream.readyState).toBe(1);
    stream.tell(job({ state: 'done', version: 'abc' }));
    expect(stream.readyState).toBe(Stream.CLOSED);
    expect(listeners.changed.mock.calls.map(([{ state }]) => state)).toEqual(['running', 'done']);
  });

  test('is waited for while the browser connects again', () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    begin().fail(0);
    expect(listeners.connected).toHaveBeenLastCalledWith(false);
    Stream.all[0].dispatchEvent(new Event('open'));
    expect(listeners.connected).toHaveBeenLastCalledWith(true);
    expect(fetched).not.toHaveBeenCalled();
  });

  test('is asked for when the stream is refused, and followed again', async () => {
    const answer = JSON.stringify(job({ state: 'running' }));
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(answer));
    begin().fail(Stream.CLOSED);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(Stream.all).toHaveLength(2);
    Stream.all[1].tell(job({ state: 'failed' }));
    expect(listeners.changed).toHaveBeenLastCalledWith(job({ state: 'failed' }));
  });

  test('that the server does not know is lost', async () => {
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('', { status: 404 }));
    begin().fail(Stream.CLOSED);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(listeners.lost).toHaveBeenCalledOnce();
    expect(Stream.all).toHaveLength(1);
  });

  test('ends with the view', () => {
    const stream = begin();
    ended.abort();
    expect(stream.readyState).toBe(Stream.CLOSED);
    follow('j-1', listeners, ended.signal);
    expect(Stream.all).toHaveLength(1);
  });
});
