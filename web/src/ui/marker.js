import { segmentColourVariable, segmentShape } from '../colours.js';

/** @import { Shape } from '../colours.js' */

const namespace = 'http://www.w3.org/2000/svg';

/** @type {Record<Shape, string>} */
const paths = {
  circle: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z',
  triangle: 'M8 2l6.5 11.5h-13z',
  rect: 'M2.8 2.8h10.4v10.4H2.8z',
  rectRot: 'M8 1l7 7l-7 7l-7-7z',
  down: 'M8 14l6.5-11.5h-13z',
};

/**
 * The mark of a segment, in the colour and shape its points have in the charts.
 * @param {number} clusterId
 * @param {string} [classes]
 */
export function marker(clusterId, classes = 'size-3.5') {
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `${classes} shrink-0`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', paths[segmentShape(clusterId)]);
  path.style.fill = segmentColourVariable(clusterId);
  svg.append(path);
  return svg;
}
