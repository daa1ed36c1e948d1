import { bytes, moment, percent } from '../format.js';
import { t } from '../i18n/index.js';
import { confirm } from '../ui/dialog.js';
import { el, labelOf, replace } from '../ui/dom.js';
import { fileField } from '../ui/fields.js';
import { icon } from '../ui/icons.js';
import { section, trouble } from '../ui/section.js';
import { emptyState, fill, skeleton } from '../ui/states.js';
import { errorSentence } from '../words/problem.js';
import { uploadErrorSentence } from '../words/training.js';
import { deleteUpload, fetchUploads } from './api.js';
import { onTransfer, send, transfer } from './transfer.js';

/** @import { Upload } from './types.js' */

/** What a file of customers or transactions may be called. */
const endings = '.csv,.tsv,.txt,.ndjson,.jsonl,.parquet,.gz,.zst';

/**
 * Where a file is sent, or an earlier one chosen again.
 * @param {object} options
 * @param {string | null} options.chosen the id of the file in use
 * @param {(upload: Upload) => void} options.choose
 * @param {(id: string) => void} options.removed
 * @param {AbortSignal} options.signal
 */
export function fileSection({ chosen, choose, removed, signal }) {
  const list = el('div', { class: 'mt-5' });
  const failed = el('div', { role: 'alert', class: 'mt-3 empty:hidden' });
  const status = el('p', { class: 'sr-only', role: 'status' });
  const sending = el('div');
  const place = dropZone(arrive);
  onTransfer(showTransfer, signal);
  showTransfer();
  showList();

  /** @param {File} file */
  async function arrive(file) {
    replace(failed);
    if (transfer()) return;
    replace(status, t('uploadSending', { name: file.name }));
    try {
      const upload = await send(file);
      if (signal.aborted) return;
      replace(status, t('uploadArrived', { name: upload.name }));
      use(upload);
      showList();
    } catch (error) {
      if (signal.aborted) return;
      const isCancelled = /** @type {any} */ (error)?.name === 'AbortError';
      replace(status, isCancelled && t('uploadCancelled'));
      if (!isCancelled) replace(failed, trouble(uploadErrorSentence(error)));
    }
  }

  function showTransfer() {
    const now = transfer();
    place.hidden = now !== null;
    if (!now) return replace(sending);
    const share = now.bytes > 0 ? now.sent / now.bytes : 0;
    const bar = sending.querySelector('progress');
    const words = t('uploadProgress', {
      sent: bytes(now.sent),
      bytes: bytes(now.bytes),
      share: percent(share),
    });
    if (bar) {
      bar.value = share;
      replace(/** @type {Element} */ (sending.querySelector('[data-sent]')), words);
      return;
    }
    replace(
      sending,
      el(
        'div',
        { class: 'grid grid-cols-1 gap-2 rounded-lg border border-line p-4' },
        el('p', { class: 'text-sm font-medium break-words' }, now.name),
        el('progress', {
          class: 'progress',
          max: 1,
          value: share,
          'aria-label': t('uploadSending', { name: now.name }),
        }),
        el(
          'div',
          { class: 'flex flex-wrap items-center justify-between gap-2' },
          el('p', { class: 'text-sm text-muted tabular-nums', 'data-sent': true }, words),
          el(
            'button',
            { type: 'button', class: 'button', on: { click: () => transfer()?.cancel() } },
            icon('cancel'),
            t('uploadCancel'),
          ),
        ),
      ),
    );
  }

  /** @param {Upload} upload */
  function use(upload) {
    chosen = upload.id;
    mark();
    choose(upload);
  }

  function mark() {
    for (const item of list.querySelectorAll('[data-upload]')) {
      const isChosen = item.getAttribute('data-upload') === chosen;
      item.toggleAttribute('data-chosen', isChosen);
      item.querySelector('[data-use]')?.setAttribute('aria-pressed', String(isChosen));
    }
  }

  function showList() {
    return fill(list, {
      load: fetchUploads,
      render: (uploads) => {
        list.append(uploads.length > 0 ? uploadList(uploads) : emptyState(t('uploadsNone')));
        mark();
      },
      waiting: () => skeleton('h-16'),
      signal,
    });
  }

  /** @param {Upload[]} uploads */
  function uploadList(uploads) {
    return el(
      'div',
      {},
      el('h3', { class: 'mb-1 text-sm font-medium', tabindex: '-1' }, t('uploadsEarlier')),
      el('ul', { class: 'divide-y divide-line' }, uploads.map(uploadItem)),
    );
  }

  /** @param {Upload} upload */
  function uploadItem(upload) {
    return el(
      'li',
      { class: 'flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5', 'data-upload': upload.id },
      el(
        'div',
        { class: 'min-w-0 flex-1 basis-52' },
        el('p', { class: 'text-sm font-medium break-words' }, upload.name),
        el(
          'p',
          { class: 'text-xs text-muted' },
          `${bytes(upload.bytes)} · ${moment(upload.created_at)}`,
        ),
      ),
      el(
        'div',
        { class: 'flex gap-2' },
        el(
          'button',
          {
            type: 'button',
            class: 'button aria-pressed:border-accent aria-pressed:text-accent',
            'data-use': true,
            on: { click: () => use(upload) },
          },
          labelOf(t('uploadUse'), upload.name),
        ),
        el(
          'button',
          { type: 'button', class: 'button', on: { click: () => remove(upload) } },
          icon('delete'),
          el('span', { class: 'sr-only' }, `${t('delete')}: ${upload.name}`),
        ),
      ),
    );
  }

  /** @param {Upload} upload */
  async function remove({ id, name }) {
    const sure = await confirm({
      heading: t('uploadDelete'),
      text: t('uploadDeleteText', { name }),
      yes: t('delete'),
      signal,
    });
    if (!sure || signal.aborted) return;
    replace(failed);
    try {
      await deleteUpload(id);
    } catch (error) {
      if (signal.aborted) return;
      replace(failed, trouble(errorSentence(error)));
      return;
    }
    if (signal.aborted) return;
    replace(status, t('uploadDeleted', { name }));
    removed(id);
    await showList();
    // What had the focus is gone.
    list.querySelector('h3')?.focus();
  }

  return section(
    { heading: t('fileTitle'), hint: t('fileHint') },
    place,
    sending,
    failed,
    status,
    list,
  );
}

/**
 * A place to drop a file, with the usual control for choosing one.
 * @param {(file: File) => void} arrive
 */
function dropZone(arrive) {
  const { control, label } = fileField({ label: t('fileChoose'), accept: endings, arrive });
  const zone = el(
    'div',
    {
      class:
        'grid justify-items-center gap-3 rounded-lg border-2 border-dashed border-edge px-4 py-7 text-center data-over:border-accent data-over:bg-sunken',
      on: { dragover: over, dragleave: () => zone.removeAttribute('data-over'), drop },
    },
    icon('upload', 'size-7 text-muted'),
    el('div', { class: 'relative' }, control, label),
    el('p', { class: 'text-sm text-muted' }, t('fileDrop')),
  );

  /** @param {DragEvent} event */
  function over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    zone.setAttribute('data-over', '');
  }

  /** @param {DragEvent} event */
  function drop(event) {
    event.preventDefault();
    zone.removeAttribute('data-over');
    const file = event.dataTransfer?.files[0];
    if (file) arrive(file);
  }

  return zone;
}
