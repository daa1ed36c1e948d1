import { onSessionChange } from '../session/session.js';
import { recall, remember } from '../storage.js';

/** @import { Axes, Axis } from '../charts/axes.js' */

const key = 'axes';

onSessionChange(() => remember(key, null, sessionStorage));

/**
 * Keep the reader's choice for this visit.
 * @param {Axes} axes
 */
export function keepAxes({ x, y }) {
  remember(key, JSON.stringify([x.key, y.key]), sessionStorage);
}

/**
 * The axes chosen before, if the model at hand still has them both.
 * @param {Axis[]} choices
 * @returns {Axes | null}
 */
export function keptAxes(choices) {
  try {
    const [x, y] = JSON.parse(recall(key, sessionStorage) ?? '[]').map(
      (/** @type {string} */ chosen) => choices.find((axis) => axis.key === chosen),
    );
    return x && y && x !== y && x.kind !== 'segments' ? { x, y } : null;
  } catch {
    return null;
  }
}
