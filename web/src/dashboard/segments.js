import { segmentColourVariable } from '../colours.js';
import { percent } from '../format.js';
import { t } from '../i18n/index.js';
import { editButton } from '../models/edit.js';
import { el } from '../ui/dom.js';
import { downloadButton, fileStem } from '../ui/download.js';
import { icon } from '../ui/icons.js';
import { marker } from '../ui/marker.js';
import { unfold } from '../ui/section.js';
import { traits } from '../words/segment.js';
import { profile } from './profile.js';

/** @import { Model, Segment } from '../types.js' */
/** @import { Trait } from '../words/segment.js' */

/** With more traits than this, the least telling are folded away. */
const mostTraits = 6;

/**
 * A card for each segment.
 * @param {Model} model
 * @param {AbortSignal} signal
 */
export function segmentCards(model, signal) {
  return el(
    'section',
    { 'aria-labelledby': 'segments' },
    el('h2', { id: 'segments', class: 'mt-2 mb-3 text-base font-semibold' }, t('segmentsTitle')),
    el(
      'ul',
      { class: 'grid gap-4 md:grid-cols-2 xl:grid-cols-3' },
      model.segments.map((segment) => card(segment, model, signal)),
    ),
  );
}

/**
 * @param {Segment} segment
 * @param {Model} model
 * @param {AbortSignal} signal
 */
function card(segment, model, signal) {
  const { cluster_id: id, persona, description, action, size, share } = segment;
  return el(
    'li',
    {
      class: 'panel flex flex-col gap-4 border-t-4 p-5',
      style: { 'border-top-color': segmentColourVariable(id) },
      'data-cluster': id,
    },
    el(
      'div',
      {},
      el(
        'div',
        { class: 'flex items-center gap-2.5' },
        marker(id, 'size-4'),
        el('h3', { class: 'min-w-0 text-lg font-semibold tracking-tight' }, persona),
        el(
          'span',
          { class: 'ml-auto shrink-0 rounded-full bg-sunken px-2 py-0.5 text-xs text-muted' },
          t('clusterId', { id }),
        ),
        editButton({ version: model.model_version, segment, signal }),
      ),
      el(
        'p',
        { class: 'mt-1 text-sm text-muted tabular-nums' },
        `${t('customersCount', { count: size })} · ${percent(share)}`,
      ),
      el('p', { class: 'mt-3 text-sm' }, description),
    ),
    apart(segment, model),
    profile(segment, model.columns),
    el(
      'div',
      { class: 'mt-auto flex gap-3 rounded-lg bg-sunken p-3 text-sm' },
      icon('idea', 'mt-0.5 size-4 text-muted'),
      el('p', {}, el('span', { class: 'font-medium' }, `${t('recommended')}: `), action),
    ),
    downloadButton({
      label: t('listDownload'),
      about: persona,
      path: `api/customers?segment=${id}`,
      accept: 'text/csv',
      name: `${fileStem(persona)}.csv`,
      signal,
    }),
  );
}

/**
 * @param {Segment} segment
 * @param {Model} model
 */
function apart(segment, model) {
  const all = traits(segment, model);
  const few = all.length <= mostTraits ? all : all.slice(0, mostTraits - 1);
  const rest = all.slice(few.length);
  const rows = (/** @type {Trait[]} */ some) =>
    el(
      'ul',
      { class: 'grid gap-1.5 text-sm' },
      some.map(({ direction, text }) =>
        el('li', { class: 'flex gap-2' }, icon(direction, 'mt-0.5 size-4 text-muted'), text),
      ),
    );
  return el(
    'div',
    {},
    el('h4', { class: 'mb-1.5 text-xs font-medium text-muted' }, t('setsApart')),
    rows(few),
    rest.length > 0 &&
      unfold(
        t('moreTraits', { count: rest.length }),
        'mt-1.5',
        el('div', { class: 'mt-1.5' }, rows(rest)),
      ),
  );
}
