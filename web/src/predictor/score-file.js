import { bytes } from '../format.js';
import { t } from '../i18n/index.js';
import { el, replace } from '../ui/dom.js';
import { save } from '../ui/download.js';
import { fileField } from '../ui/fields.js';
import { icon } from '../ui/icons.js';
import { section, trouble } from '../ui/section.js';
import { post } from '../ui/transfer.js';
import { uploadErrorSentence } from '../words/training.js';

/** @type {Record<string, string>} */
const types = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  json: 'application/json',
};

/**
 * What a file is sent as, by its ending; undefined where the server has no use for it.
 * @param {string} name
 */
export function batchType(name) {
  return types[/\.(\w+)$/.exec(name)?.[1].toLowerCase() ?? ''];
}

/**
 * What the answer to a file is called: "customers.csv" comes back as "customers-segments.csv".
 * @param {string} name
 */
export function resultName(name) {
  return name.replace(/(\.\w+)?$/, '-segments$1');
}

/**
 * Send a file of customers, get it back with their segments.
 * @param {AbortSignal} signal
 */
export function scoreFile(signal) {
  const status = el('p', { class: 'sr-only', role: 'status' });
  const failed = el('div', { role: 'alert', class: 'empty:hidden' });
  const place = el('div', { class: 'grid gap-3 empty:hidden' });
  const { control, label } = fileField({
    label: t('fileChoose'),
    accept: Object.keys(types)
      .map((ending) => `.${ending}`)
      .join(),
    buttonClass: '',
    arrive,
  });
  let sending = new AbortController();
  signal.addEventListener('abort', () => sending.abort());

  /** @param {File} file */
  async function arrive(file) {
    sending.abort();
    const mine = (sending = new AbortController());
    replace(failed);
    replace(place);
    const type = batchType(file.name);
    if (!type) return replace(failed, trouble(t('scoreKind')));
    replace(status, t('scoreSending', { name: file.name }));
    const { node, tell } = progress(file, () => mine.abort());
    replace(place, node);
    try {
      const result = await post('predict/batch', file, {
        type,
        answer: 'blob',
        progress: tell,
        signal: mine.signal,
      });
      if (mine !== sending || signal.aborted) return;
      replace(status, t('scoreDone', { name: file.name }));
      showResult(result, resultName(file.name));
    } catch (error) {
      if (mine !== sending || signal.aborted) return;
      replace(place);
      replace(status, mine.signal.aborted && t('scoreStopped'));
      if (!mine.signal.aborted) replace(failed, trouble(uploadErrorSentence(error)));
    }
  }

  /**
   * @param {Blob} result
   * @param {string} name
   */
  function showResult(result, name) {
    const button = el(
      'button',
      { type: 'button', class: 'button w-fit max-w-full', on: { click: () => save(result, name) } },
      icon('download'),
      el('span', { class: 'min-w-0 break-words' }, t('scoreSave', { name })),
    );
    replace(place, button);
    button.focus();
  }

  return section(
    { heading: t('scoreTitle'), hint: t('scoreHint') },
    el(
      'div',
      { class: 'grid gap-3' },
      el('div', { class: 'relative' }, control, label),
      place,
      failed,
      status,
    ),
  );
}

/**
 * @param {File} file
 * @param {() => void} stop
 */
function progress(file, stop) {
  const bar = el('progress', {
    class: 'progress',
    max: 1,
    value: 0,
    'aria-label': t('scoreSending', { name: file.name }),
  });
  const words = el('p', { class: 'text-sm text-muted tabular-nums' });
  const node = el(
    'div',
    { class: 'grid gap-2' },
    bar,
    el(
      'div',
      { class: 'flex flex-wrap items-center justify-between gap-2' },
      words,
      el(
        'button',
        { type: 'button', class: 'button', on: { click: stop } },
        icon('cancel'),
        t('scoreStop'),
      ),
    ),
  );
  /** @param {{ sent: number, received: number }} far */
  function tell({ sent, received }) {
    const all = Math.min(sent, file.size);
    bar.value = file.size > 0 ? all / file.size : 1;
    const values = { sent: bytes(all), bytes: bytes(file.size), received: bytes(received) };
    replace(words, t('scoreProgress', values));
  }
  tell({ sent: 0, received: 0 });
  return { node, tell };
}
