import { t } from '../i18n/index.js';
import { forget } from '../store.js';
import { confirm } from '../ui/dialog.js';
import { activateModel, deleteModel, rollBack } from './api.js';

/**
 * Put a model to use, if the reader is sure.
 * @param {string} version
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} whether it was
 */
export async function confirmActivation(version, signal) {
  const sure = await confirm({
    heading: t('activateTitle', { version }),
    text: t('activateText'),
    yes: t('activate'),
    signal,
  });
  if (!sure) return false;
  await activateModel(version);
  forget();
  return true;
}

/**
 * Go back to the model that was in use before, if the reader is sure.
 * @param {string} previous
 * @param {AbortSignal} signal
 */
export async function confirmRollBack(previous, signal) {
  const sure = await confirm({
    heading: t('rollBack'),
    text: t('rollBackText', { version: previous }),
    yes: t('rollBack'),
    signal,
  });
  if (!sure) return false;
  await rollBack();
  forget();
  return true;
}

/**
 * @param {string} version
 * @param {AbortSignal} signal
 */
export async function confirmDeletion(version, signal) {
  const sure = await confirm({
    heading: t('modelDelete', { version }),
    text: t('modelDeleteText'),
    yes: t('delete'),
    signal,
  });
  if (sure) await deleteModel(version);
  return sure;
}
