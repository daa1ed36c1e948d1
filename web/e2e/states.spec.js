import { mallModel, mallStats, plainModel } from '../tests/fixtures/index.js';
import { expect, test } from './test.js';

/** Answer with a fixture in place of the server. */
const give = (page, path, json, status = 200) =>
  page.route(path, (route) => route.fulfill({ json, status }));

test.describe('when the server fails', () => {
  test.use({ failing: true });

  test('the dashboard says so, and tries again on request', async ({ page }) => {
    await give(page, '**/api/model', { status: 500, title: 'Internal Server Error' }, 500);
    await page.goto('/');
    await expect(page.getByRole('alert')).toContainText('Something went wrong on the server.');
    await page.unroute('**/api/model');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.locator('[data-cluster]')).toHaveCount(5);
  });

  test('without the customers’ rows all else is shown', async ({ page }) => {
    await give(page, '**/stats', { status: 503 }, 503);
    await page.goto('/');
    const told = page.getByRole('alert').filter({ hasText: 'not kept with this model' });
    await expect(told).toBeVisible();
    await expect(page.locator('[data-cluster]')).toHaveCount(5);
  });

  test('a part of many customers is called a part where no more can be had', async ({ page }) => {
    await give(page, '**/stats', { ...mallStats(), total: 1_000_000, truncated: true });
    await give(page, '**/api/view?*', { status: 503 }, 503);
    await page.goto('/');
    await expect(page.getByText('Showing 200 of 1,000,000 customers.')).toBeVisible();
  });
});

test('no customers make an empty map', async ({ page }) => {
  await give(page, '**/stats', { total: 0, shown: 0, truncated: false, data: [] });
  await page.goto('/');
  await expect(page.getByText('There are no customers to show.')).toBeVisible();
});

for (const count of [1, 20]) {
  test(`one feature and ${count} segments are drawn too`, async ({ page }) => {
    const model = plainModel(count);
    const data = Array.from({ length: 200 }, (_, index) => {
      const Cluster = Math.floor((index * count) / 200);
      return { Visits: index / 2, Cluster, Persona: model.segments[Cluster].persona };
    });
    await give(page, '**/api/model', model);
    await give(page, '**/stats', { total: 200, shown: 200, truncated: false, data });
    await page.goto('/');
    await expect(page.locator('[data-cluster]')).toHaveCount(count);
    await expect(page.getByRole('img', { name: /Visits across, Segment upward/ })).toBeVisible();
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
  });
}

test('a model changed on the server is noticed', async ({ page }) => {
  await give(page, '**/api/model', { ...mallModel(), model_version: 'the-old-one' });
  await page.goto('/#/predictor');
  await page.getByLabel('Annual Income (k$)', { exact: true }).fill('50');
  await page.getByLabel('Spending Score (1-100)', { exact: true }).fill('50');
  await page.unroute('**/api/model');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The model has changed since')).toBeVisible();
  await expect(page.locator('[data-persona]')).toHaveText('Standard');
  await expect(page.getByText('Model the-old-one')).toHaveCount(0);
});
