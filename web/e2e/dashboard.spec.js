import { readFileSync } from 'node:fs';
import { expect, openDashboard, test } from './test.js';

/** The map's pixels: two pictures that differ, differ in what is drawn. */
const picture = (page) =>
  page
    .locator('canvas')
    .first()
    .evaluate((canvas) => canvas.toDataURL());

test.beforeEach(({ page }) => openDashboard(page));

test('shows the five personas with their sizes', async ({ page }) => {
  const expected = [
    ['Sensible', 23],
    ['Careless', 22],
    ['Standard', 81],
    ['Saver', 35],
    ['Target', 39],
  ];
  for (const [id, [persona, size]] of expected.entries()) {
    const card = page.locator(`[data-cluster="${id}"]`);
    await expect(card.getByRole('heading', { level: 3 })).toHaveText(persona);
    await expect(card).toContainText(`${size} customers`);
  }
  await expect(page.getByRole('region', { name: 'Key figures' })).toContainText('200');
});

test('says why there are five', async ({ page }) => {
  const section = page.getByRole('region', { name: 'Why 5 segments' });
  await expect(section).toContainText('The curve bends at k = 5');
  await expect(section).toContainText('Calinski-Harabasz would choose 9');
});

test('the legend hides a segment and shows it again', async ({ page }) => {
  const before = await picture(page);
  const button = page.getByRole('group', { name: 'Segments shown' }).getByText('Standard');
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  const hidden = await picture(page);
  expect(hidden).not.toBe(before);
  await button.click();
  await page.mouse.move(0, 0);
  expect(await picture(page)).toBe(before);
});

test('other axes can be chosen', async ({ page }) => {
  await page.getByLabel('Across', { exact: true }).selectOption('Age');
  await expect(page.getByRole('img', { name: /: Age across, Spending Score/ })).toBeVisible();
  await expect(page.getByText('The shading shows')).toHaveCount(0);
  await page.getByLabel('Upward', { exact: true }).selectOption('Age');
  await expect(page.getByRole('img', { name: /: Spending Score .* across, Age/ })).toBeVisible();
});

test('buttons zoom and show everything again', async ({ page }) => {
  const whole = await picture(page);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect.poll(() => picture(page)).not.toBe(whole);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect.poll(() => picture(page)).toBe(whole);
});

test('the wheel zooms into the map, and scrolls the page past a whole one', async ({ page }) => {
  const whole = await picture(page);
  const map = page.locator('canvas').first();
  await map.scrollIntoViewIfNeeded();
  await map.hover();
  const top = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 120);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(top);
  await map.hover({ position: { x: 150, y: 200 } });
  await page.mouse.wheel(0, -120);
  await expect.poll(() => picture(page)).not.toBe(whole);
});

test('a customer’s own row shows on hover', async ({ page }) => {
  const map = page.locator('canvas').first();
  const before = await picture(page);
  await map.scrollIntoViewIfNeeded();
  const box = await map.boundingBox();
  // The middle of the map is full of customers: a sweep comes across one of them.
  let shown = before;
  for (let x = 0.3; x < 0.7 && shown === before; x += 0.02) {
    await page.mouse.move(box.x + box.width * x, box.y + box.height * 0.48);
    shown = await picture(page);
  }
  expect(shown).not.toBe(before);
});

test('the map can be saved as a picture', async ({ page }) => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download as PNG' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('segmenta-annual-income-spending-score.png');
  const bytes = readFileSync(await download.path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.length).toBeGreaterThan(10_000);
});

test('the map can be read as a table', async ({ page }) => {
  await page.getByText('The same as a table').first().click();
  const table = page.getByRole('table', { name: 'Averages by segment' });
  await expect(table.getByRole('row')).toHaveCount(6);
  await expect(table.getByRole('row', { name: /Target/ })).toContainText('86.5');
});
