import { describe, expect, test } from 'vitest';
import { firstAxes, mapAxes } from '../src/charts/axes.js';
import {
  centresOf,
  countLeftOut,
  decisionScale,
  extent,
  fileName,
  pointsBySegment,
  rowLines,
  rowOf,
  tellingHeaders,
} from '../src/charts/points.js';
import { placeAxes } from '../src/predictor/place.js';
import { mallModel, mallStats, plainModel } from './fixtures/index.js';
import { mixedAnswer, mixedModel, mixedProjection, mixedStats } from './fixtures/mixed.js';

const model = mallModel();
const [income, score, age] = mapAxes(model);
/** @param {any} axes @returns {string[]} */
const keys = (axes) => [axes.x.key, axes.y.key];
const { data } = mallStats();

describe('the points of the map', () => {
  const points = pointsBySegment(data, { x: income, y: score });

  test('are all customers, by segment, from left to right', () => {
    const sizes = [...points.entries()].sort(([a], [b]) => a - b).map(([, group]) => group.length);
    expect(sizes).toEqual([23, 22, 81, 35, 39]);
    for (const group of points.values()) {
      const across = group.map(({ x }) => x);
      expect(across).toEqual([...across].sort((a, b) => a - b));
    }
  });

  test('leave out a customer with a missing value', () => {
    const rows = [{ ...data[0], Age: null }, data[1]];
    const counted = [...pointsBySegment(rows, { x: age, y: score }).values()].flat();
    expect(counted).toHaveLength(1);
    expect(countLeftOut(rows, { x: age, y: score })).toBe(1);
    expect(countLeftOut(rows, { x: income, y: score })).toBe(0);
  });

  test('leave room at the ends of the axes', () => {
    const all = [...points.values()].flat();
    const { min, max } = extent(all, 'x');
    expect(min).toBeCloseTo(15 - 6.1, 9);
    expect(max).toBeCloseTo(137 + 6.1, 9);
    expect(extent([{ x: 3, y: 3, row: {} }], 'x')).toEqual({ min: 2, max: 4 });
    expect(extent([], 'x')).toEqual({});
  });
});

describe('the axes', () => {
  test('are the columns of numbers, the features first', () => {
    expect(mapAxes(model).map(({ key }) => key)).toEqual([
      'annual_income',
      'spending_score',
      'age',
    ]);
    expect(keys(firstAxes(model, mapAxes(model)))).toEqual(['annual_income', 'spending_score']);
  });

  test('make do with one column: each segment has a strip', () => {
    const plain = plainModel(3);
    const axes = /** @type {any} */ (firstAxes(plain, mapAxes(plain)));
    expect(keys(axes)).toEqual(['visits', ':segments']);
    expect(centresOf(plain, axes).map(({ at }) => at[1])).toEqual([0, 1, 2]);
    expect(fileName(axes)).toBe('segmenta-visits-segment.png');
    for (let index = 0; index < 50; index += 1) {
      expect(Math.abs(axes.y.place({ Cluster: 2 }, index) - 2)).toBeLessThan(0.5);
    }
    expect(axes.y.place({ Cluster: 2 })).toBe(2);
  });

  test('give each segment a strip whatever its id', () => {
    const plain = plainModel(3);
    [1, 3, 7].forEach((id, place) => (plain.segments[place].cluster_id = id));
    const { y } = /** @type {any} */ (firstAxes(plain, mapAxes(plain)));
    expect(plain.segments.map(y.middle)).toEqual([0, 1, 2]);
    expect(y.place({ Cluster: 7 })).toBe(2);
    for (let index = 0; index < 50; index += 1) {
      expect(Math.abs(y.place({ Cluster: 7 }, index) - 2)).toBeLessThan(0.5);
    }
    expect(y.place({ Cluster: 2 })).toBeNull();
  });

  test('begin with the strips where one feature decides, whatever else there is', () => {
    const plain = plainModel(3);
    plain.columns.push({ ...plain.columns[0], name: 'age', column: 'Age' });
    expect(mapAxes(plain).map(({ key }) => key)).toEqual(['visits', 'age', ':segments']);
    expect(keys(firstAxes(plain, mapAxes(plain)))).toEqual(['visits', ':segments']);
  });

  test('are nothing without a number', () => {
    const model = { ...plainModel(2), columns: [], features: [] };
    expect(firstAxes(model, mapAxes(model))).toBeNull();
  });

  test('show regions only when they are all that the model decides by', () => {
    const [across, upward] = model.scaler.scale_;
    expect(decisionScale(model, { x: income, y: score })).toEqual([across, upward]);
    expect(decisionScale(model, { x: score, y: income })).toEqual([upward, across]);
    expect(decisionScale(model, { x: age, y: score })).toBeNull();
    const three = { ...model, features: ['age', ...model.features] };
    expect(decisionScale(three, { x: income, y: score })).toBeNull();
  });

  test('show no regions where the numbers were bent or weigh differently', () => {
    const prepared = (/** @type {any} */ first) => {
      const plain = { kind: 'numeric', missing: { strategy: 'refuse' }, weight: 1 };
      const preparation = [
        { ...plain, name: 'annual_income', ...first },
        { ...plain, name: 'spending_score' },
      ];
      return decisionScale({ ...model, preparation }, { x: income, y: score });
    };
    expect(prepared({})).toEqual(model.scaler.scale_);
    expect(prepared({ scale: 'robust' })).toEqual(model.scaler.scale_);
    expect(prepared({ log1p: true })).toBeNull();
    expect(prepared({ clip: { lower: 0, upper: 90 } })).toBeNull();
    expect(prepared({ weight: 2 })).toBeNull();
  });
});

