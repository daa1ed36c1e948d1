import AxeBuilder from '@axe-core/playwright';
import { expect, guarded as test } from './own-server.js';
import { chooseFile, customers } from './life.js';

// The first answers to a page that has not signed in are refusals.
test.use({ failing: true });

/**
 * @param {import('@playwright/test').Page} page
 * @param {string} token
 */
async function signIn(page, token) {
  await page.getByLabel('Token').fill(token);
  await page.keyboard.press('Enter');
}

test('who shows a token sees the customers, and signs out', async ({ page, tokens }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByLabel('Token')).toBeFocused();
  await signIn(page, 'sgm_wrong');
  await expect(page.getByRole('alert')).toContainText('wrong, has expired or was revoked');
  await signIn(page, tokens.admin);
  await expect(page.locator('canvas')).toHaveCount(3);
  await page.reload();
  await expect(page.locator('canvas')).toHaveCount(3);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('who may read cannot train or change models', async ({ page, tokens }) => {
  await page.goto('/#/train');
  await signIn(page, tokens.read);
  await expect(page.getByText('It needs a token with the role admin.')).toBeVisible();
  await page.goto('/#/models');
  await expect(page.getByText('It needs a token with the role admin.')).toBeVisible();
  await expect(page.getByRole('button', { name: /Delete/ })).toHaveCount(0);
});

test('who may predict has the predictor', async ({ page, tokens }) => {
  await page.goto('/#/predictor');
  await signIn(page, tokens.predict);
  await expect(page.getByLabel('Annual Income (k$)')).toBeVisible();
  await page.goto('/#/dashboard');
  await expect(page.getByText('It needs a token with the role read or admin.')).toBeVisible();
});

test('nothing of what somebody did is there for who signs in next', async ({ page, tokens }) => {
  await page.goto('/#/predictor');
  await signIn(page, tokens.admin);
  await page.getByLabel('Annual Income (k$)').fill('77');
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await chooseFile(page, customers());
  await page.getByRole('radio', { name: 'Exactly' }).check();
  await page.getByLabel('Number of segments (k)').fill('7');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, tokens.admin);
  const use = page.getByRole('button', { name: 'Use: mall_customers.csv' });
  await expect(use).toHaveAttribute('aria-pressed', 'false');
  await use.click();
  await expect(page.getByRole('radio', { name: 'Exactly' })).not.toBeChecked();
  await page.getByRole('link', { name: 'Predictor', exact: true }).click();
  await expect(page.getByLabel('Annual Income (k$)')).toHaveValue('');
});

test('signing out in one tab is signing out in all', async ({ page, tokens, context }) => {
  await page.goto('/#/predictor');
  await signIn(page, tokens.predict);
  await page.getByLabel('Annual Income (k$)').fill('77');
  const other = await context.newPage();
  await other.goto('/#/predictor');
  await other.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await signIn(other, tokens.read);
  await expect(page.getByText('read (may read)')).toBeAttached();
  await expect(page.getByLabel('Annual Income (k$)')).toHaveValue('');
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`signing in is accessible (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('/');
    await expect(page.getByLabel('Token')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  });
}
