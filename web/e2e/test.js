import { test as base, expect } from '@playwright/test';

export { expect };

/**
 * A test whose page must stay quiet: no error in the console, no breach of the content security
 * policy, no request to another origin. A test that makes requests fail on purpose sets
 * `failing` to true, and the browser's own lines about those are then let pass.
 */
export const test = base.extend({
  failing: [false, { option: true }],
  page: async ({ page, baseURL, failing }, use) => {
    /** @type {string[]} */
    const noise = [];
    page.on('pageerror', (error) => noise.push(String(error)));
    page.on('console', (message) => {
      const expected = failing && message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !expected) noise.push(message.text());
    });
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      const local = protocol === 'blob:' || protocol === 'data:';
      if (!local && origin !== baseURL) noise.push(`a request to ${request.url()}`);
    });
    await use(page);
    expect(noise).toEqual([]);
  },
});

/** Wait for the map, the last part of the dashboard to come. */
export async function openDashboard(page) {
  await page.goto('/');
  await expect(page.locator('canvas')).toHaveCount(3);
}

/** @param {Record<string, string>} values by label */
export async function ask(page, values) {
  for (const [label, value] of Object.entries(values))
    await page.getByLabel(label, { exact: true }).fill(value);
  await page.keyboard.press('Enter');
}
