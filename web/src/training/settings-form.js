import { number } from '../format.js';
import { t } from '../i18n/index.js';
import { el, replace } from '../ui/dom.js';
import { caution, section, trouble, unfold } from '../ui/section.js';
import { errorSentence } from '../words/problem.js';
import { startJob } from './api.js';
import { columnTable } from './column-table.js';
import { countFields } from './count-fields.js';
import { logFields } from './log-fields.js';
import { faultsOf, orderOf } from './order.js';
import { preparationFields } from './preparation-fields.js';

/** @import { Faults } from './order.js' */
/** @import { Inspection, Job, Settings, Upload } from './types.js' */

/**
 * What is in a file, and what to learn from it.
 * @param {object} options
 * @param {Upload} options.upload
 * @param {Inspection} options.inspection
 * @param {Settings} options.settings changed as the reader chooses
 * @param {(job: Job) => void} options.started
 * @param {AbortSignal} options.signal
 */
export function settingsForm({ upload, inspection, settings, started, signal }) {
  const columns = el('div', { class: 'min-w-0' });
  const preparation = el('div', { class: 'empty:hidden' });
  const log = el('div', { class: 'empty:hidden' });
  const failed = el('div', { role: 'alert', class: 'empty:hidden' });
  const messages = faultLines();
  const button = el(
    'button',
    { type: 'submit', class: 'button button-primary h-11 w-full sm:w-64' },
    t('trainStart'),
  );

  function showColumns() {
    replace(columns, columnTable({ inspection, settings, changed: showPreparation, signal }));
    replace(log, settings.isLog && logFields({ inspection, settings, changed: messages.clear }));
    showPreparation();
  }

  function showPreparation() {
    messages.clear();
    replace(preparation, !settings.isLog && preparationFields({ inspection, settings }));
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    replace(failed);
    messages.clear();
    if (button.getAttribute('aria-disabled')) return;
    const faults = faultsOf(settings);
    if (Object.keys(faults).length > 0) return messages.show(faults, form);
    button.setAttribute('aria-disabled', 'true');
    try {
      const job = await startJob(orderOf(upload.id, inspection, settings));
      if (!signal.aborted) started(job);
    } catch (error) {
      if (!signal.aborted) replace(failed, trouble(refusal(error)));
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  const isLog = el('input', {
    type: 'checkbox',
    class: 'mt-0.5 size-4 shrink-0 accent-accent',
    on: {
      change: () => {
        settings.isLog = isLog.checked;
        showColumns();
      },
    },
  });
  isLog.checked = settings.isLog;

  const form = el(
    'form',
    { class: 'grid grid-cols-1 gap-5', novalidate: true, on: { submit } },
    el(
      'label',
      { class: 'flex items-start gap-2.5 text-sm' },
      isLog,
      el(
        'span',
        {},
        el('span', { class: 'font-medium' }, t('logSwitch')),
        el('span', { class: 'block text-muted' }, t('logHint')),
      ),
    ),
    log,
    messages.line('rfm'),
    columns,
    messages.line('features'),
    preparation,
    messages.line('preparation'),
    countFields({ settings, changed: messages.clear }),
    messages.line('n_clusters'),
    messages.line('min_segment_size'),
    failed,
    button,
  );
  showColumns();

  return section(
    {
      heading: t('inspectionTitle', { name: inspection.name }),
      hint: [t('rowsCount', { count: inspection.rows }), ...inspection.read_as].join(' · '),
      takesFocus: true,
    },
    inspection.unreadable_rows > 0 && unreadable(inspection),
    form,
  );
}

/** @param {Inspection} inspection */
function unreadable({ unreadable_rows: count, unreadable: sentences }) {
  return el(
    'div',
    { class: 'mb-5' },
    caution(t('unreadableRows', { count }), ''),
    unfold(
      t('unreadableShow', { shown: number(sentences.length) }),
      'mt-2',
      el(
        'ul',
        { class: 'mt-2 grid list-disc gap-1 pl-5 break-words', lang: 'en' },
        sentences.map((sentence) => el('li', {}, sentence)),
      ),
    ),
  );
}

/**
 * The lines beneath the parts of the form that say what is wrong with them.
 */
function faultLines() {
  /** @type {Map<string, HTMLElement>} */
  const lines = new Map();
  return {
    /** @param {keyof Faults} part */
    line(part) {
      const line = el('p', { id: `fault-${part}`, class: 'text-sm text-bad empty:hidden' });
      lines.set(part, line);
      return line;
    },
    clear() {
      lines.forEach((line) => replace(line));
    },
    /**
     * @param {Faults} faults
     * @param {HTMLElement} form
     */
    show(faults, form) {
      for (const [part, key] of Object.entries(faults)) {
        const line = lines.get(part);
        if (line) replace(line, t(key));
      }
      const [first] = Object.keys(faults);
      const control = form.querySelector(`[aria-describedby~="fault-${first}"]`);
      /** @type {HTMLElement | null} */ (control)?.focus();
    },
  };
}

/**
 * Why the server does not take the order: in its own words, which name the column or the figure.
 * @param {any} error
 */
function refusal(error) {
  const words = error?.problem?.errors?.map((/** @type {any} */ { msg }) => msg).join('; ');
  return words ? t('trainRefused', { words }) : errorSentence(error);
}
