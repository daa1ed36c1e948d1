import AxeBuilder from '@axe-core/playwright';
import { mallModel, mallStats } from '../tests/fixtures/index.js';
import { mixedAnswer, mixedModel, mixedProjection, mixedStats } from '../tests/fixtures/mixed.js';
import { expect, test } from './test.js';

const give = (page, path, json) => page.route(path, (route) => route.fulfill({ json }));

async function giveMixed(page, model = mixedModel()) {
  await give(page, '**/api/model', model);
  await give(page, '**/stats', mixedStats());
  await give(page, '**/api/projection', mixedProjection());
  await give(page, '**/predict**', mixedAnswer());
}

const sideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const map = (page) => page.getByRole('img', { name: /^Scatter plot/ });

test.describe('a model of five features, two of them categories', () => {
  test.beforeEach(({ page }) => giveMixed(page));

  test('is shown on its principal components first', async ({ page }) => {
    await page.goto('/');
    await expect(map(page)).toHaveAccessibleName(
      /Principal component 1 \(explains 41%\) across, Principal component 2/,
    );
    await expect(page.getByText('These two show 63% of all differences')).toBeVisible();
    await expect(page.getByText('The shading shows')).toHaveCount(0);
    await expect(page.getByText('is not on this view')).toHaveCount(0);
  });

  test('its axes can be chosen, and stay chosen for the visit', async ({ page }) => {
    await page.goto('/');
    await page.getByLabel('Across', { exact: true }).selectOption('Income (Rp)');
    await page.getByLabel('Upward', { exact: true }).selectOption('Tenure (months)');
    const name = /: Income \(Rp\) across, Tenure \(months\) upward/;
    await expect(map(page)).toHaveAccessibleName(name);
    await expect(page.getByRole('status').filter({ hasText: 'customers lack one' })).toHaveText(
      '18 customers lack one of these values and are not on this view.',
    );
    await page.reload();
    await expect(map(page)).toHaveAccessibleName(name);
  });

  test('the preparation is told', async ({ page }) => {
    await page.goto('/');
    const section = page.getByRole('region', { name: 'How the data were prepared' });
    await expect(section).toContainText('Empty cells take the median.');
  });

  test('the predictor offers values, and sends only what is given', async ({ page }) => {
    await page.goto('/#/predictor');
    await page.getByLabel('Age (years)').fill('40');
    await page.getByLabel('Visits last year').fill('2');
    await page.getByLabel('Loyalty member').selectOption('No');
    const sent = page.waitForRequest('**/predict**');
    await page.getByRole('button', { name: 'Find the segment' }).click();
    expect((await sent).postDataJSON()).toEqual({ age: 40, visits: 2, member: 'No' });
    await expect(page.locator('[data-persona]')).toHaveText('Rare visitors');
    await expect(page.getByText(/Left empty, and therefore assumed: Income/)).toBeVisible();
    await expect(page.getByText(/With Loyalty member “Yes” instead of “No”/)).toBeVisible();
    await expect(map(page)).toHaveAccessibleName(/: Visits last year across, Age/);
  });

  test('without the components the columns are shown', async ({ page }) => {
    await give(page, '**/api/projection', { points: [[0, 0]] });
    await page.goto('/');
    await expect(map(page)).toHaveAccessibleName(/: Income \(Rp\) across, Age \(years\) upward/);
    await expect(page.getByLabel('Across', { exact: true })).not.toContainText('Principal');
  });

  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test.describe(`in a ${colorScheme} system`, () => {
      test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

      test('is accessible, and fits the narrowest screen', async ({ page }) => {
        await page.setViewportSize({ width: 320, height: 700 });
        const slices = mixedModel();
        slices.elbow.grouping = 'none';
        await give(page, '**/api/model', slices);
        await page.goto('/');
        await expect(page.locator('canvas')).toHaveCount(3);
        for (const summary of await page.locator('summary').all()) await summary.click();
        expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
        expect(await sideways(page)).toBe(0);

        await page.goto('/#/predictor');
        await page.getByLabel('Age (years)').fill('40');
        await page.getByLabel('Visits last year').fill('2');
        await page.keyboard.press('Enter');
        await expect(page.getByLabel('Loyalty member')).toBeFocused();
        await page.getByLabel('Loyalty member').selectOption('Yes');
        await page.getByRole('button', { name: 'Find the segment' }).click();
        await expect(page.locator('[data-persona]')).toBeVisible();
        expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
        expect(await sideways(page)).toBe(0);
      });
    });
  }
});

test('where there is no natural grouping, the page says so', async ({ page }) => {
  const model = mallModel();
  model.elbow.grouping = 'none';
  await give(page, '**/api/model', model);
  await give(page, '**/stats', mallStats());
  await page.goto('/');
  await expect(page.getByText(/No natural grouping: the customers spread/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Key figures' })).toContainText('slices');
});

test('many features leave the form in order', async ({ page }) => {
  const model = mixedModel();
  for (let index = 1; index <= 12; index += 1) {
    const name = `extra_${index}`;
    model.columns.splice(5, 0, { ...model.columns[1], name, column: `Extra number ${index}` });
    model.features.push(name);
    model.dimensions.push({ name, feature: model.features.length - 1 });
  }
  await giveMixed(page, model);
  await page.goto('/#/predictor');
  await expect(page.getByRole('group', { name: 'Needed for an answer' })).toBeVisible();
  await expect(
    page.getByRole('group', { name: 'May be left empty' }).getByRole('combobox'),
  ).toHaveCount(1);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect(await sideways(page)).toBe(0);
});
