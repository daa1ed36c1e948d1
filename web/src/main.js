import { installPalettes } from './colours.js';
import { showDashboard } from './dashboard/index.js';
import { t } from './i18n/index.js';
import { language, onLanguageChange } from './i18n/language.js';
import { showModels } from './models/index.js';
import { showModel } from './models/model.js';
import { showPredictor } from './predictor/index.js';
import { startRouter } from './router.js';
import { askSession, followTabs } from './session/api.js';
import { may, mustSignIn, onSessionChange } from './session/session.js';
import { showSignIn } from './session/view.js';
import { forget } from './store.js';
import { showTraining } from './training/index.js';
import { replace } from './ui/dom.js';
import { shell } from './ui/shell.js';
import { emptyState } from './ui/states.js';
import { viewHeading } from './ui/section.js';
import { watchModel } from './watch.js';

/** @import { Route } from './router.js' */

const app = /** @type {HTMLElement} */ (document.getElementById('app'));
let shown = new AbortController();

/**
 * Show a view in place of the last, whose charts and listeners end with its signal.
 * @param {Route} route
 */
function show(route) {
  shown.abort();
  shown = new AbortController();
  document.documentElement.lang = language();
  document.title = `${titleOf(route)} · Segmenta`;
  const { node, main } = shell(route, shown.signal);
  replace(app, node);
  fillView(route, main, shown.signal);
}

/** @param {Route} route */
function titleOf(route) {
  return route.view === 'model' ? t('modelFoot', { version: route.version }) : t(route.view);
}

/**
 * @param {Route} route
 * @param {HTMLElement} main
 * @param {AbortSignal} signal
 */
function fillView(route, main, signal) {
  if (mustSignIn()) return showSignIn(main);
  const missing = missingRight(route);
  if (missing) return replace(main, viewHeading(titleOf(route), ''), emptyState(missing));
  switch (route.view) {
    case 'predictor':
      return showPredictor(main, signal);
    case 'train':
      return showTraining(main, signal);
    case 'models':
      return showModels(main, signal);
    case 'model':
      return showModel(main, route.version, signal);
    default:
      return showDashboard(main, signal);
  }
}

/**
 * Why somebody may not see a view, if so.
 * @param {Route} route
 */
function missingRight({ view }) {
  if (view === 'predictor') return null;
  if (view === 'train') return may('admin') ? null : t('needsAdmin');
  return may('read') ? null : t('needsRead');
}

installPalettes();
await askSession();
followTabs();
watchModel();

/** @type {Route} */
let current;
startRouter((route) => {
  const first = current === undefined;
  current = route;
  show(route);
  if (first) return;
  scrollTo(0, 0);
  app.querySelector('h1')?.focus();
});
onSessionChange(() => {
  // What somebody else may have seen is forgotten, and no view asks for it again meanwhile.
  shown.abort();
  forget();
  show(current);
});
onLanguageChange(() => {
  show(current);
  /** @type {HTMLElement | null} */ (
    app.querySelector(`[role=group][aria-label="${t('language')}"] [aria-pressed=true]`)
  )?.focus();
});
