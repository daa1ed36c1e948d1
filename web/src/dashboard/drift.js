import { number, percent } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';
import { caution, section, unfold } from '../ui/section.js';

/** @import { Drift, DriftIndex } from '../types.js' */

const verdictKeys = /** @type {const} */ ({
  too_few: 'driftTooFew',
  steady: 'driftSteady',
  shifting: 'driftShifting',
  drifted: 'driftDrifted',
});

/**
 * Whether recent customers are like those of training. Below the least number of predictions there
 * is only the sentence.
 * @param {Drift} drift
 */
export function driftPanel(drift) {
  const { verdict, sentence, predictions, least, remark } = drift;
  const moved = verdict === 'shifting' || verdict === 'drifted';
  const heading = t('driftTitle');
  if (predictions < least) {
    const soFar = t('driftSoFar', { count: predictions });
    return section({ heading }, el('p', { class: 'text-sm text-muted' }, soFar));
  }
  return section(
    { heading, hint: t('driftHint', { count: predictions }) },
    moved ? caution(sentence, '') : el('p', { class: 'text-sm' }, sentence),
    remark && el('p', { class: 'mt-2 text-sm text-muted' }, remark),
    unfold(t('driftFigures'), 'mt-4', figures(drift), shares(drift)),
  );
}

/** @param {Drift} drift */
function figures({ features, distance, segments }) {
  const rows = [
    ...features.map((feature) => row(feature.column, feature)),
    row(t('driftSegments'), segments),
    distance && row(t('driftDistance'), distance),
  ];
  return table(t('driftFigures'), [t('driftFigure'), t('driftPsi'), t('driftChance'), ''], rows);
}

/**
 * @param {string} name
 * @param {DriftIndex} index
 */
function row(name, { psi, noise, verdict }) {
  const known = psi !== null;
  return cells(
    name,
    known ? number(psi, 3) : '–',
    known ? number(noise, 3) : '–',
    known ? t(verdictKeys[verdict]) : t('driftUnknown'),
  );
}

/** @param {Drift} drift */
function shares({ segments }) {
  const rows = segments.shares.map(({ cluster_id: id, persona, expected, observed }) =>
    cells(
      el('span', { class: 'flex items-center gap-2' }, marker(id, 'size-3.5'), persona),
      percent(expected),
      percent(observed),
    ),
  );
  const headers = [t('driftSegment'), t('driftTrained'), t('driftRecent')];
  return table(t('driftSegments'), headers, rows);
}

/**
 * @param {string} caption
 * @param {string[]} headers
 * @param {import('../ui/dom.js').Child[]} rows
 */
function table(caption, headers, rows) {
  const place = { tabindex: '0', role: 'group', 'aria-label': caption };
  return el(
    'div',
    { class: 'relative mt-3 overflow-x-auto', ...place },
    el(
      'table',
      { class: 'w-full text-left tabular-nums' },
      el('caption', { class: 'sr-only' }, caption),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          headers.map((header) =>
            el('th', { scope: 'col', class: 'py-1 pr-4 font-medium text-muted' }, header),
          ),
        ),
      ),
      el('tbody', {}, rows),
    ),
  );
}

/**
 * @param {import('../ui/dom.js').Child} name
 * @param {string[]} values
 */
function cells(name, ...values) {
  return el(
    'tr',
    {},
    el('th', { scope: 'row', class: 'py-1 pr-4 font-normal' }, name),
    values.map((value) => el('td', { class: 'py-1 pr-4' }, value)),
  );
}
