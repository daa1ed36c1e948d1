/** @typedef {'dashboard' | 'predictor'} Route */

/** @type {Route[]} */
export const routes = ['dashboard', 'predictor'];

/**
 * The route that a hash names; the dashboard when it names none.
 * @param {string} hash
 * @returns {Route}
 */
export function routeOf(hash) {
  return routes.find((route) => hash === `#/${route}`) ?? 'dashboard';
}

/**
 * Call `show` now, and whenever the address names another view.
 * @param {(route: Route) => void} show
 */
export function startRouter(show) {
  let current = routeOf(location.hash);
  show(current);
  addEventListener('hashchange', () => {
    // Other fragments (the skip link's) are not routes.
    if (location.hash && !location.hash.startsWith('#/')) return;
    const next = routeOf(location.hash);
    if (next === current) return;
    current = next;
    show(next);
  });
}
