import { describe, expect, test } from 'vitest';
import { elbowTable } from '../src/dashboard/elbow-table.js';
import { keyFigures } from '../src/dashboard/figures.js';
import { preparation } from '../src/dashboard/preparation.js';
import { segmentCards } from '../src/dashboard/segments.js';
import { chooseLanguage } from '../src/i18n/language.js';
import { elbowWords } from '../src/words/elbow.js';
import { traits } from '../src/words/segment.js';
import { mallModel, plainModel } from './fixtures/index.js';
import { mixedModel, widened } from './fixtures/mixed.js';

const model = mixedModel();
/** @param {Element | null | undefined} element */
const text = (element) => element?.textContent?.replace(/\s+/g, ' ') ?? '';

describe('the key figures', () => {
  test('name many features, and show a few', () => {
    expect(text(keyFigures(model))).toContain('Features5Income, Age, Visits last year, and 2 more');
    const few = { ...model, features: ['age', 'member'] };
    expect(text(keyFigures(few))).toContain('Average Age');
    expect(text(keyFigures(few))).toMatch(/Most frequent Loyalty memberYes\d+% of all customers/);
  });

  test('do not call slices what the data advise', () => {
    const slices = mallModel();
    slices.elbow.grouping = 'none';
    expect(text(keyFigures(slices))).toContain('slices of a continuum');
    expect(text(keyFigures(slices))).not.toContain('as the data advise');
    expect(text(keyFigures(mallModel()))).toContain('as the data advise');
  });
});

describe('a card', () => {
  const card = (/** @type {any} */ of, id = 0) =>
    segmentCards(of).querySelector(`[data-cluster="${id}"]`);

  test('tells the shares of categories, whatever their number', () => {
    const shown = text(card(model));
    expect(shown).toMatch(/Loyalty memberNo \d+%Yes \d+%/);
    expect(shown).toMatch(/CityJakarta\d+%/);
    expect(shown).toMatch(/City: “Jakarta” more often: \d+%, against \d+%/);
    chooseLanguage('id');
    expect(text(card(model))).toMatch(/Loyalty memberTidak \d+%Ya \d+%/);
  });

  test('puts the most distinguishing columns first, and folds the rest away', () => {
    const wide = card(widened(20, false));
    const [first] = wide?.querySelectorAll('dl') ?? [];
    expect(text(first?.querySelector('dt'))).toBe('extra_20');
    expect(first?.children).toHaveLength(6);
    const folded = [...(wide?.querySelectorAll('details') ?? [])].map((each) => text(each));
    expect(folded.some((each) => each.startsWith('18 more columns'))).toBe(true);
    expect(wide?.querySelectorAll('details[open]')).toHaveLength(0);
  });

  test('trusts the level where a few huge amounts stretch the deviation', () => {
    const skewed = plainModel(2);
    const [segment] = skewed.segments;
    segment.profile.numeric[0].difference = -0.2;
    expect(traits(segment, skewed)[0].direction).toBe('equal');
    segment.levels = ['low'];
    expect(traits(segment, skewed)[0].text).toContain('Visits below average');
    segment.levels = ['high'];
    expect(traits(segment, skewed)[0].direction).toBe('equal');
  });
});

describe('why this many segments', () => {
  test('names stability among the witnesses', () => {
    const words = elbowWords(model);
    expect(words).toContain('Silhouette and Calinski-Harabasz agree.');
    expect(words).toContain('Davies-Bouldin would choose 4. Stability would choose 2.');
    expect(words).not.toContain('The criteria disagree');
  });

  test('says when most would have it otherwise', () => {
    const torn = mixedModel();
    torn.elbow.advice = { ...torn.elbow.advice, silhouette: 2, calinski_harabasz: 2 };
    expect(elbowWords(torn)).toContain('The criteria disagree');
  });

  test('has words for a way of deciding that the page does not know', () => {
    const other = mixedModel();
    other.elbow.method = 'vote';
    expect(elbowWords(other)).toContain('The data advise k = 3.');
    expect(elbowWords(other)).toContain('The elbow, Silhouette, and Calinski-Harabasz agree.');
  });

  test('the table marks what each criterion chooses', () => {
    const rows = [...elbowTable(model.elbow).querySelectorAll('tbody tr')];
    const marks = rows.map((row) => row.querySelectorAll('.sr-only').length);
    expect(marks).toEqual([0, 1, 3, 1, 0]);
    expect(text(elbowTable(model.elbow))).toContain('Stability');
    expect(text(elbowTable(mallModel().elbow))).not.toContain('Stability');
  });
});

describe('the preparation', () => {
  test('is told where more was done than always', () => {
    const shown = text(preparation(model));
    expect(shown).toContain('Income (Rp)Empty cells take the median.');
    expect(shown).toContain('Loyalty memberOne column of 0 and 1');
    expect(shown).toContain('Only standardised, as always: Age and Visits last year.');
    expect(preparation(mallModel())).toBeNull();
    const plain = model.preparation.filter((/** @type {any} */ { name }) => name === 'age');
    expect(preparation({ ...model, preparation: plain })).toBeNull();
  });
});
