import { readFileSync } from 'node:fs';
import { expect } from './own-server.js';

/** @import { Page } from '@playwright/test' */

/** The bundled customers. */
export function customers() {
  return { name: 'mall_customers.csv', text: readFileSync('../data/mall_customers.csv', 'utf8') };
}

/** A file that takes a while to learn from: customers without any groups. */
export function bigFile() {
  let seed = 1;
  const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const row = () => Array.from({ length: 6 }, () => next().toFixed(4)).join();
  const lines = Array.from({ length: 150_000 }, row);
  return { name: 'big.csv', text: ['a,b,c,d,e,f', ...lines].join('\n') };
}

/**
 * Send a file by the usual control, and wait until the page shows what is in it, or why not.
 * @param {Page} page
 * @param {{ name: string, text: string }} file
 */
export async function chooseFile(page, { name, text }) {
  const buffer = Buffer.from(text);
  const file = { name, mimeType: 'text/csv', buffer };
  await page.getByLabel('Choose a file').setInputFiles(file);
  const form = page.getByRole('heading', { name: `What is in ${name}` });
  await expect(form.or(page.getByRole('button', { name: 'Try again' }))).toBeVisible({
    timeout: 60_000,
  });
}

/** @param {Page} page */
export function start(page) {
  return page.getByRole('button', { name: 'Start the training' }).click();
}

/**
 * The training that is done, once it is.
 * @param {Page} page
 */
export async function finished(page) {
  const job = page.locator('[data-state=done]').first();
  await expect(job).toBeVisible({ timeout: 60_000 });
  return job;
}

/** @param {Page} page */
export function sideways(page) {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
