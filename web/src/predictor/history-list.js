import { number, title } from '../format.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { marker } from '../ui/marker.js';
import { section } from '../ui/section.js';
import { inPageLanguage } from './localise.js';
import { valueWord } from '../words/segment.js';

/** @import { Customer, Model } from '../types.js' */
/** @import { Entry } from './history.js' */

/** An answer is told by this many of the customer's columns. */
const mostColumns = 5;

/**
 * The latest answers; a press shows one again. Answers of an earlier model cannot be shown beside
 * this one's segments, and are left out.
 * @param {Entry[]} entries
 * @param {{ model: Model, shown: Entry | null, show: (entry: Entry) => void, clear: () => void }} options
 */
export function historyList(entries, { model, shown, show, clear }) {
  const own = entries.filter(({ answer }) => answer.model_version === model.model_version);
  if (own.length === 0) return null;
  const same = (/** @type {Entry} */ entry) => JSON.stringify(entry) === JSON.stringify(shown);
  return section(
    {
      heading: t('historyTitle'),
      tools: el(
        'button',
        { type: 'button', class: 'button', on: { click: clear } },
        t('historyClear'),
      ),
    },
    el(
      'ol',
      { class: '-mx-2 grid gap-0.5' },
      own.map((entry) => {
        const { cluster_id: id, persona } = inPageLanguage(entry.answer, model);
        return el(
          'li',
          {},
          el(
            'button',
            {
              type: 'button',
              class:
                'flex w-full flex-wrap items-center gap-x-3 gap-y-0.5 rounded-lg px-2 py-2 text-left text-sm hover:bg-sunken aria-[current=true]:bg-sunken',
              'aria-current': same(entry) ? 'true' : null,
              on: { click: () => show(entry) },
            },
            marker(id),
            el('span', { class: 'font-medium' }, persona),
            el('span', { class: 'text-muted tabular-nums' }, summary(entry.customer, model)),
          ),
        );
      }),
    ),
  );
}

/**
 * The customer in short: the model's columns come with its features first.
 * @param {Customer} customer
 * @param {Model} model
 */
function summary(customer, { columns }) {
  const given = columns.filter(({ name }) => name in customer);
  const told = given.slice(0, mostColumns).map(({ name, column }) => {
    const value = customer[name];
    const shown = typeof value === 'number' ? number(value, 2) : valueWord(column, value);
    return `${title(column)} ${shown}`;
  });
  return [...told, ...(given.length > mostColumns ? ['…'] : [])].join(' · ');
}
