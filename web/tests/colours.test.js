import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { channels, palettes, segmentColour, segmentShape } from '../src/colours.js';

const css = readFileSync('src/style.css', 'utf8');
/** The value of a variable: the theme's own, or the one it inherits. @param {string} name */
const values = (name) =>
  [...css.matchAll(new RegExp(`--color-${name}: (#[0-9a-f]{6})`, 'g'))].map(([, value]) => value);
const themes = /** @type {const} */ (['light', 'dark']);
/** @param {string} name @param {'light' | 'dark'} theme */
const page = (name, theme) => values(name)[theme === 'light' ? 0 : 1];

/** @param {number} value */
const linear = (value) =>
  value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;

/** @param {string} hex */
function luminance(hex) {
  const [r, g, b] = channels(hex).map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast ratio of WCAG 2. @param {string} a @param {string} b */
function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(themes)('in the %s theme', (theme) => {
  test.each(palettes[theme])('%s stands out from the panel', (colour) => {
    expect(contrast(colour, page('panel', theme))).toBeGreaterThanOrEqual(3);
  });

  test.each(['ink', 'muted', 'bad', 'warn', 'accent'])('%s text can be read', (name) => {
    for (const ground of ['panel', 'canvas', 'sunken']) {
      expect(contrast(page(name, theme), page(ground, theme))).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('the edge of a field can be seen', () => {
    expect(contrast(page('edge', theme), page('panel', theme))).toBeGreaterThanOrEqual(3);
  });

  test.each(simulations())('the first five colours stay apart with %s', (_name, matrix) => {
    const seen = palettes[theme].slice(0, 5).map((colour) => lab(simulate(colour, matrix)));
    seen.forEach((one, index) => {
      for (const other of seen.slice(index + 1)) {
        expect(Math.hypot(...one.map((value, axis) => value - other[axis]))).toBeGreaterThan(20);
      }
    });
  });
});

test('no two of the first fifty segments share colour and shape', () => {
  const looks = Array.from(
    { length: 50 },
    (_, id) => segmentColour(id, 'light') + segmentShape(id),
  );
  expect(new Set(looks).size).toBe(50);
});

/** How colours look with a missing cone, in linear RGB (Viénot, Brettel and Mollon 1999).
 * @returns {[string, number[][]][]} */
function simulations() {
  return [
    [
      'no red cones',
      [
        [0.11238, 0.88762, 0],
        [0.11238, 0.88762, 0],
        [0.00401, -0.00401, 1],
      ],
    ],
    [
      'no green cones',
      [
        [0.29275, 0.70725, 0],
        [0.29275, 0.70725, 0],
        [-0.02234, 0.02234, 1],
      ],
    ],
  ];
}

/** @param {string} hex @param {number[][]} matrix linear RGB as seen */
function simulate(hex, matrix) {
  const rgb = channels(hex).map(linear);
  return matrix.map((row) =>
    Math.max(
      0,
      row.reduce((sum, weight, index) => sum + weight * rgb[index], 0),
    ),
  );
}

/** CIE Lab of linear RGB. @param {number[]} rgb */
function lab([r, g, b]) {
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ].map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
