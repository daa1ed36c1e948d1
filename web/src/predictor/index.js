import { t } from '../i18n/index.js';
import { onSessionChange } from '../session/session.js';
import { changedElsewhere, customersOf, model, onForget } from '../store.js';
import { el, replace } from '../ui/dom.js';
import { section, viewHeading } from '../ui/section.js';
import { emptyState, fill, skeleton } from '../ui/states.js';
import { answerPanel } from './answer.js';
import { customerForm } from './form.js';
import { isWide } from './form-layout.js';
import { clearHistory, history, keep } from './history.js';
import { historyList } from './history-list.js';
import { inPageLanguage } from './localise.js';
import { customerPlace } from './place.js';
import { scoreFile } from './score-file.js';

/** @import { Answer, Customer, Model } from '../types.js' */
/** @import { Entry } from './history.js' */

/** The form, and the answer beside it where there is room. */
const besideEachOther = 'xl:grid-cols-[24rem_minmax(0,1fr)]';

/**
 * The answer on show, kept while the page is open.
 * @type {Entry | null}
 */
let shown = null;

onSessionChange(() => (shown = null));

/**
 * @param {HTMLElement} host
 * @param {AbortSignal} signal
 */
export function showPredictor(host, signal) {
  const body = el('div', { class: `grid items-start gap-5 ${besideEachOther}` });
  host.append(viewHeading(t('predictor'), t('predictorIntro')), body);

  const open = () =>
    fill(body, {
      load: model,
      render: (known) => render(body, known, signal),
      waiting: () => [...skeleton('h-96'), ...skeleton('h-96')],
      signal,
    });
  onForget(open, signal);
  open();
}

/**
 * @param {HTMLElement} host
 * @param {Model} known
 * @param {AbortSignal} signal
 */
function render(host, known, signal) {
  const status = el('p', { class: 'sr-only', role: 'status' });
  const result = el('div', { class: 'grid gap-5' });
  const past = el('div', { class: 'empty:hidden' });
  let showing = new AbortController();

  /** @param {Entry} entry */
  function show(entry) {
    shown = entry;
    showing.abort();
    showing = new AbortController();
    const current = AbortSignal.any([signal, showing.signal]);
    const answer = inPageLanguage(entry.answer, known);
    const place = el('div', { class: 'min-w-0' });
    replace(result, answerPanel(answer, known), place);
    fill(place, {
      load: () => customersOf(known),
      render: (customers) =>
        customerPlace(place, { model: known, customers, entry, signal: current }),
      waiting: () => skeleton('h-96'),
      signal: current,
    });
    showPast();
  }

  function showPast() {
    replace(past, historyList(history(), { model: known, shown, show, clear }));
  }

  function clear() {
    clearHistory();
    showPast();
  }

  /**
   * @param {Customer} customer
   * @param {Answer} answer
   */
  function answered(customer, answer) {
    const entry = { customer, answer };
    keep(entry);
    if (answer.model_version !== known.model_version) {
      shown = entry;
      // The server has been given another model: what the page knows of the old one is worthless.
      changedElsewhere();
      return;
    }
    show(entry);
    replace(status, t('belongsTo', { persona: answer.persona }));
    // Beneath the form, on a narrow screen, an answer would come unseen.
    if (result.getBoundingClientRect().top > innerHeight * 0.7) {
      result.scrollIntoView({ block: 'start' });
    }
  }

  // A form of many fields has the whole width, and the answer stands beneath it.
  host.classList.toggle(besideEachOther, !isWide(known.features.length));
  host.append(
    section({ heading: t('customerTitle') }, customerForm(known, { answered, signal })),
    el('div', { class: 'grid min-w-0 grid-cols-1 gap-5' }, status, result, past, scoreFile(signal)),
  );
  if (shown && isOf(known, shown)) show(shown);
  else {
    replace(result, section({ heading: t('answerTitle') }, emptyState(t('answerEmpty'))));
    showPast();
  }
}

/**
 * Whether an answer can be shown beside a model: its columns and segments are that model's.
 * @param {Model} known
 * @param {Entry} entry
 */
function isOf(known, { answer }) {
  return answer.model_version === known.model_version;
}
