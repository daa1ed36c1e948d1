import AxeBuilder from '@axe-core/playwright';
import { ask, expect, openDashboard, test } from './test.js';

const sideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test.describe(`in a ${colorScheme} system`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('the dashboard is accessible, and fits', async ({ page }) => {
      await openDashboard(page);
      await page.locator('summary').first().click();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(await sideways(page)).toBe(0);
    });

    test('the predictor is accessible, and fits', async ({ page }) => {
      await page.goto('/#/predictor');
      await ask(page, { 'Annual Income (k$)': '50', 'Spending Score (1-100)': '101' });
      await expect(page.getByRole('region', { name: 'Latest answers' })).toBeVisible();
      await page.getByLabel('Age', { exact: true }).fill('old');
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(await sideways(page)).toBe(0);
    });

    test('the theme is the system’s at first', async ({ page }) => {
      await page.goto('/');
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    });
  });
}

test('a chosen theme is remembered', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'As the system' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('a chosen language is remembered', async ({ page }) => {
  await openDashboard(page);
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dasbor');
  await expect(page.locator('[data-cluster="4"]')).toContainText('Sultan');
  await expect(page.locator('html')).toHaveAttribute('lang', 'id');
  await expect(page).toHaveTitle('Dasbor · Segmenta');
  await expect(page.getByRole('button', { name: 'Bahasa Indonesia' })).toBeFocused();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dasbor');
});

test.describe('in an Indonesian browser', () => {
  test.use({ locale: 'id-ID' });

  test('the page speaks Indonesian at first', async ({ page }) => {
    await openDashboard(page);
    await expect(page.locator('[data-cluster="3"]')).toContainText('Sultan Irit');
    await expect(page.locator('[data-cluster="0"]')).toContainText('Perempuan 61%');
  });
});

test('everything can be done by keyboard', async ({ page }) => {
  await page.goto('/');
  // The page is loaded before it is drawn: it asks the server first who is there.
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  await page.getByRole('link', { name: 'Predictor' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Predictor' })).toBeFocused();
  await expect(page).toHaveTitle('Predictor · Segmenta');
  await page.getByLabel('Annual Income (k$)', { exact: true }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('50');
  await page.keyboard.press('Tab');
  await page.keyboard.type('50');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-persona]')).toHaveText('Standard');

  await page.getByRole('link', { name: 'Dashboard' }).focus();
  await page.keyboard.press('Enter');
  const legend = page.getByRole('group', { name: 'Segments shown' });
  await legend.getByText('Careless').focus();
  await page.keyboard.press('Space');
  await expect(legend.getByText('Careless')).toHaveAttribute('aria-pressed', 'false');
});

test('the API browser is one link away', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'API' })).toHaveAttribute('href', 'docs');
});
