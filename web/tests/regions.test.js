import { describe, expect, test } from 'vitest';
import { regions } from '../src/charts/regions.js';
import { mallModel } from './fixtures/index.js';

/** @typedef {import('../src/charts/regions.js').Point} Point */

const bounds = { left: 0, right: 140, bottom: 0, top: 100 };
const { segments, scaler } = mallModel();
/** @type {Point[]} */
const centres = segments.map((/** @type {any} */ { center }) => center);
const scale = scaler.scale_;

/** @param {Point[]} polygon */
function area(polygon) {
  return Math.abs(
    polygon.reduce((sum, [x, y], index) => {
      const [nextX, nextY] = polygon[(index + 1) % polygon.length];
      return sum + (x * nextY - nextX * y) / 2;
    }, 0),
  );
}

/** @param {Point[]} polygon @param {Point} point */
function contains(polygon, [x, y]) {
  return polygon.every(([ax, ay], index) => {
    const [bx, by] = polygon[(index + 1) % polygon.length];
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-9;
  });
}

describe('regions', () => {
  const cells = regions(centres, scale, bounds);

  test('cover the whole plane once', () => {
    const total = cells.reduce((sum, cell) => sum + area(cell), 0);
    expect(total).toBeCloseTo(140 * 100, 6);
  });

  test('hold the points that are nearest to their centre in scaled space', () => {
    for (let x = 0.5; x < 140; x += 7) {
      for (let y = 0.5; y < 100; y += 7) {
        const distances = centres.map(([cx, cy]) =>
          Math.hypot((x - cx) / scale[0], (y - cy) / scale[1]),
        );
        const nearest = distances.indexOf(Math.min(...distances));
        expect(contains(cells[nearest], [x, y])).toBe(true);
      }
    }
  });

  test('are empty for a centre whose region is out of sight', () => {
    const sight = { left: 20, right: 25, bottom: 15, top: 20 };
    const seen = regions(centres, scale, sight);
    expect(seen.map(({ length }) => length > 0)).toEqual([true, false, false, false, false]);
  });

  test('one centre has it all', () => {
    expect(area(regions([[5, 5]], [1, 1], bounds)[0])).toBe(140 * 100);
  });
});
