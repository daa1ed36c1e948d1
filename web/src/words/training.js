import { bytes } from '../format.js';
import { t } from '../i18n/index.js';
import { errorSentence } from './problem.js';

/**
 * Why a file did not arrive.
 * @param {any} error
 */
export function uploadErrorSentence(error) {
  const { status, detail } = error?.problem ?? {};
  if (status !== 413) return errorSentence(error);
  // The server tells its limit in bytes.
  const limit = Number(/\d+/.exec(detail ?? '')?.[0]);
  return limit > 0 ? t('uploadTooLong', { limit: bytes(limit) }) : errorSentence(error);
}
