import { chooseLanguage, language, languages } from '../i18n/language.js';
import { t } from '../i18n/index.js';
import { views } from '../router.js';
import { signedIn } from '../session/signed-in.js';
import { model, onChangedElsewhere, onForget } from '../store.js';
import { chooseTheme, themeChoice, themeChoices } from '../theme.js';
import { brand } from './brand.js';
import { choice } from './choice.js';
import { el, replace } from './dom.js';
import { icon } from './icons.js';
import { caution } from './section.js';

/** @import { Route, View } from '../router.js' */

const linkClasses =
  'flex flex-1 flex-col items-center gap-1 rounded-lg px-1 py-2 text-xs font-medium text-muted hover:bg-sunken hover:text-ink aria-[current]:text-accent lg:flex-none lg:flex-row lg:gap-3 lg:px-3 lg:text-sm lg:aria-[current]:bg-sunken';

/**
 * The frame around a view: skip link, navigation (a sidebar, or bars above and below on narrow
 * screens), switches, and the place for the view.
 * @param {Route} route
 * @param {AbortSignal} signal the frame is gone
 */
export function shell(route, signal) {
  const main = el('main', {
    id: 'main',
    class:
      'mx-auto w-full max-w-[100rem] min-w-0 px-4 pt-5 pb-8 focus:outline-none sm:px-6 lg:px-10 lg:pt-8',
    tabindex: '-1',
  });
  const node = el(
    'div',
    { class: 'min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]' },
    skipLink(main),
    el(
      'header',
      {
        class:
          'sticky top-0 z-20 flex items-center justify-between gap-2 border-b border-line bg-panel px-4 py-2.5 lg:h-dvh lg:flex-col lg:items-stretch lg:justify-start lg:gap-8 lg:border-r lg:border-b-0 lg:px-4 lg:py-6',
      },
      el('div', { class: 'lg:px-2' }, brand()),
      navigation(route),
      el(
        'div',
        { class: 'flex gap-2 lg:mt-auto lg:flex-wrap' },
        languageChoice(),
        themeSwitch(),
        signedIn(),
      ),
      modelFoot('div', 'hidden lg:block', signal),
    ),
    el(
      'div',
      { class: 'min-w-0 pb-20 lg:pb-0' },
      changeNotice(signal),
      main,
      modelFoot('footer', 'px-4 pb-6 text-center sm:px-6 lg:hidden', signal),
    ),
  );
  return { node, main };
}

/** @param {HTMLElement} main */
function skipLink(main) {
  // The hash belongs to the routes, so the link moves the focus itself.
  const jump = (/** @type {Event} */ event) => {
    event.preventDefault();
    main.focus();
  };
  return el(
    'a',
    {
      href: '#main',
      class: 'button sr-only z-30 focus:not-sr-only focus:fixed focus:top-3 focus:left-3',
      on: { click: jump },
    },
    t('skip'),
  );
}

/** @param {Route} current */
function navigation(current) {
  // A model's own view is one of the models.
  const entry = current.view === 'model' ? 'models' : current.view;
  const link = (/** @type {View} */ view) =>
    el(
      'a',
      {
        href: `#/${view}`,
        class: linkClasses,
        'aria-current': view === current.view ? 'page' : view === entry ? 'true' : null,
      },
      icon(view, 'size-5'),
      t(view),
    );
  return el(
    'nav',
    {
      'aria-label': t('navigation'),
      class:
        'fixed inset-x-0 bottom-0 z-20 flex gap-1 border-t border-line bg-panel px-2 py-1.5 lg:static lg:flex-col lg:border-0 lg:p-0',
    },
    views.map(link),
    el('a', { href: 'docs', class: linkClasses }, icon('docs', 'size-5'), t('apiDocs')),
  );
}

function languageChoice() {
  const names = { en: 'English', id: 'Bahasa Indonesia' };
  return choice({
    label: t('language'),
    options: languages.map((value) => ({
      value,
      name: names[value],
      face: el('span', { 'aria-hidden': 'true' }, value.toUpperCase()),
    })),
    chosen: language(),
    choose: chooseLanguage,
  });
}

function themeSwitch() {
  const names = { light: t('themeLight'), dark: t('themeDark'), system: t('themeSystem') };
  return choice({
    label: t('theme'),
    options: themeChoices.map((value) => ({ value, name: names[value], face: icon(value) })),
    chosen: themeChoice(),
    choose: chooseTheme,
  });
}

/**
 * Says when somebody else has changed the model that the page shows.
 * @param {AbortSignal} signal
 */
function changeNotice(signal) {
  const notice = el('div', { role: 'status', class: 'px-4 sm:px-6 lg:px-10' });
  onChangedElsewhere(() => replace(notice, caution(t('modelChanged'))), signal);
  return notice;
}

/**
 * Which data and model the page is about.
 * @param {'div' | 'footer'} tag
 * @param {string} classes
 * @param {AbortSignal} signal
 */
function modelFoot(tag, classes, signal) {
  const foot = el(tag, { class: `text-xs text-muted ${classes}` });
  const tell = () =>
    model().then(
      ({ data, model_version: version }) =>
        replace(
          foot,
          el('p', { class: 'truncate', title: data.name }, data.name),
          el('p', { class: 'mt-0.5 font-mono' }, t('modelFoot', { version })),
        ),
      () => {}, // The view tells what is wrong.
    );
  tell();
  onForget(tell, signal);
  return foot;
}
