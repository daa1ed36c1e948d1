import { measure, number, percent } from '../format.js';
import { t } from '../i18n/index.js';
import { confirm } from '../ui/dialog.js';
import { el } from '../ui/dom.js';
import { kindWord, reasonSentence } from '../words/column.js';

/** @import { ColumnReport, Inspection, Settings } from './types.js' */

/**
 * The columns of a file, with a box for each that can be learned from. Of a log there is nothing to
 * choose: the server makes the features.
 * @param {object} options
 * @param {Inspection} options.inspection
 * @param {Settings} options.settings
 * @param {() => void} options.changed
 * @param {AbortSignal} options.signal
 */
export function columnTable({ inspection, settings, changed, signal }) {
  const heads = /** @type {const} */ ([
    'columnName',
    'columnKind',
    'columnMissing',
    'columnRange',
    'columnDistinct',
    'columnWhy',
  ]);
  const table = el(
    'table',
    { class: 'w-full text-sm' },
    el(
      'caption',
      { class: 'mb-2 text-left font-medium' },
      settings.isLog ? t('columnsOfLog') : t('columnsChoose'),
    ),
    el(
      'thead',
      { class: 'border-b border-line text-left text-muted' },
      el(
        'tr',
        {},
        heads.map((key) => el('th', { scope: 'col', class: 'px-2 py-1.5 font-medium' }, t(key))),
      ),
    ),
    el(
      'tbody',
      {},
      inspection.columns.map((column) => row(column, { settings, changed, signal })),
    ),
  );
  // The table scrolls by itself where it is wider than the page.
  const place = { tabindex: '0', role: 'group', 'aria-label': t('columnsTitle') };
  return el('div', { class: 'relative overflow-x-auto', ...place }, table);
}

/**
 * @param {ColumnReport} column
 * @param {{ settings: Settings, changed: () => void, signal: AbortSignal }} options
 */
function row(column, options) {
  const { column: header, missing, distinct } = column;
  const cell = 'px-2 py-2 align-top';
  return el(
    'tr',
    { class: 'border-b border-line last:border-0' },
    el(
      'th',
      { scope: 'row', class: `${cell} min-w-36 text-left font-medium break-words` },
      options.settings.isLog ? header : box(column, options),
    ),
    el('td', { class: `${cell} whitespace-nowrap` }, kindWord(column)),
    el('td', { class: `${cell} tabular-nums` }, missing > 0 ? percent(missing) : '–'),
    el('td', { class: `${cell} whitespace-nowrap tabular-nums` }, range(column)),
    el('td', { class: `${cell} tabular-nums` }, number(distinct)),
    el('td', { class: `${cell} min-w-56 text-muted` }, reasonSentence(column)),
  );
}

/** @param {ColumnReport} column */
function range({ kind, numbers, unit }) {
  if (!numbers || kind === 'identifier') return '–';
  const min = measure(numbers.min, undefined);
  return t('rangeOf', { min, max: measure(numbers.max, /** @type {any} */ ({ unit })) });
}

/**
 * @param {ColumnReport} column
 * @param {{ settings: Settings, changed: () => void, signal: AbortSignal }} options
 */
function box(column, { settings, changed, signal }) {
  const { column: header, kind, missing } = column;
  const control = el('input', {
    type: 'checkbox',
    class: 'mt-0.5 size-4 shrink-0 accent-accent',
    disabled: missing === 1 || kind === 'date',
    'aria-describedby': 'fault-features',
    on: { change },
  });
  control.checked = settings.features.includes(header);

  async function change() {
    if (control.checked && (kind === 'identifier' || kind === 'personal')) {
      const sure = await confirm({
        heading: t('riskyTitle', { name: header }),
        text: t(kind === 'identifier' ? 'riskyIdentifier' : 'riskyPersonal'),
        yes: t('riskyYes'),
        signal,
      });
      control.checked = sure;
    }
    const others = settings.features.filter((name) => name !== header);
    settings.features = control.checked ? [...others, header] : others;
    changed();
  }

  return el('label', { class: 'flex items-start gap-2.5' }, control, el('span', {}, header));
}
