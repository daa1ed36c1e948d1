import AxeBuilder from '@axe-core/playwright';
import { ask } from './test.js';
import { expect, test } from './own-server.js';
import { sideways } from './life.js';

test.slow();

/**
 * Learn a second model by the API, from the customers of the first; gives its version.
 * @param {import('@playwright/test').APIRequestContext} request
 */
async function secondModel(request) {
  const { active } = await (await request.get('/api/models')).json();
  const order = { model: active, n_clusters: 4 };
  const { id } = await (await request.post('/api/jobs', { data: order })).json();
  let job;
  await expect
    .poll(async () => (job = await (await request.get(`/api/jobs/${id}`)).json()).state, {
      timeout: 60_000,
    })
    .toBe('done');
  return job.version;
}

test('the models are listed, and can be deleted but for the one in use', async ({ page }) => {
  const version = await secondModel(page.request);
  await page.goto('/#/models');
  const cards = page.locator('[data-version]');
  await expect(cards).toHaveCount(2);
  // Models of the same second stand in any order.
  const spare = page.locator(`[data-version="${version}"]`);
  const live = page.locator(`[data-version]:not([data-version="${version}"])`);
  await expect(live).toContainText('in use');
  const undeletable = live.getByRole('button', { name: /^Delete/ });
  await expect(undeletable).toHaveAttribute('aria-disabled', 'true');
  await expect(undeletable).toHaveAccessibleDescription('The model in use cannot be deleted');
  await undeletable.click({ force: true });
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await spare.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText(`Model ${version} is deleted.`)).toBeVisible();
  await expect(cards).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('texts of a segment are changed, and shown everywhere at once', async ({ page }) => {
  await page.goto('/');
  await page
    .locator('[data-cluster="2"]')
    .getByRole('button', { name: /^Change/ })
    .click();
  const dialog = page.getByRole('dialog', { name: 'What is said of Standard' });
  const english = dialog.getByRole('group', { name: 'In English' });
  const indonesian = dialog.getByRole('group', { name: 'In Indonesian' });
  await english.getByLabel('Name').fill('');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(english.getByLabel('Name')).toHaveAccessibleDescription('Please fill this in.');
  await expect(english.getByLabel('Name')).toBeFocused();
  await english.getByLabel('Name').fill('Middle <b>ground</b>');
  await indonesian.getByLabel('Name').fill('Jalan tengah');
  await english.getByLabel('What to do').fill('Say thank you.');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  const card = page.locator('[data-cluster="2"]');
  await expect(card.getByRole('heading', { level: 3 })).toHaveText('Middle <b>ground</b>');
  await expect(card).toContainText('Say thank you.');
  await page.getByRole('link', { name: 'Predictor' }).click();
  await ask(page, { 'Annual Income (k$)': '50', 'Spending Score (1-100)': '50' });
  await expect(page.locator('[data-persona]')).toHaveText('Middle <b>ground</b>');
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
  await expect(page.locator('[data-persona]')).toHaveText('Jalan tengah');
});

test('a model is written for other programs', async ({ page }) => {
  await page.goto('/#/models');
  await page.getByRole('link', { name: /^View/ }).click();
  await page.getByText('Files for other programs').click();
  for (const [name, file] of [
    ['ONNX', /\.onnx$/],
    ['Report (HTML)', /\.html$/],
  ]) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name, exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(file);
  }
});

test.describe('a name that is taken', () => {
  test.use({ failing: true });

  test('is refused beside its field', async ({ page }) => {
    await page.goto('/#/models');
    await page.getByRole('link', { name: /^View/ }).click();
    await page.getByRole('button', { name: 'Change the texts: Standard' }).click();
    const name = page.getByRole('group', { name: 'In English' }).getByLabel('Name');
    await name.fill('Target');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(name).toHaveAccessibleDescription('Another segment is called that already.');
    await expect(name).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Change the texts: Standard' })).toBeFocused();
  });
});

test('another browser that changes the model is noticed', async ({ page }) => {
  const version = await secondModel(page.request);
  await page.goto('/');
  await expect(page.locator('[data-cluster]')).toHaveCount(5);
  const activated = await page.request.post(`/api/models/${version}/activate`, { data: {} });
  expect(activated.ok()).toBe(true);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await expect(page.getByText('The model has changed since')).toBeVisible();
  await expect(page.locator('[data-cluster]')).toHaveCount(4);
});

test.describe('a model that is not there', () => {
  test.use({ failing: true });

  test('is told, not shown', async ({ page }) => {
    await page.goto('/#/models/0123456789ab');
    await expect(page.getByRole('alert').filter({ hasText: 'nothing here' })).toBeVisible();
  });
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test.describe(`in a ${colorScheme} system`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('the views are accessible, and fit', async ({ page }) => {
      await secondModel(page.request);
      await page.goto('/#/models');
      await expect(page.locator('[data-version]')).toHaveCount(2);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(await sideways(page)).toBe(0);
      await page.getByRole('link', { name: /^Compare/ }).click();
      await expect(page.locator('[data-figure]')).toHaveCount(6);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(await sideways(page)).toBe(0);
      await page
        .getByRole('button', { name: /^Change/ })
        .first()
        .click();
      await expect(page.getByRole('dialog').getByLabel('Name').first()).toBeFocused();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    });
  });
}
