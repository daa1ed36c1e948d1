/**
 * @typedef {[number, number]} Point
 * @typedef {{ left: number, right: number, bottom: number, top: number }} Bounds
 */

/**
 * The regions of a plane nearest to each centre, within bounds: what k-means decides by.
 * The distance counts each axis in its own scale, so a border is where two scaled distances are
 * equal: a straight line, and each region is the rectangle cut by the borders to all others.
 * @param {Point[]} centres in the units of the plane
 * @param {Point} scale the standard deviation of each axis
 * @param {Bounds} bounds
 * @returns {Point[][]} a convex polygon for each centre; empty when none of it is in bounds
 */
export function regions(centres, scale, { left, right, bottom, top }) {
  return centres.map((centre, own) => {
    /** @type {Point[]} */
    let polygon = [
      [left, bottom],
      [right, bottom],
      [right, top],
      [left, top],
    ];
    centres.forEach((rival, other) => {
      if (other !== own) polygon = cut(polygon, nearness(centre, rival, scale));
    });
    return polygon;
  });
}

/**
 * How much nearer a point is to the centre than to its rival; linear, and zero on the border.
 * @param {Point} centre
 * @param {Point} rival
 * @param {Point} scale
 * @returns {(point: Point) => number}
 */
function nearness(centre, rival, scale) {
  const weights = [0, 1].map((axis) => (2 * (centre[axis] - rival[axis])) / scale[axis] ** 2);
  const offset = [0, 1].reduce(
    (sum, axis) => sum + (rival[axis] ** 2 - centre[axis] ** 2) / scale[axis] ** 2,
    0,
  );
  return ([x, y]) => weights[0] * x + weights[1] * y + offset;
}

/**
 * The part of a convex polygon where a linear function is not negative.
 * @param {Point[]} polygon
 * @param {(point: Point) => number} side
 * @returns {Point[]}
 */
function cut(polygon, side) {
  /** @type {Point[]} */
  const kept = [];
  polygon.forEach((point, index) => {
    const next = polygon[(index + 1) % polygon.length];
    const here = side(point);
    const there = side(next);
    if (here >= 0) kept.push(point);
    if (here * there < 0) {
      const way = here / (here - there);
      kept.push([point[0] + way * (next[0] - point[0]), point[1] + way * (next[1] - point[1])]);
    }
  });
  return kept;
}
