import { describe, expect, test } from 'vitest';
import {
  centresOf,
  decisionScale,
  extent,
  fileName,
  firstAxes,
  pointsBySegment,
  rowLines,
  rowOf,
} from '../src/charts/points.js';
import { numericColumns } from '../src/rules.js';
import { mallModel, mallStats, plainModel } from './fixtures/index.js';

const model = mallModel();
const [age, income, score] = numericColumns(model);
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
  test('begin with the features', () => {
    expect(firstAxes(model, [age, income, score])).toEqual({ x: income, y: score });
  });

  test('make do with one column', () => {
    const plain = plainModel(3);
    const axes = firstAxes(plain, numericColumns(plain));
    expect(axes.y).toBeNull();
    expect(centresOf(plain, axes).map(({ at }) => at[1])).toEqual([0, 1, 2]);
    expect(fileName(axes)).toBe('segmenta-visits-segment.png');
  });

  test('show regions only when they are all that the model decides by', () => {
    const [across, upward] = model.scaler.scale_;
    expect(decisionScale(model, { x: income, y: score })).toEqual([across, upward]);
    expect(decisionScale(model, { x: score, y: income })).toEqual([upward, across]);
    expect(decisionScale(model, { x: age, y: score })).toBeNull();
    const three = { ...model, features: ['age', ...model.features] };
    expect(decisionScale(three, { x: income, y: score })).toBeNull();
  });
});

test('the middle of a segment is its centre, or its average where the model does not decide', () => {
  const [sensible] = centresOf(model, { x: age, y: score });
  expect(sensible.at[0]).toBeCloseTo(45.217, 3);
  expect(sensible.at[1]).toBeCloseTo(20.913, 3);
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
