import { describe, expect, test } from 'vitest';
import { driftPanel } from '../src/dashboard/drift.js';
import { chooseLanguage } from '../src/i18n/language.js';

/** @import { Drift } from '../src/types.js' */

/** @type {Drift} */
const drifted = {
  predictions: 1200,
  least: 500,
  verdict: 'drifted',
  sentence: 'It is time to retrain: Income moved.',
  features: [
    { column: 'Income', psi: 0.412, noise: 0.03, verdict: 'drifted' },
    { column: 'Age', psi: 0.012, noise: 0.03, verdict: 'steady' },
  ],
  segments: {
    psi: 0.2,
    noise: 0.02,
    verdict: 'shifting',
    shares: [{ cluster_id: 0, persona: 'Saver', expected: 0.25, observed: 0.5 }],
  },
  distance: { psi: null, noise: 0, verdict: 'too_few' },
};
/** @param {Element} element */
const text = (element) => element.textContent?.replace(/\s+/g, ' ') ?? '';
/** @param {Element} panel */
const rows = (panel) =>
  [...panel.querySelectorAll('tbody tr')].map((row) => [...row.children].map(text));

describe('whether the model is current', () => {
  test('is told with the sentence, each index, and the shares', () => {
    const panel = driftPanel(drifted);
    expect(text(panel)).toContain('Is the model still current?');
    expect(text(panel)).toContain('It is time to retrain: Income moved.');
    expect(rows(panel)).toEqual([
      ['Income', '0.412', '0.03', 'drifted'],
      ['Age', '0.012', '0.03', 'steady'],
      ['Sizes of segments', '0.2', '0.02', 'shifting'],
      ['Distance to the centre', '–', '–', 'not available'],
      ['Saver', '25%', '50%'],
    ]);
  });

  test('is not told of too few predictions', () => {
    for (const [predictions, said] of /** @type {const} */ ([
      [1, '1 prediction so far.'],
      [499, '499 predictions so far.'],
    ])) {
      const panel = driftPanel({ ...drifted, predictions, verdict: 'too_few' });
      expect(text(panel)).toContain(said);
      expect(rows(panel)).toEqual([]);
    }
    chooseLanguage('id');
    const panel = driftPanel({ ...drifted, predictions: 7, verdict: 'too_few' });
    expect(text(panel)).toContain('Baru ada 7 prediksi.');
  });
});
