import { isPlain } from '../features.js';
import { list, title } from '../format.js';
import { t } from '../i18n/index.js';
import { columnNamed } from '../rules.js';
import { el } from '../ui/dom.js';
import { section, unfold } from '../ui/section.js';

/** @import { Model, Preparation } from '../types.js' */

/** With more features than this, the rest are folded away. */
const most = 8;

/**
 * What was done to the features before the segments were found, in words; null where it was only
 * what is always done.
 * @param {Model} model
 */
export function preparation(model) {
  const all = model.preparation ?? [];
  const told = all.filter((each) => !isPlain(each));
  if (told.length === 0) return null;
  const plain = all.filter(isPlain).map(({ name }) => title(columnNamed(model, name).column));
  const rows = (/** @type {Preparation[]} */ some) =>
    el(
      'dl',
      { class: 'grid gap-x-6 gap-y-3 text-sm md:grid-cols-2 xl:grid-cols-3' },
      some.map(({ name, text }) => {
        const { column } = columnNamed(model, name);
        return el(
          'div',
          { class: 'min-w-0' },
          el('dt', { class: 'font-medium break-words' }, column),
          el('dd', { class: 'mt-0.5 break-words text-muted' }, withoutHeader(text, column)),
        );
      }),
    );
  const few = told.length <= most ? told : told.slice(0, most - 1);
  const rest = told.slice(few.length);
  return section(
    { heading: t('preparationTitle'), hint: t('preparationHint') },
    rows(few),
    rest.length > 0 &&
      unfold(
        t('moreFeatures', { count: rest.length }),
        'mt-4',
        el('div', { class: 'mt-3' }, rows(rest)),
      ),
    plain.length > 0 &&
      el(
        'p',
        { class: 'mt-4 text-sm break-words text-muted' },
        t('preparationPlain', { names: list(plain) }),
      ),
  );
}

/**
 * The server's sentence begins with the header, which stands above it here.
 * @param {string} text
 * @param {string} header
 */
function withoutHeader(text, header) {
  const start = `${header}: `;
  if (!text.startsWith(start)) return text;
  const rest = text.slice(start.length);
  return rest.charAt(0).toLocaleUpperCase() + rest.slice(1);
}
