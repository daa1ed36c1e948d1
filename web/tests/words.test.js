import { describe, expect, test } from 'vitest';
import { chooseLanguage } from '../src/i18n/language.js';
import { confidenceWords, switchSentence } from '../src/words/answer.js';
import { elbowWords } from '../src/words/elbow.js';
import { errorSentence, issueSentence } from '../src/words/problem.js';
import { traits, valueWord } from '../src/words/segment.js';
import { ApiError } from '../src/api.js';
import { mallModel } from './fixtures/index.js';

describe('what sets a segment apart', () => {
  const model = mallModel();
  const { segments } = model;
  const texts = (/** @type {number} */ id) =>
    traits(segments[id], model).map(({ direction, text }) => `${direction}: ${text}`);

  test('comes with the most telling first', () => {
    expect(texts(0)).toEqual([
      'down: Annual Income far below average: 26.3\u00a0k$, against 60.6\u00a0k$',
      'down: Spending Score far below average: 20.9, against 50.2',
      'up: Age slightly above average: 45.2, against 38.9',
    ]);
    expect(texts(3).at(-1)).toBe('up: More men: 54%, against 44%');
  });

  test('is told in Indonesian too', () => {
    chooseLanguage('id');
    expect(texts(0)[0]).toBe(
      'down: Annual Income jauh di bawah rata-rata: 26,3\u00a0k$, dibanding 60,6\u00a0k$',
    );
    expect(texts(3).at(-1)).toBe('up: Lebih banyak laki-laki: 54%, dibanding 44%');
  });

  test('may be nothing', () => {
    const average = { ...segments[0], profile: { numeric: [], categorical: [] } };
    expect(traits(average, model).map(({ text }) => text)).toEqual([
      'Close to the average customer in everything',
    ]);
  });

  test('women and men have words of their own, other values are the data’s', () => {
    expect(valueWord('Gender', 'Female')).toBe('Women');
    expect(valueWord('jenis_kelamin', 'L')).toBe('Men');
    expect(valueWord('Gender', 'Other')).toBe('Other');
    expect(valueWord('Member', 'M')).toBe('M');
    chooseLanguage('id');
    expect(valueWord('Genre', 'female')).toBe('Perempuan');
  });
});

describe('why this many segments', () => {
  test('names the witnesses and those that differ', () => {
    const words = elbowWords(mallModel());
    expect(words).toContain('bends at k = 5');
    expect(words).toContain('Silhouette and Davies-Bouldin agree.');
    expect(words).toContain('Calinski-Harabasz would choose 9.');
  });

  test('without a knee the silhouette decides, and is no witness to itself', () => {
    const model = mallModel();
    model.elbow.method = 'silhouette';
    model.elbow.advice = { ...model.elbow.advice, elbow: null };
    expect(elbowWords(model)).toContain('silhouette decided');
    expect(elbowWords(model)).toContain('Davies-Bouldin agrees.');
  });

  test('where groups are natural the silhouette goes before a knee, which is told', () => {
    const model = mallModel();
    model.elbow.method = 'silhouette';
    model.elbow.advice = { ...model.elbow.advice, elbow: 3 };
    expect(elbowWords(model)).toContain('natural groups, which stand as far apart at k = 5');
    expect(elbowWords(model)).not.toContain('no clear bend');
    expect(elbowWords(model)).toContain('The elbow would choose 3.');
    chooseLanguage('id');
    expect(elbowWords(model)).toContain('kelompok alami, yang di k = 5 terpisah');
  });

  test('a k chosen by hand is told', () => {
    expect(elbowWords({ ...mallModel(), n_clusters: 6 })).toContain('trained with k = 6');
  });

  test('a single segment has no witnesses', () => {
    const model = mallModel();
    const advice = { elbow: null, silhouette: null, calinski_harabasz: null, davies_bouldin: null };
    model.n_clusters = 1;
    model.elbow = { n_clusters: 1, method: 'single', by_k: [{ k: 1, wcss: 0 }], advice };
    expect(elbowWords(model)).toBe(
      'The customers are too alike to be split: one segment holds them all.',
    );
  });
});

describe('an answer', () => {
  test.each([
    [0.9, 'a clear case'],
    [0.5, 'a clear case'],
    [0.49, 'fairly clear'],
    [0.2, 'fairly clear'],
    [0.19, 'on the border'],
  ])('of confidence %d is %s', (confidence, words) => {
    expect(confidenceWords(confidence)).toBe(words);
  });

  test('says what would change it, rounded past the border', () => {
    const change = { column: 'Score', cluster_id: 1, persona: 'Target', change: 0 };
    expect(switchSentence({ ...change, from: 50, to: 73.528 }, undefined)).toContain('at 73.6');
    expect(switchSentence({ ...change, from: 50, to: 35.28 }, undefined)).toContain('at 35.2');
    expect(switchSentence({ ...change, from: 0.5, to: 0.5031 }, undefined)).toContain('at 0.5031');
    expect(switchSentence({ ...change, from: 5e6, to: 7_654_321.2 }, undefined)).toContain(
      'at 7,654,322 instead of 5,000,000',
    );
    chooseLanguage('id');
    expect(switchSentence({ ...change, from: 50, to: 35.28 }, undefined)).toBe(
      'Jika Score turun dari 50 menjadi 35,2, pelanggan ini masuk segmen Target.',
    );
  });
});

describe('an error', () => {
  test.each([
    [new ApiError('network'), 'The server cannot be reached. Is it running, and are you online?'],
    [new ApiError('timeout'), 'The server took too long to answer.'],
    [new ApiError('problem', { status: 503 }), 'The server cannot give this at the moment.'],
    [new ApiError('problem', { status: 400, detail: 'Broken.' }), 'Broken.'],
    [new ApiError('problem', { status: 418 }), 'Something went wrong.'],
    [new TypeError('internal'), 'Something went wrong.'],
    [
      new ApiError('problem', {
        status: 422,
        detail: 'age: a number is needed',
        errors: [{ loc: ['body', 'age'], msg: 'a number is needed', type: 'number_type' }],
      }),
      'Some of the fields need another look.',
    ],
  ])('%o is a sentence', (error, sentence) => {
    expect(errorSentence(error)).toBe(sentence);
  });

  test('about a field is told in the page’s words, or the server’s when they are new', () => {
    expect(issueSentence({ type: 'below_minimum', ctx: { minimum: 0 } })).toBe(
      'The least possible is 0.',
    );
    expect(issueSentence({ type: 'unheard_of', msg: 'no such thing' })).toBe('no such thing');
    chooseLanguage('id');
    expect(issueSentence({ type: 'missing' })).toBe('Mohon diisi.');
  });
});
