import { number } from '../format.js';
import { t } from '../i18n/index.js';

/** @import { Key } from '../i18n/index.js' */
/** @import { Job, JobState, Stage } from '../training/types.js' */

/** @type {Record<JobState, Key>} */
const states = {
  queued: 'jobQueued',
  running: 'jobRunning',
  done: 'jobDone',
  failed: 'jobFailed',
  cancelled: 'jobCancelled',
};

/** @type {Record<Stage, Key>} */
const stages = {
  reading: 'stageReading',
  rfm: 'stageRfm',
  clusters: 'stageClusters',
  stability: 'stageStability',
  keeping: 'stageKeeping',
};

/** @param {Job} job */
export function stateWord({ state, is_cancelling: ending }) {
  return t(ending && state === 'running' ? 'jobCancelling' : states[state]);
}

/**
 * What a training does, or how it ended: a sentence that stays the same for a while.
 * @param {Job} job
 */
export function stageSentence({ state, position, stage, version, skipped_rows: skipped, rfm }) {
  switch (state) {
    case 'queued':
      return t('jobWaits', { count: position ?? 0 });
    case 'running':
      return stage ? t(stages[stage]) : '';
    case 'failed':
      return t('jobFailedSentence');
    case 'cancelled':
      return t('jobCancelledSentence');
    default: {
      const parts = [
        t('jobDoneSentence', { version: version ?? '' }),
        rfm && t('jobRfm', { customers: number(rfm.customers), rows: number(rfm.rows) }),
        skipped > 0 && t('skippedRows', { count: skipped }) + '.',
      ];
      return parts.filter(Boolean).join(' ');
    }
  }
}

/**
 * How far it is, in figures that change all the time.
 * @param {Job} job
 */
export function progressSentence({ by_k: rows, k_max: most, iteration }) {
  const k = rows.at(-1)?.k ?? 0;
  if (k === 0 && iteration === 0) return '';
  const steps = t('jobSteps', { count: iteration });
  return k === 0 ? steps : `${t('jobK', { k, most })} · ${steps}`;
}
