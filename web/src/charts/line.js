import { onThemeChange } from '../theme.js';
import { translucent } from '../colours.js';
import { axis, Chart, chartColours, reducedMotion, tooltip } from './setup.js';

/**
 * A small line chart over whole numbers, with one of them marked.
 * @param {HTMLCanvasElement} canvas
 * @param {object} options
 * @param {{ x: number, y: number }[]} options.points
 * @param {number} [options.marked] the x to mark
 * @param {string} options.xTitle
 * @param {string} options.yTitle
 * @param {number} [options.last] the x at which the axis ends, if more points are to come
 * @param {AbortSignal} options.signal ends the chart
 * @returns {(points: { x: number, y: number }[]) => void} draws other points
 */
export function drawLine(canvas, { points: first, marked, xTitle, yTitle, last, signal }) {
  let points = first;
  const dataset = () => {
    const { accent, panel } = chartColours();
    const chosen = (/** @type {any} */ { raw }) => raw?.x === marked;
    return {
      data: points,
      borderColor: accent,
      borderWidth: 2,
      fill: true,
      backgroundColor: translucent(accent, 0.08),
      tension: 0.2,
      pointRadius: (/** @type {any} */ context) => (chosen(context) ? 7 : 3),
      pointHoverRadius: 7,
      pointBackgroundColor: (/** @type {any} */ context) => (chosen(context) ? accent : panel),
      pointBorderColor: accent,
      pointBorderWidth: 2,
    };
  };
  const across = () => {
    const named = axis(xTitle);
    return { ...named, ticks: { ...named.ticks, precision: 0 } };
  };
  const scales = () => ({
    x: { ...across(), type: 'linear', min: points[0]?.x, max: last ?? points.at(-1)?.x },
    y: { ...axis(''), beginAtZero: true },
  });
  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: [dataset()] },
    options: {
      animation: reducedMotion() ? false : { duration: 300 },
      interaction: { mode: 'nearest', intersect: false, axis: 'x' },
      layout: { padding: { right: 8, top: 8 } },
      scales: /** @type {any} */ (scales()),
      plugins: {
        tooltip: {
          ...tooltip(),
          displayColors: false,
          callbacks: {
            title: ([item]) => `k = ${item?.parsed.x}`,
            label: ({ formattedValue }) => `${yTitle}: ${formattedValue}`,
          },
        },
      },
    },
  });
  onThemeChange(() => {
    chart.data.datasets = [dataset()];
    chart.options.scales = /** @type {any} */ (scales());
    Object.assign(chart.options.plugins?.tooltip ?? {}, tooltip());
    chart.update('none');
  }, signal);
  signal.addEventListener('abort', () => chart.destroy());
  return (others) => {
    points = others;
    chart.data.datasets = [dataset()];
    chart.options.scales = /** @type {any} */ (scales());
    if (!signal.aborted) chart.update('none');
  };
}
