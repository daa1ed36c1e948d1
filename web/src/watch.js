import { fetchModel } from './api.js';
import { changedElsewhere, keptModel } from './store.js';

/** Looked at this often while the page is in sight, in milliseconds. */
const pause = 60_000;

/**
 * Notice when the server answers with another model than the one kept here, or with other names:
 * somebody else may have put one to use. It is asked when the page comes into sight again, and now
 * and then; an answer that has not changed is a few bytes.
 */
export function watchModel() {
  addEventListener('focus', look);
  document.addEventListener('visibilitychange', look);
  setInterval(look, pause);
}

let looking = false;

/** Compare the kept model with the server's. */
export async function look() {
  const kept = keptModel();
  if (looking || !kept || document.visibilityState === 'hidden') return;
  looking = true;
  try {
    const [before, now] = await Promise.all([kept, fetchModel()]);
    // What was kept may have been given up meanwhile, by this page's own doing.
    if (keptModel() === kept && JSON.stringify(before) !== JSON.stringify(now)) changedElsewhere();
  } catch {
    // A server that cannot be reached says nothing about models; the views tell.
  } finally {
    looking = false;
  }
}
