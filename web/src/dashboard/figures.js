import { list, measure, number, percent, title, unitOf } from '../format.js';
import { t } from '../i18n/index.js';
import { columnNamed } from '../rules.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';
import { valueWord } from '../words/segment.js';

/** @import { Column, Model } from '../types.js' */
/** @import { Child } from '../ui/dom.js' */

/** With more features than this, their names stand in one figure. */
const mostFeatures = 3;

/** The letters of a value by its length: long names in large ones would break within words. */
const sizes = [
  { most: 12, letters: 'text-xl max-[22rem]:text-base sm:text-2xl' },
  { most: 30, letters: 'text-base sm:text-xl' },
  { most: 60, letters: 'text-sm sm:text-base' },
];

/**
 * The few numbers to see first.
 * @param {Model} model
 */
export function keyFigures(model) {
  const { data, segments, n_clusters: k } = model;
  const top = segments.reduce((a, b) => (b.size > a.size ? b : a));
  return el(
    'section',
    { 'aria-label': t('keyFigures') },
    el(
      'dl',
      {
        class: 'grid grid-cols-2 gap-3 sm:gap-4 md:grid-cols-[repeat(auto-fit,minmax(11rem,1fr))]',
      },
      figure(t('totalCustomers'), measure(data.rows, undefined), customersNote(model)),
      figure(t('clusters'), measure(k, undefined), clustersNote(model)),
      figure(
        t('topPersona'),
        top.persona,
        t('shareOfAll', { share: percent(top.share) }),
        marker(top.cluster_id, 'size-4'),
      ),
      featureFigures(model),
    ),
  );
}

/**
 * What is to be known of the customers.
 * @param {Model} model
 */
function customersNote({ data, out_of_core: passes }) {
  const notes = [];
  if (data.skipped_rows > 0) notes.push(t('skippedRows', { count: data.skipped_rows }));
  if (passes) notes.push(t('estimatedFrom', { count: number(passes.sample_rows) }));
  return notes.length > 0 ? notes.join('; ') : data.name;
}

/**
 * Where the number of segments comes from.
 * @param {Model} model
 */
function clustersNote({ elbow, n_clusters: k }) {
  if (elbow.n_clusters !== k) return t('clustersForced', { k: elbow.n_clusters });
  return elbow.grouping === 'none' ? t('clustersSlices') : t('clustersAdvised');
}

/**
 * What the model decides by: a figure for each of a few features, one for all of many.
 * @param {Model} model
 */
function featureFigures(model) {
  const columns = model.features.map((name) => columnNamed(model, name));
  if (columns.length <= mostFeatures) return columns.map((column) => featureFigure(column, model));
  const names = columns.slice(0, mostFeatures).map(({ column }) => title(column));
  const count = columns.length - mostFeatures;
  return figure(
    t('featuresCount'),
    number(columns.length),
    list([...names, t('moreFeatures', { count })]),
  );
}

/**
 * @param {Column} column
 * @param {Model} model
 */
function featureFigure(column, model) {
  const { column: header, mean, quantiles, unit } = column;
  if (mean === undefined) return categoryFigure(column, model);
  const range = quantiles
    ? t('rangeOf', { min: measure(quantiles.min, undefined), max: measure(quantiles.max, column) })
    : (unit ?? '');
  const label = unitOf(column) ? title(header) : header;
  return figure(t('average', { column: label }), measure(mean, column), range);
}

/**
 * The value of a category that most customers have.
 * @param {Column} column
 * @param {Model} model
 */
function categoryFigure({ name, column: header, values = [] }, { segments }) {
  const shares = segments[0]?.profile.categorical.find((each) => each.name === name)?.shares ?? [];
  const [first] = [...shares].sort((a, b) => b.average - a.average);
  const value = first ? valueWord(header, first.value) : t('valuesCount', { count: values.length });
  const note = first ? t('shareOfAll', { share: percent(first.average) }) : '';
  return figure(t('mostFrequent', { column: title(header) }), value, note);
}

/**
 * @param {string} label
 * @param {string} value
 * @param {string} note
 * @param {Child} [mark] before the value
 */
function figure(label, value, note, mark) {
  const size = sizes.find(({ most }) => value.length <= most)?.letters ?? 'text-sm';
  return el(
    'div',
    { class: `panel flex min-w-0 flex-col p-4 ${value.length > 30 ? 'max-sm:col-span-2' : ''}` },
    el('dt', { class: 'text-sm text-muted' }, label),
    el(
      'dd',
      {
        class: `mt-auto flex items-center gap-2 pt-1 ${size} font-semibold tracking-tight break-words tabular-nums`,
      },
      mark,
      el('span', { class: 'min-w-0' }, value),
    ),
    el('dd', { class: 'mt-0.5 text-xs break-words text-muted' }, note),
  );
}
