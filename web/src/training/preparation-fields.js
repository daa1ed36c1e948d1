import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { selectField, textField } from '../ui/fields.js';
import { unfold } from '../ui/section.js';

/** @import { ColumnReport, Inspection, Prepared, Settings } from './types.js' */

/** @type {Prepared} */
const proposed = { scale: '', missing: '', weight: '' };

/**
 * How each chosen feature is prepared, folded away: what is proposed suits most.
 * @param {{ inspection: Inspection, settings: Settings }} options
 */
export function preparationFields({ inspection, settings }) {
  const chosen = inspection.columns.filter(({ column }) => settings.features.includes(column));
  if (chosen.length === 0) return null;
  return unfold(
    t('preparationChoose'),
    '',
    el('p', { class: 'mt-2 text-muted' }, t('preparationChooseHint')),
    el(
      'ul',
      { class: 'mt-3 grid gap-4' },
      chosen.map((column) => el('li', {}, featureFields(column, settings))),
    ),
  );
}

/**
 * @param {ColumnReport} column
 * @param {Settings} settings
 */
function featureFields({ column: header, numbers }, settings) {
  const now = () => settings.prepared[header] ?? proposed;
  const change = (/** @type {Partial<Prepared>} */ part) => {
    settings.prepared[header] = { ...now(), ...part };
  };
  const asProposed = { value: '', name: t('asProposed') };
  const scale = selectField({
    label: t('prepareScale'),
    options: [
      asProposed,
      { value: 'plain', name: t('preparePlain') },
      { value: 'log1p', name: t('prepareLog') },
      { value: 'robust', name: t('prepareRobust') },
      { value: 'log1p,robust', name: t('prepareLogRobust') },
    ],
    value: now().scale,
    choose: (value) => change({ scale: /** @type {Prepared['scale']} */ (value) }),
  });
  const missing = selectField({
    label: t('prepareMissing'),
    options: [
      asProposed,
      ...(numbers ? [{ value: 'median', name: t('prepareMedian') }] : []),
      { value: 'mode', name: t('prepareMode') },
      { value: 'refuse', name: t('prepareRefuse') },
    ],
    value: now().missing,
    choose: (value) => change({ missing: /** @type {Prepared['missing']} */ (value) }),
  });
  const weight = textField({
    label: t('prepareWeight'),
    describedBy: 'fault-preparation',
    inputmode: 'decimal',
    placeholder: '1',
    value: now().weight,
    input: (value) => change({ weight: value }),
  });
  return el(
    'fieldset',
    { class: 'rounded-lg bg-sunken/60 p-4' },
    el('legend', { class: 'float-left mb-3 font-medium break-words' }, header),
    el('div', { class: 'clear-both grid gap-4 sm:grid-cols-3' }, numbers && scale, missing, weight),
  );
}
