import { installPalettes } from './colours.js';
import { showDashboard } from './dashboard/index.js';
import { t } from './i18n/index.js';
import { language, onLanguageChange } from './i18n/language.js';
import { showPredictor } from './predictor/index.js';
import { startRouter } from './router.js';
import { replace } from './ui/dom.js';
import { shell } from './ui/shell.js';

const views = { dashboard: showDashboard, predictor: showPredictor };
const app = /** @type {HTMLElement} */ (document.getElementById('app'));
let shown = new AbortController();

/**
 * Show a view in place of the last, whose charts and listeners end with its signal.
 * @param {import('./router.js').Route} route
 */
function show(route) {
  shown.abort();
  shown = new AbortController();
  document.documentElement.lang = language();
  document.title = `${t(route)} · Segmenta`;
  const { node, main } = shell(route, shown.signal);
  replace(app, node);
  views[route](main, shown.signal);
}

installPalettes();

/** @type {import('./router.js').Route} */
let current;
startRouter((route) => {
  const first = current === undefined;
  current = route;
  show(route);
  if (first) return;
  scrollTo(0, 0);
  app.querySelector('h1')?.focus();
});
onLanguageChange(() => {
  show(current);
  /** @type {HTMLElement | null} */ (
    app.querySelector(`[role=group][aria-label="${t('language')}"] [aria-pressed=true]`)
  )?.focus();
});
