/** @import { Theme } from './theme.js' */

/**
 * Ten hues for each background, after Okabe and Ito: apart in hue for most readers and in
 * lightness for those who see fewer hues, each with a contrast of at least 3 to its background.
 * @type {Record<Theme, string[]>}
 */
export const palettes = {
  light: [
    '#0c6cc7',
    '#de7200',
    '#169c6b',
    '#861058',
    '#7a5600',
    '#1c175b',
    '#db2543',
    '#4d8ebf',
    '#5e6436',
    '#8a8090',
  ],
  dark: [
    '#3f97ff',
    '#ee8a44',
    '#2fe0ac',
    '#dd80c4',
    '#ece04a',
    '#b7b6ff',
    '#f16f7c',
    '#a3e9ff',
    '#c8c07a',
    '#c6b7c5',
  ],
};

/** @typedef {'circle' | 'triangle' | 'rect' | 'rectRot' | 'down'} Shape */

/** @type {Shape[]} */
export const shapes = ['circle', 'triangle', 'rect', 'rectRot', 'down'];

const hues = palettes.light.length;

/**
 * The place of a segment's colour in the palette: the same for a cluster wherever it appears.
 * @param {number} clusterId
 */
export function hueOf(clusterId) {
  return clusterId % hues;
}

/**
 * @param {number} clusterId
 * @param {Theme} theme
 */
export function segmentColour(clusterId, theme) {
  return palettes[theme][hueOf(clusterId)];
}

/**
 * A point shape. Past the tenth segment the hues come round again, and the shapes have moved on
 * by one, so no two of the first fifty segments share both.
 * @param {number} clusterId
 */
export function segmentShape(clusterId) {
  return shapes[(clusterId + Math.floor(clusterId / hues)) % shapes.length];
}

/**
 * @param {string} hex "#rrggbb"
 * @param {number} alpha 0 to 1
 */
export function translucent(hex, alpha) {
  const [r, g, b] = channels(hex);
  return `rgb(${r} ${g} ${b} / ${alpha})`;
}

/**
 * The red, green and blue of a colour, 0 to 255.
 * @param {string} hex "#rrggbb"
 */
export function channels(hex) {
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
}

/** Lay the palettes down as CSS variables, so that elements follow the theme by themselves. */
export function installPalettes() {
  const sheet = new CSSStyleSheet();
  const block = (/** @type {Theme} */ theme) =>
    palettes[theme].map((colour, hue) => `--seg-${hue}: ${colour};`).join(' ');
  sheet.replaceSync(`:root { ${block('light')} } :root[data-theme='dark'] { ${block('dark')} }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/**
 * The CSS value for a segment's colour in either theme.
 * @param {number} clusterId
 */
export function segmentColourVariable(clusterId) {
  return `var(--seg-${hueOf(clusterId)})`;
}
