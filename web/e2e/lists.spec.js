import { readFileSync } from 'node:fs';
import { expect, openDashboard, test } from './test.js';

/** @param {import('@playwright/test').Page} page */
const score = (page, name, text) =>
  page
    .getByRole('region', { name: 'Score a file' })
    .getByLabel('Choose a file')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

test('a file of customers comes back with their segments', async ({ page }) => {
  let sent;
  await page.route('**/predict/batch', (route) => {
    sent = route.request();
    return route.fulfill({ contentType: 'text/csv', body: 'age,cluster_id\n1,2\n' });
  });
  await page.goto('/#/predictor');
  await page.getByText('Score a file').waitFor();
  await score(page, 'new.csv', 'age\n1\n');
  const save = page.getByRole('button', { name: 'Download new-segments.csv' });
  await expect(save).toBeFocused();
  expect(sent.headers()['content-type']).toBe('text/csv');
  const [file] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(file.suggestedFilename()).toBe('new-segments.csv');
  expect(readFileSync(await file.path(), 'utf8')).toBe('age,cluster_id\n1,2\n');
  await score(page, 'new.xlsx', 'PK');
  await expect(page.getByRole('alert').filter({ hasText: 'must end in .csv' })).toBeVisible();
  await expect(save).toHaveCount(0);
});

test.describe('where it cannot be had', () => {
  test.use({ failing: true });

  test('a scored file is missed in words', async ({ page }) => {
    const detail = 'the body is longer than 1000000 bytes';
    await page.route('**/predict/batch', (route) =>
      route.fulfill({ status: 413, json: { detail }, contentType: 'application/problem+json' }),
    );
    await page.goto('/#/predictor');
    await page.getByText('Score a file').waitFor();
    await score(page, 'new.ndjson', '{}');
    await expect(page.getByRole('alert').filter({ hasText: '1 MB at most' })).toBeVisible();
  });

  test('a list is missed in words', async ({ page }) => {
    await page.route('**/api/customers**', (route) => route.fulfill({ status: 503, json: {} }));
    await openDashboard(page);
    const card = page.locator('[data-cluster="4"]');
    await card.getByRole('button', { name: 'Download the list (CSV): Target' }).click();
    await expect(card.getByRole('alert')).toContainText('There is no such list.');
  });
});

test('the list of a segment can be had', async ({ page }) => {
  let asked;
  await page.route('**/api/customers**', (route) => {
    asked = route.request();
    return route.fulfill({ contentType: 'text/csv', body: 'CustomerID\n7\n' });
  });
  await openDashboard(page);
  const button = page.getByRole('button', { name: 'Download the list (CSV): Target' });
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(file.suggestedFilename()).toBe('target.csv');
  expect(new URL(asked.url()).search).toBe('?segment=4');
  expect(asked.headers().accept).toBe('text/csv');
});
