import { expect, test, vi } from 'vitest';
import { mapAxes, segmentsAxis } from '../src/charts/axes.js';
import { strengths } from '../src/charts/cells.js';
import { hasWindows, pointsOf } from '../src/charts/windows.js';
import { fetchView } from '../src/api.js';
import { mallModel } from './fixtures/index.js';

const [x, y] = mapAxes(mallModel());

/** @returns {import('../src/types.js').View} */
const view = () => ({
  total: 1_000_000,
  in_view: 111,
  x: [0, 10],
  y: [0, 10],
  is_complete: false,
  points: [
    [3, 2, 4],
    [1, 5, 4],
    [9, 9, 0],
  ],
  columns: 2,
  rows: 2,
  segments: [
    {
      cluster_id: 0,
      in_view: 101,
      cells: [
        [0, 100],
        [3, 1],
      ],
    },
    { cluster_id: 4, in_view: 10, cells: [[3, 10]] },
  ],
});

test('a cell has the colour of its most frequent segment, and is never invisible', () => {
  const cells = strengths(view());
  expect(cells.map(({ cell, clusterId }) => [cell, clusterId])).toEqual([
    [0, 0],
    [3, 4],
  ]);
  expect(cells[0].strength).toBe(1);
  expect(cells[1].strength).toBeGreaterThan(0.25);
  expect(cells[1].strength).toBeLessThan(1);
});

test('the points of a view go to their segments, from left to right', () => {
  const points = pointsOf(view(), { x, y });
  expect(points.get(4)?.map((point) => point.x)).toEqual([1, 3]);
  expect(points.get(0)?.[0].row).toEqual({
    'Annual Income (k$)': '9\u00a0k$',
    'Spending Score (1-100)': '9',
    Cluster: 0,
  });
});

test('strips have no windows, which only the page knows', () => {
  expect(hasWindows({ x, y })).toBe(true);
  expect(hasWindows({ x, y: segmentsAxis(mallModel()) })).toBe(false);
});

test('a window is asked for by its ends', async () => {
  const asked = vi.fn(async () => Response.json(view()));
  vi.stubGlobal('fetch', asked);
  await fetchView({ x: ':component-1', y: 'age', hide: [1, 3], range: null });
  await fetchView({ x: 'a', y: 'b', hide: [], range: { x: [1, 2], y: [-0.5, 3] } });
  expect(asked.mock.calls.map(([path]) => path)).toEqual([
    'api/view?x=%3Acomponent-1&y=age&hide=1%2C3',
    'api/view?x=a&y=b&x_min=1&x_max=2&y_min=-0.5&y_max=3',
  ]);
});
