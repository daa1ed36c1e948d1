import { afterEach, describe, expect, test, vi } from 'vitest';
import { firstSettings, guessLog } from '../src/training/guess.js';
import { faultsOf, orderOf } from '../src/training/order.js';
import { chooseLanguage } from '../src/i18n/language.js';
import { bytes, moment } from '../src/format.js';
import { reasonSentence } from '../src/words/column.js';
import { progressSentence, stageSentence, stateWord } from '../src/words/job.js';
import { uploadErrorSentence } from '../src/words/training.js';
import { ApiError } from '../src/api.js';
import { columnReport, inspection, job, logColumns } from './fixtures/training.js';

afterEach(() => vi.restoreAllMocks());

describe('a log of transactions', () => {
  test('is known by its columns', () => {
    const log = { name: 'log.csv', rows: 100, columns: logColumns() };
    expect(firstSettings(inspection(log))).toMatchObject({
      isLog: true,
      isProduct: true,
      log: {
        customer: 'Customer ID',
        date: 'InvoiceDate',
        amount: '',
        quantity: 'Quantity',
        price: 'UnitPrice',
        order: 'InvoiceNo',
      },
    });
  });

  test('in Indonesian too', () => {
    const columns = [
      columnReport('ID Pelanggan', { kind: 'text', distinct: 10 }),
      columnReport('Tanggal', { kind: 'date' }),
      columnReport('Total Belanja', {}),
    ];
    expect(guessLog(columns)).toMatchObject({
      customer: 'ID Pelanggan',
      date: 'Tanggal',
      amount: 'Total Belanja',
    });
  });

  test('a list of customers is none, though it has days and amounts', () => {
    const columns = [
      columnReport('Customer ID', { kind: 'identifier', distinct: 100 }),
      columnReport('Joined on date', { kind: 'date' }),
      columnReport('Amount', {}),
    ];
    expect(firstSettings(inspection({ rows: 100, columns })).isLog).toBe(false);
  });
});

describe('the settings', () => {
  const file = inspection({
    columns: [
      columnReport('Id', { kind: 'identifier' }),
      columnReport('Age', { is_proposed: true }),
      columnReport('a=b', { is_proposed: true }),
    ],
  });
  const settings = () => firstSettings(file);

  test('begin with what is proposed', () => {
    expect(settings().features).toEqual(['Age', 'a=b']);
    expect(faultsOf(settings())).toEqual({});
    expect(orderOf('u', file, settings())).toEqual({
      upload: 'u',
      features: ['Age', 'a=b'],
      n_clusters: 'auto',
      on_error: 'fail',
    });
  });

  test('become an order, features as they stand in the file', () => {
    const chosen = {
      ...settings(),
      features: ['a=b', 'Id', 'Age'],
      prepared: {
        'a=b': {
          scale: /** @type {const} */ ('log1p,robust'),
          missing: /** @type {const} */ ('mode'),
          weight: '2,5',
        },
        Age: { scale: /** @type {const} */ (''), missing: /** @type {const} */ (''), weight: '1' },
        Gone: {
          scale: /** @type {const} */ ('plain'),
          missing: /** @type {const} */ (''),
          weight: '',
        },
      },
      count: /** @type {const} */ ('fixed'),
      k: ' 4 ',
      least: '2,5 %',
      skip: true,
    };
    expect(faultsOf(chosen)).toEqual({});
    expect(orderOf('u', file, chosen)).toEqual({
      upload: 'u',
      features: ['Id', 'Age', 'a=b'],
      preparation: ['a=b=log1p,robust,missing:mode,weight:2.5'],
      n_clusters: 4,
      min_segment_size: '2.5%',
      on_error: 'skip',
    });
  });

  test.each([
    [{ features: [] }, { features: 'faultNoFeatures' }],
    [{ count: 'fixed', k: '0' }, { n_clusters: 'faultCount' }],
    [{ count: 'fixed', k: '2.5' }, { n_clusters: 'faultCount' }],
    [{ count: 'auto', k: '' }, {}],
    [{ least: '0' }, { min_segment_size: 'faultLeast' }],
    [{ least: '101%' }, { min_segment_size: 'faultLeast' }],
    [{ least: '30' }, {}],
    [
      { prepared: { Age: { scale: '', missing: '', weight: '0' } } },
      { preparation: 'faultWeight' },
    ],
    [{ prepared: { Id: { scale: '', missing: '', weight: 'much' } } }, {}],
    [{ isLog: true }, { rfm: 'faultLogMissing' }],
  ])('%j', (changes, faults) => {
    expect(faultsOf(/** @type {any} */ ({ ...settings(), ...changes }))).toEqual(faults);
  });

  test('of a log name its columns, and no features', () => {
    const log = { customer: 'c', date: 'd', amount: 'a', quantity: 'q', price: '', order: '' };
    const chosen = { ...settings(), isLog: true, log };
    expect(orderOf('u', file, chosen)).toEqual({
      upload: 'u',
      n_clusters: 'auto',
      on_error: 'fail',
      rfm: { customer: 'c', date: 'd', amount: 'a' },
    });
    expect(faultsOf({ ...chosen, isProduct: true })).toEqual({ rfm: 'faultLogMissing' });
    const twice = { ...chosen, log: { ...log, order: 'c' } };
    expect(faultsOf(twice)).toEqual({ rfm: 'faultLogTwice' });
  });
});

