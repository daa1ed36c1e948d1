import mark from '../favicon.svg';
import { el } from './dom.js';

/** The product's mark and name. */
export function brand() {
  return el(
    'a',
    { href: '#/dashboard', class: 'flex items-center gap-2.5 rounded-md' },
    el('img', { src: mark, alt: '', width: '32', height: '32', class: 'size-8' }),
    el('span', { class: 'text-lg font-semibold tracking-tight max-[22rem]:sr-only' }, 'Segmenta'),
  );
}
