import { afterEach, describe, expect, test, vi } from 'vitest';
import { comparisonParts } from '../src/models/comparison.js';
import { modelCard } from '../src/models/card.js';
import { changesOf, faultsOf } from '../src/models/texts.js';
import { batchType, resultName } from '../src/predictor/score-file.js';
import { modelAddress, routeOf } from '../src/router.js';
import * as store from '../src/store.js';
import { fileStem } from '../src/ui/download.js';
import { look } from '../src/watch.js';
import { better, changeWords, surenessWords } from '../src/words/comparison.js';
import { textIssueSentence } from '../src/words/texts.js';
import { mallModel, plainModel } from './fixtures/index.js';
import { comparison, summary } from './fixtures/models.js';

const { signal } = new AbortController();
/** @param {Element | null} element */
const text = (element) => element?.textContent?.replace(/\s+/g, ' ') ?? '';

afterEach(() => {
  vi.restoreAllMocks();
  store.forget();
});

test('an address names a view, or a model', () => {
  expect(routeOf('#/train')).toEqual({ view: 'train' });
  expect(routeOf('#/models')).toEqual({ view: 'models' });
  expect(routeOf(modelAddress('3f2a9c01d4be'))).toEqual({ view: 'model', version: '3f2a9c01d4be' });
  for (const hash of ['', '#/', '#/models/', '#/models/a/b', '#/models/%2e%2e', '#/other'])
    expect(routeOf(hash)).toEqual({ view: 'dashboard' });
});

describe('a kept model', () => {
  const nothing = () => {};
  const options = { active: 'live', activate: nothing, remove: vi.fn(), signal };

  test('tells what it is, and offers what can be done', () => {
    const card = modelCard(summary({ version: 'other', silhouette: null }), options);
    expect(text(card)).toContain('customers.csv200 customers');
    expect(text(card)).toContain('Put to use');
    expect(card.querySelector('a')?.getAttribute('href')).toBe('#/models/other');
  });

  test('that is in use cannot be deleted, nor put to use again', () => {
    const card = modelCard(summary({ version: 'live', is_active: true }), options);
    expect(text(card)).not.toContain('Put to use');
    const button = [...card.querySelectorAll('button')].at(-1);
    button?.click();
    expect(button?.getAttribute('aria-disabled')).toBe('true');
    expect(options.remove).not.toHaveBeenCalled();
  });
});

describe('a comparison', () => {
  const model = { ...plainModel(2), model_version: 'new' };
  const parts = (/** @type {any} */ other) =>
    comparisonParts({ ...comparison(), ...other }, { model, second: plainModel(2), signal });

  test('pairs segments, and names what is new and what vanishes', () => {
    const [segments] = parts({});
    const rows = [...segments.querySelectorAll('tbody tr')];
    expect(rows.map((row) => row.getAttribute('data-kind'))).toEqual(['kept', 'vanished', 'new']);
    expect(text(rows[0])).toContain('Visits 25');
    expect(text(rows[0])).toContain('stays: surely the same (95%)');
  });

  test('marks who stays among the moves', () => {
    const [, moves] = parts({});
    expect(text(moves)).toContain('14 of 30 customers (47%) change their segment.');
    const stays = moves.querySelectorAll('[data-stays]');
    expect([...stays].map(text)).toEqual(['16 (stay)']);
    const heads = [...moves.querySelectorAll('thead th')].map(text);
    expect(heads).toEqual(['Regulars', 'Newcomers', 'Total']);
  });

  test('without the customers says that moves are not known', () => {
    const [, moves] = parts({ moves: null, customers: null, moved: null });
    expect(text(moves)).toContain('Who moves is not known');
  });

  test('marks the better figure, where one is', () => {
    const [, , quality] = parts({});
    const row = (/** @type {string} */ figure) =>
      text(quality.querySelector(`[data-figure=${figure}]`));
    expect(row('silhouette')).toBe('Silhouette0.4●better: 0.5');
    expect(row('davies_bouldin')).toBe('Davies-Bouldin●better: 0.60.7');
    expect(row('inertia')).toBe('WCSS105');
  });

  test('takes names as text', () => {
    const other = comparison();
    other.segments[2] = {
      ...other.segments[2],
      candidate: { cluster_id: 7, persona: '<b>x</b>', size: 14, share: 0.47, center: [75] },
    };
    other.features = { added: ['<img>'], removed: [], common: [] };
    const shown = parts(other);
    expect(shown.some((part) => part.querySelector('b, img'))).toBe(false);
    expect(text(shown[3])).toContain('New features: <img>.');
  });

  test('in words', () => {
    expect(surenessWords(0.7)).toBe('probably the same (70%)');
    expect(surenessWords(0.3)).toBe('perhaps the same (30%)');
    expect(changeWords({ live: null, candidate: null, kind: 'new', sureness: null })).toBe('new');
    expect(better('silhouette', 0.5, 0.5)).toBeNull();
    expect(better('calinski_harabasz', null, 3)).toBeNull();
    expect(better('rows', 1, 2)).toBeNull();
  });
});

describe('texts', () => {
  const before = {
    en: { persona: 'A', description: 'B', action: 'C' },
    id: { persona: 'a', description: 'b', action: 'c' },
  };

  test('are sent only where they are changed', () => {
    const after = { en: before.en, id: { ...before.id, persona: 'x', action: 'y' } };
    expect(changesOf(before, before)).toEqual({});
    expect(changesOf(before, after)).toEqual({ id: { persona: 'x', action: 'y' } });
  });

  test('may not be empty, nor too long in characters', () => {
    const en = { ...before.en, persona: '😀'.repeat(80), description: ' ' };
    expect(faultsOf({ ...before, en })).toEqual([
      { language: 'en', part: 'description', key: 'textEmpty' },
    ]);
    const longer = { ...before.en, persona: '😀'.repeat(81) };
    expect(faultsOf({ ...before, en: longer })[0]?.key).toBe('textTooLong');
  });

  test('that another segment has are told so', () => {
    expect(textIssueSentence({ msg: 'segment 3 is called that already' })).toMatch(/Another/);
    expect(textIssueSentence({ msg: 'it may hold no line break' })).toMatch(/no line break/);
  });
});

describe('a model changed by somebody else', () => {
  const serve = (/** @type {any} */ model) =>
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(model));

  test('is noticed, and so are other names', async () => {
    const told = vi.fn();
    store.onChangedElsewhere(told, signal);
    serve(mallModel());
    await store.model();
    await look();
    expect(told).not.toHaveBeenCalled();
    const renamed = mallModel();
    renamed.segments[0].persona = 'Other';
    serve(renamed);
    await look();
    expect(told).toHaveBeenCalledOnce();
    expect((await store.model()).segments[0].persona).toBe('Other');
  });

  test('is not asked for before the page has one', async () => {
    const fetched = serve(mallModel());
    await look();
    expect(fetched).not.toHaveBeenCalled();
  });
});

test('a file to score is known by its ending', () => {
  expect(batchType('a.b.CSV')).toBe('text/csv');
  expect(batchType('a.jsonl')).toBe('application/x-ndjson');
  expect(batchType('csv')).toBeUndefined();
  expect(resultName('a.b.csv')).toBe('a.b-segments.csv');
  expect(fileStem('Sultan Irit / “Ü”')).toBe('sultan-irit-u');
});
