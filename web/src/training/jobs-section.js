import { t } from '../i18n/index.js';
import { el, replace } from '../ui/dom.js';
import { section } from '../ui/section.js';
import { fill, skeleton } from '../ui/states.js';
import { fetchJobs } from './api.js';
import { isOver } from './follow.js';
import { jobPanel } from './job-panel.js';

/** @import { Job } from './types.js' */

/** So many trainings that are over are shown. */
const mostOver = 5;

/**
 * The trainings of this server, also those that somebody else has asked for.
 * @param {AbortSignal} signal
 */
export function jobsSection(signal) {
  const node = el('div', { class: 'empty:hidden' });
  const items = el('ul', { class: 'grid grid-cols-1 gap-4' });
  const panels = section({ heading: t('jobsTitle'), hint: t('jobsHint'), takesFocus: true }, items);

  /** @param {Job} job */
  function item(job) {
    const entry = el('li', {});
    const forgotten = () => {
      entry.remove();
      if (items.childElementCount === 0) replace(node);
      // What had the focus is gone.
      else panels.querySelector('h2')?.focus();
    };
    entry.append(jobPanel(job, { forgotten, signal }));
    return entry;
  }

  fill(node, {
    load: fetchJobs,
    render: (jobs) => {
      let over = 0;
      const shown = jobs.filter((job) => !isOver(job) || (over += 1) <= mostOver);
      items.append(...shown.map(item));
      if (shown.length > 0) node.append(panels);
    },
    waiting: () => skeleton('h-0'),
    signal,
  });

  /**
   * Show a training that has just been asked for.
   * @param {Job} job
   */
  function add(job) {
    items.prepend(item(job));
    if (!panels.isConnected) replace(node, panels);
    const heading = items.querySelector('h3');
    heading?.focus({ preventScroll: true });
    panels.scrollIntoView({ block: 'start' });
  }

  return { node, add };
}
