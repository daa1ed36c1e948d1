import { t } from '../i18n/index.js';
import { choice } from '../ui/choice.js';
import { el, replace } from '../ui/dom.js';
import { selectField } from '../ui/fields.js';

/** @import { Key } from '../i18n/index.js' */
/** @import { Inspection, LogColumns, Settings } from './types.js' */

/** @type {Record<keyof LogColumns, Key>} */
const labels = {
  customer: 'logCustomer',
  date: 'logDate',
  amount: 'logAmount',
  quantity: 'logQuantity',
  price: 'logPrice',
  order: 'logOrder',
};

/**
 * Which column of a log is what.
 * @param {{ inspection: Inspection, settings: Settings, changed: () => void }} options
 */
export function logFields({ inspection, settings, changed }) {
  const fields = el('div', { class: 'grid gap-4 sm:grid-cols-2 lg:grid-cols-3' });
  const show = () => {
    const money = settings.isProduct
      ? /** @type {const} */ (['quantity', 'price'])
      : /** @type {const} */ (['amount']);
    replace(
      fields,
      [
        .../** @type {const} */ (['customer', 'date']),
        ...money,
        /** @type {const} */ ('order'),
      ].map((part) => field(part)),
    );
  };

  /** @param {keyof LogColumns} part */
  function field(part) {
    const isNeeded = part !== 'order';
    return selectField({
      label: t(labels[part]),
      describedBy: 'fault-rfm',
      options: [
        { value: '', name: t(isNeeded ? 'pleaseChoose' : 'logNoOrder') },
        ...inspection.columns.map(({ column }) => ({ value: column, name: column })),
      ],
      value: settings.log[part],
      choose: (column) => {
        settings.log = { ...settings.log, [part]: column };
        changed();
      },
    });
  }

  show();
  const amounts = choice({
    label: t('logAmounts'),
    options: [
      { value: 'amount', name: t('logByAmount'), face: t('logByAmount') },
      { value: 'product', name: t('logByProduct'), face: t('logByProduct') },
    ],
    chosen: settings.isProduct ? 'product' : 'amount',
    choose: (way) => {
      settings.isProduct = way === 'product';
      changed();
      show();
    },
  });
  return el(
    'fieldset',
    { class: 'grid gap-4 rounded-lg bg-sunken/60 p-4' },
    el('legend', { class: 'float-left mb-3 text-sm font-medium' }, t('logTitle')),
    el('div', { class: 'clear-both' }, amounts),
    fields,
  );
}