test('the middle of a segment is its centre, or its average where the model does not decide', () => {
  const [sensible] = centresOf(model, { x: age, y: score });
  expect(sensible.at[0]).toBeCloseTo(45.217, 3);
  expect(sensible.at[1]).toBeCloseTo(20.913, 3);
});

describe('a model of many dimensions', () => {
  const mixed = mixedModel();
  const { points } = mixedProjection();
  const { data: rows } = mixedStats();
  const axes = mapAxes(mixed, points);

  test('is first shown on its principal components', () => {
    expect(axes.map(({ kind }) => kind)).toEqual([
      ...['feature', 'feature', 'feature', 'column'],
      ...['component', 'component'],
    ]);
    const first = /** @type {any} */ (firstAxes(mixed, axes));
    expect(first.x.title).toBe('Principal component 1 (explains 41%)');
    expect(fileName(first)).toBe('segmenta-principal-component-1-principal-component-2.png');
    expect(centresOf(mixed, first).map(({ at }) => at)).toEqual(mixed.projection.centers);
    expect(decisionScale(mixed, first)).toBeNull();
    const placed = [...pointsBySegment(rows, first).values()].flat();
    expect(placed).toHaveLength(rows.length);
    for (const { x, y, row } of placed) expect([x, y]).toEqual(points[rows.indexOf(row)]);
  });

  test('has its middles there whatever the ids of its segments', () => {
    const gaps = mixedModel();
    gaps.segments.forEach((/** @type {any} */ segment, /** @type {number} */ place) => {
      segment.cluster_id = 2 * place + 1;
    });
    const first = /** @type {any} */ (firstAxes(gaps, mapAxes(gaps, points)));
    expect(centresOf(gaps, first).map(({ at }) => at)).toEqual(gaps.projection.centers);
  });

  test('is shown on its features without them', () => {
    expect(keys(firstAxes(mixed, mapAxes(mixed)))).toEqual(['income', 'age']);
  });

  test('takes the middles from the right coordinates', () => {
    const reordered = {
      ...mixed,
      features: ['city', 'income'],
      dimensions: [
        { name: 'city=Medan', feature: 0, value: 'Medan' },
        { name: 'income', feature: 1 },
      ],
      segments: [{ ...mixed.segments[0], center: [0.25, 4_000_000] }],
    };
    const [axis] = mapAxes(reordered);
    expect(axis.key).toBe('income');
    expect(axis.middle(reordered.segments[0])).toBe(4_000_000);
  });

  test('shows a new customer on what says most, of what is known', () => {
    const customer = { age: 40, visits: 2, tenure: 5, member: 'No' };
    const place = (/** @type {any} */ customer) =>
      placeAxes(mixed, { customer, answer: mixedAnswer() });
    expect(keys(place(customer))).toEqual(['visits', 'age']);
    expect(keys(place({ age: 40 }))).toEqual(['age', ':segments']);
    expect(place({ member: 'No' })).toBeNull();
  });

  test('shows a new customer on the principal components where the answer has a place there', () => {
    const answer = { ...mixedAnswer(), position: [0.5, -1.5] };
    const placed = placeAxes(mixed, /** @type {any} */ ({ customer: {}, answer }), [[1, 2]]);
    expect(keys(placed)).toEqual([':component-1', ':component-2']);
    const [at, other] = [undefined, 0].map((index) => [
      placed?.x.place({}, index),
      placed?.y.place({}, index),
    ]);
    expect(at).toEqual([0.5, -1.5]);
    expect(other).toEqual([1, 2]);
  });

  test('tells of a long row what matters most', () => {
    const wide = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`c${index}`, index]));
    const lines = rowLines(
      { ...wide, 'Income (Rp)': 5, Cluster: 1 },
      tellingHeaders(mixed, /** @type {any} */ ({ x: axes[0], y: axes[1] })),
    );
    expect(lines).toHaveLength(12);
    expect(lines).toContain('Income (Rp): 5');
    expect(lines.at(-1)).toBe('20 more columns');
  });
});

test('a customer’s row is told in the file’s own words', () => {
  expect(rowLines(data[0])).toEqual([
    'CustomerID: 1',
    'Gender: Male',
    'Age: 19',
    'Annual Income (k$): 15',
    'Spending Score (1-100): 39',
  ]);
  const row = rowOf({ annual_income: 50, spending_score: 60 }, model, 2);
  expect(rowLines(row)).toEqual(['Annual Income (k$): 50', 'Spending Score (1-100): 60']);
});
