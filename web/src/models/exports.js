import { language } from '../i18n/language.js';
import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { unfold } from '../ui/section.js';

/** @import { Key } from '../i18n/index.js' */

/** @type {{ format: string, name: Key }[]} */
const formats = [
  { format: 'html', name: 'exportReport' },
  { format: 'onnx', name: 'exportOnnx' },
  { format: 'pmml', name: 'exportPmml' },
  { format: 'sklearn', name: 'exportSklearn' },
  { format: 'json', name: 'exportJson' },
];

/**
 * The files that a model can be written as, folded away.
 * @param {string} version
 */
export function exportLinks(version) {
  const address = (/** @type {string} */ format) =>
    `api/models/${encodeURIComponent(version)}/export?format=${format}&lang=${language()}`;
  return unfold(
    t('exportTitle'),
    '',
    el(
      'ul',
      { class: 'mt-3 flex flex-wrap gap-2' },
      formats.map(({ format, name }) =>
        el('li', {}, el('a', { class: 'button', href: address(format), download: true }, t(name))),
      ),
    ),
  );
}
