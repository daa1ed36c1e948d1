import { t } from '../i18n/index.js';
import { el, uniqueId } from '../ui/dom.js';

/** @import { Column } from '../types.js' */
/** @import { Axes } from '../charts/points.js' */

/**
 * A choice of columns for the two axes. One axis cannot have the other's column: they change
 * places instead. With a single column there is nothing to choose.
 * @param {Column[]} columns
 * @param {Axes} axes
 * @param {(axes: Axes) => void} choose
 */
export function axisSelects(columns, axes, choose) {
  if (columns.length < 2) return null;
  const chosen = { x: axes.x.name, y: axes.y?.name ?? columns[1].name };

  /** @param {'x' | 'y'} axis */
  function select(axis) {
    const id = uniqueId('axis');
    const control = el(
      'select',
      {
        id,
        class: 'field truncate py-1 text-sm',
        on: { change: () => change(axis, control.value) },
      },
      columns.map(({ name, column }) =>
        el('option', { value: name, selected: name === chosen[axis] }, column),
      ),
    );
    const label = el(
      'label',
      { for: id, class: 'text-xs text-muted' },
      t(axis === 'x' ? 'axisX' : 'axisY'),
    );
    return { control, node: el('div', { class: 'grid min-w-0 gap-1' }, label, control) };
  }

  /**
   * @param {'x' | 'y'} axis
   * @param {string} name
   */
  function change(axis, name) {
    const other = axis === 'x' ? 'y' : 'x';
    if (chosen[other] === name) {
      chosen[other] = chosen[axis];
      selects[other].control.value = chosen[other];
    }
    chosen[axis] = name;
    const column = (/** @type {string} */ each) => columns.find((one) => one.name === each);
    choose({ x: /** @type {Column} */ (column(chosen.x)), y: column(chosen.y) ?? null });
  }

  const selects = { x: select('x'), y: select('y') };
  return el(
    'div',
    { class: 'grid w-full min-w-0 grid-cols-2 gap-3 sm:w-auto' },
    selects.x.node,
    selects.y.node,
  );
}
