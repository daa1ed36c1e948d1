import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { unfold } from '../ui/section.js';

/** @import { Question } from '../rules.js' */
/** @import { Child } from '../ui/dom.js' */
/** @import { Field } from './field.js' */

/** @typedef {{ question: Question, field: Field }} Part */

/** With more fields than this, they are more than one column can hold. */
const most = 8;

/**
 * Whether so many fields need the whole width.
 * @param {number} count
 */
export function isWide(count) {
  return count > most;
}

/**
 * The fields that the segment depends on. Of many, those that must be filled in stand first.
 * @param {Part[]} parts
 * @param {{ wide: boolean }} form
 */
export function featureFields(parts, { wide }) {
  if (!wide) return nodes(parts);
  const needed = parts.filter(({ question }) => question.required);
  const rest = parts.filter(({ question }) => !question.required);
  if (needed.length === 0 || rest.length === 0) return inColumns(parts);
  return [
    group(t('neededGroup'), null, inColumns(needed)),
    group(t('assumedGroup'), t('assumedGroupHint'), inColumns(rest)),
  ];
}

/**
 * The fields that the segment does not depend on; many are folded away.
 * @param {Part[]} parts
 * @param {{ wide: boolean }} form
 */
export function otherFields(parts, { wide }) {
  if (parts.length === 0) return null;
  if (parts.length <= most) {
    return group(t('optionalGroup'), t('optionalHint'), wide ? inColumns(parts) : nodes(parts));
  }
  return unfold(
    t('optionalGroup'),
    'mt-1 border-t border-line pt-4',
    el('p', { class: 'my-3 text-xs text-muted' }, t('optionalHint')),
    inColumns(parts),
  );
}

/**
 * Put the focus on a field, wherever it is folded away.
 * @param {Field} field
 */
export function reveal({ node, control }) {
  node.closest('details')?.setAttribute('open', '');
  control.focus();
}

/** @param {Part[]} parts */
function nodes(parts) {
  return parts.map(({ field }) => field.node);
}

/** @param {Part[]} parts */
function inColumns(parts) {
  const columns = 'sm:grid-cols-[repeat(auto-fill,minmax(14rem,1fr))]';
  return el('div', { class: `grid gap-4 ${columns}` }, nodes(parts));
}

/**
 * @param {string} name
 * @param {string | null} hint
 * @param {Child[]} children
 */
function group(name, hint, ...children) {
  return el(
    'fieldset',
    {
      class:
        'mt-1 grid min-w-0 gap-4 border-t border-line pt-4 first:mt-0 first:border-0 first:pt-0',
    },
    el('legend', { class: 'float-left w-full text-sm font-semibold' }, name),
    hint && el('p', { class: 'clear-both -mt-3 text-xs text-muted' }, hint),
    ...children,
  );
}
