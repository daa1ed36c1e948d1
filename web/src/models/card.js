import { moment, number } from '../format.js';
import { t } from '../i18n/index.js';
import { modelAddress } from '../router.js';
import { may } from '../session/session.js';
import { el, labelOf, uniqueId } from '../ui/dom.js';
import { downloadButton } from '../ui/download.js';
import { icon } from '../ui/icons.js';
import { movesAddress } from './api.js';

/** @import { ModelSummary } from './types.js' */

/**
 * A kept model, and what can be done with it.
 * @param {ModelSummary} model
 * @param {object} options
 * @param {string} options.active the version that is in use
 * @param {() => void} options.activate
 * @param {() => void} options.remove
 * @param {AbortSignal} options.signal
 */
export function modelCard(model, { active, activate, remove, signal }) {
  const { version, created_at: created, data, n_clusters: k, silhouette, personas } = model;
  const isLive = model.is_active;
  const deleteHint = uniqueId('hint');
  return el(
    'article',
    {
      class: `panel grid grid-cols-1 gap-4 p-4 sm:p-5 ${isLive ? 'border-accent' : ''}`,
      'data-version': version,
    },
    el(
      'div',
      { class: 'flex flex-wrap items-center gap-x-3 gap-y-1' },
      el(
        'h2',
        { class: 'font-mono font-semibold' },
        el('a', { href: modelAddress(version), class: 'hover:underline' }, version),
      ),
      isLive && liveBadge(),
      el('span', { class: 'text-sm text-muted' }, moment(created)),
    ),
    el(
      'dl',
      { class: 'grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-4' },
      figure(t('modelData'), data.name, t('customersCount', { count: data.rows })),
      figure(t('clusters'), number(k)),
      figure(t('elbowSilhouette'), silhouette === null ? '–' : number(silhouette, 3)),
      figure(t('featuresCount'), model.features.join(', ')),
    ),
    el(
      'ul',
      { class: 'flex flex-wrap gap-1.5', 'aria-label': t('segmentsTitle') },
      personas.map((persona) =>
        el('li', { class: 'rounded-full bg-sunken px-2.5 py-0.5 text-xs break-words' }, persona),
      ),
    ),
    el(
      'div',
      { class: 'flex flex-wrap items-start gap-2' },
      el(
        'a',
        { class: 'button', href: modelAddress(version) },
        labelOf(t(isLive ? 'modelView' : 'modelCompare'), version),
      ),
      !isLive &&
        may('admin') &&
        el(
          'button',
          { type: 'button', class: 'button', on: { click: activate } },
          icon('check'),
          labelOf(t('activate'), version),
        ),
      !isLive &&
        downloadButton({
          label: t('movesDownload'),
          about: version,
          path: movesAddress(version, active),
          accept: 'text/csv',
          name: `moves-${version}.csv`,
          signal,
        }),
      may('admin') &&
        el(
          'button',
          {
            type: 'button',
            class: 'button',
            'aria-disabled': isLive ? 'true' : null,
            'aria-describedby': isLive ? deleteHint : null,
            title: isLive ? t('modelDeleteLive') : null,
            on: { click: () => !isLive && remove() },
          },
          icon('delete'),
          labelOf(t('delete'), version),
        ),
      isLive &&
        may('admin') &&
        el('span', { id: deleteHint, class: 'sr-only' }, t('modelDeleteLive')),
    ),
  );
}

/** The mark of the model in use. */
export function liveBadge() {
  return el(
    'span',
    { class: 'rounded-full bg-accent px-2.5 py-0.5 text-xs font-semibold text-on-accent' },
    t('modelLive'),
  );
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} [note]
 */
function figure(name, value, note) {
  return el(
    'div',
    { class: 'min-w-0' },
    el('dt', { class: 'text-xs text-muted' }, name),
    el('dd', { class: 'break-words tabular-nums' }, value),
    note && el('dd', { class: 'text-xs text-muted tabular-nums' }, note),
  );
}
