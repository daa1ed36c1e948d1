import { t } from '../i18n/index.js';
import { el, uniqueId } from '../ui/dom.js';

/** @import { Axes, Axis } from '../charts/axes.js' */
/** @import { Key } from '../i18n/index.js' */

/** @type {{ kind: Axis['kind'], label: Key }[]} */
const groups = [
  { kind: 'feature', label: 'axisFeatures' },
  { kind: 'column', label: 'axisColumns' },
  { kind: 'component', label: 'axisComponents' },
];

/**
 * A choice for the two axes. One axis cannot show what the other shows: they change places
 * instead. The segments' strips lie across the map, never along it. With a single column there is
 * nothing to choose.
 * @param {Axis[]} axes what there is to choose from
 * @param {Axes} shown
 * @param {(axes: Axes) => void} choose
 */
export function axisSelects(axes, shown, choose) {
  const choices = { x: axes.filter(({ kind }) => kind !== 'segments'), y: axes };
  if (choices.x.length < 2) return null;
  const chosen = { ...shown };

  /** @param {'x' | 'y'} side */
  function select(side) {
    const id = uniqueId('axis');
    const control = el(
      'select',
      {
        id,
        class: 'field truncate py-1 text-sm',
        on: { change: () => change(side, control.value) },
      },
      options(choices[side], chosen[side]),
    );
    const label = el(
      'label',
      { for: id, class: 'text-xs text-muted' },
      t(side === 'x' ? 'axisX' : 'axisY'),
    );
    return { control, node: el('div', { class: 'grid min-w-0 gap-1' }, label, control) };
  }

  /**
   * @param {'x' | 'y'} side
   * @param {string} key
   */
  function change(side, key) {
    const other = side === 'x' ? 'y' : 'x';
    const before = chosen[side];
    chosen[side] = choices[side].find((axis) => axis.key === key) ?? before;
    if (chosen[other].key === key) {
      const free = choices[other].filter((axis) => axis.key !== key);
      chosen[other] = free.find((axis) => axis.key === before.key) ?? free[0];
      selects[other].control.value = chosen[other].key;
    }
    choose({ ...chosen });
  }

  const selects = { x: select('x'), y: select('y') };
  return el(
    'div',
    { class: 'grid w-full min-w-0 grid-cols-2 gap-3 max-[22rem]:grid-cols-1 sm:w-auto' },
    selects.x.node,
    selects.y.node,
  );
}

/**
 * The options, under headings where there are principal components beside the columns.
 * @param {Axis[]} axes
 * @param {Axis} chosen
 */
function options(axes, chosen) {
  const option = (/** @type {Axis} */ { key, title }) =>
    el('option', { value: key, selected: key === chosen.key }, title);
  if (!axes.some(({ kind }) => kind === 'component')) return axes.map(option);
  return groups.map(({ kind, label }) => {
    const own = axes.filter((axis) => axis.kind === kind);
    return own.length > 0 && el('optgroup', { label: t(label) }, own.map(option));
  });
}
