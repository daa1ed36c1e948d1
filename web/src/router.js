/** @typedef {'dashboard' | 'predictor' | 'train' | 'models'} View the entries of the navigation */
/** @typedef {{ view: View } | { view: 'model', version: string }} Route */

/** @type {View[]} */
export const views = ['dashboard', 'predictor', 'train', 'models'];

/**
 * The route that a hash names; the dashboard when it names none.
 * @param {string} hash
 * @returns {Route}
 */
export function routeOf(hash) {
  const version = /^#\/models\/([\w-]+)$/.exec(hash)?.[1];
  if (version) return { view: 'model', version };
  return { view: views.find((view) => hash === `#/${view}`) ?? 'dashboard' };
}

/**
 * The address of a model's own view.
 * @param {string} version
 */
export function modelAddress(version) {
  return `#/models/${encodeURIComponent(version)}`;
}

/**
 * Call `show` now, and whenever the address names another view.
 * @param {(route: Route) => void} show
 */
export function startRouter(show) {
  let current = location.hash;
  show(routeOf(current));
  addEventListener('hashchange', () => {
    // Other fragments (the skip link's) are not routes.
    if (location.hash && !location.hash.startsWith('#/')) return;
    const [before, next] = [routeOf(current), routeOf(location.hash)];
    current = location.hash;
    if (JSON.stringify(before) !== JSON.stringify(next)) show(next);
  });
}
