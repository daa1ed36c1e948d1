/**
 * @typedef {Node | string | number | null | undefined | false | Child[]} Child
 * @typedef {Record<string, any> & { class?: string, on?: Record<string, (event: any) => void>, style?: Record<string, string> }} Props
 */

/**
 * Make an element. Text is always text: nothing is ever parsed as HTML.
 * Props are attributes (true sets one, false and null leave it out), except `on`, listeners by
 * event, and `style`, properties set from script, which the content security policy allows.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, { on = {}, style = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  append(element, children);
  return element;
}

/**
 * Put other children into an element.
 * @param {Element} element
 * @param {...Child} children
 */
export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * @param {Element} element
 * @param {Child[]} children
 */
function append(element, children) {
  for (const child of children) {
    if (child === false || child === null || child === undefined) continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child instanceof Node ? child : String(child));
  }
}

/**
 * A label for one of several controls that are alike: those who hear it are told what it is about.
 * @param {string} label
 * @param {string} about
 */
export function labelOf(label, about) {
  return [
    el('span', { 'aria-hidden': 'true' }, label),
    el('span', { class: 'sr-only' }, `${label}: ${about}`),
  ];
}

let ids = 0;

/**
 * An id that no other element has.
 * @param {string} stem
 */
export function uniqueId(stem) {
  ids += 1;
  return `${stem}-${ids}`;
}
