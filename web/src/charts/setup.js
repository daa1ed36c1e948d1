import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js';
import zoom from 'chartjs-plugin-zoom';

Chart.register(
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
  zoom,
);
Chart.defaults.font.family = getComputedStyle(document.documentElement).fontFamily;
Chart.defaults.maintainAspectRatio = false;

export { Chart };

/** True for readers who asked their system for less motion. */
export function reducedMotion() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** The page's colours for what a chart draws besides the data, in the theme of the moment. */
export function chartColours() {
  const style = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => style.getPropertyValue(`--color-${name}`).trim();
  return {
    ink: of('ink'),
    muted: of('muted'),
    line: of('line'),
    panel: of('panel'),
    accent: of('accent'),
  };
}

/**
 * An axis with a title.
 * @param {string} text
 */
export function axis(text) {
  const { muted, line } = chartColours();
  return {
    title: { display: true, text, color: muted, font: { size: 12 } },
    ticks: { color: muted, maxRotation: 0, font: { size: 11 } },
    grid: { color: line },
    border: { color: line },
  };
}

/** The look of a tooltip. */
export function tooltip() {
  const { ink, panel, muted, line } = chartColours();
  return {
    backgroundColor: panel,
    borderColor: line,
    borderWidth: 1,
    titleColor: ink,
    bodyColor: muted,
    padding: 10,
    cornerRadius: 8,
    boxPadding: 4,
    usePointStyle: true,
  };
}