describe('in words', () => {
  test('why a column is proposed, in both languages', () => {
    const numbers = { min: 0, max: 9, mean: 2, skew: 2, not_numbers: 0 };
    const column = columnReport('Amount', { is_proposed: true, numbers, distinct: 9 });
    expect(reasonSentence(column)).toMatch(/logarithms/);
    expect(reasonSentence({ ...column, numbers: { ...numbers, not_numbers: 1 } })).toMatch(
      /1 cell/,
    );
    expect(reasonSentence({ ...column, distinct: 1 })).toMatch(/all are equal/);
    expect(reasonSentence({ ...column, missing: 1 })).toMatch(/empty/);
    expect(reasonSentence({ ...column, is_proposed: false })).toMatch(/others are proposed/);
    chooseLanguage('id');
    expect(reasonSentence(columnReport('x', { kind: 'personal' }))).toMatch(/Data pribadi/);
    const unknown = columnReport('x', { kind: /** @type {any} */ ('place'), reason: 'a place' });
    expect(reasonSentence(unknown)).toBe('a place');
  });

  test('how far a training is', () => {
    expect(stageSentence(job({ state: 'queued', position: 2 }))).toBe(
      'It waits for 2 trainings before it.',
    );
    const running = job({ state: 'running', stage: 'clusters', iteration: 1234 });
    expect(stageSentence(running)).toBe('Segments are being looked for.');
    expect(progressSentence(running)).toBe('1,234 steps');
    const by_k = [1, 2, 3].map((k) => ({ k, wcss: 10 / k, silhouette: null }));
    expect(progressSentence({ ...running, by_k })).toBe('k = 3 of 10 · 1,234 steps');
    expect(stateWord({ ...running, is_cancelling: true })).toBe('Cancelling…');
  });

  test('how a training ended', () => {
    const done = job({ state: 'done', version: 'abc', skipped_rows: 1 });
    expect(stageSentence(done)).toBe(
      'The training is done: model abc is kept. 1 row could not be used.',
    );
    expect(stateWord(job({ state: 'failed' }))).toBe('failed');
  });

  test('a file too long names the limit', () => {
    const detail = 'the body is longer than 2147483648 bytes';
    const error = new ApiError('problem', { status: 413, detail });
    expect(uploadErrorSentence(error)).toBe(
      'The file is too long: the server takes 2.1 GB at most.',
    );
    expect(uploadErrorSentence(new ApiError('problem', { status: 507 }))).toMatch(/disk is full/);
  });

  test('lengths and times as the language writes them', () => {
    expect([bytes(0), bytes(1), bytes(999), bytes(1500)]).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1.5 kB',
    ]);
    expect(moment('2026-11-26T12:00:00Z')).toMatch(/26|25|27/);
  });
});
