import { t } from '../i18n/index.js';
import { onSessionChange } from '../session/session.js';
import { el, replace } from '../ui/dom.js';
import { viewHeading } from '../ui/section.js';
import { fill, skeleton } from '../ui/states.js';
import { fetchInspection } from './api.js';
import { fileSection } from './file-section.js';
import { firstSettings } from './guess.js';
import { jobsSection } from './jobs-section.js';
import { settingsForm } from './settings-form.js';

/** @import { Settings, Upload } from './types.js' */

/**
 * The file to learn from. It outlasts a change of view or language, as do the settings.
 * @type {Upload | null}
 */
let chosen = null;

/**
 * What has been chosen for each file.
 * @type {Map<string, Settings>}
 */
const drafts = new Map();

onSessionChange(() => {
  chosen = null;
  drafts.clear();
});

/**
 * Make a model: choose a file, look at its columns, choose, and watch the training.
 * @param {HTMLElement} host
 * @param {AbortSignal} signal
 */
export function showTraining(host, signal) {
  const jobs = jobsSection(signal);
  const settings = el('div', { class: 'grid min-w-0 grid-cols-1 gap-5' });
  let looking = new AbortController();
  const files = fileSection({ chosen: chosen?.id ?? null, choose, removed, signal });
  host.append(
    viewHeading(t('train'), t('trainIntro')),
    el('div', { class: 'grid grid-cols-1 gap-5' }, jobs.node, files, settings),
  );
  if (chosen) look(chosen);

  /** @param {Upload} upload */
  async function choose(upload) {
    chosen = upload;
    await look(upload);
    if (chosen === upload) settings.querySelector('h2')?.focus();
  }

  /** @param {string} id */
  function removed(id) {
    drafts.delete(id);
    if (chosen?.id !== id) return;
    chosen = null;
    looking.abort();
    replace(settings);
  }

  /** @param {Upload} upload */
  function look(upload) {
    looking.abort();
    looking = new AbortController();
    const current = AbortSignal.any([signal, looking.signal]);
    return fill(settings, {
      load: () => fetchInspection(upload.id, current),
      render: (inspection) => {
        const draft = drafts.get(upload.id) ?? firstSettings(inspection);
        drafts.set(upload.id, draft);
        const form = settingsForm({
          upload,
          inspection,
          settings: draft,
          started: jobs.add,
          signal: current,
        });
        settings.append(form);
      },
      waiting: () => skeleton('h-72'),
      signal: current,
    });
  }
}
