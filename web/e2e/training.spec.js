import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './own-server.js';
import { bigFile, chooseFile, customers, finished, sideways, start } from './life.js';

test.slow();

test('from a file to the model in use, and back', async ({ page }) => {
  await page.goto('/#/train');
  await chooseFile(page, customers());
  await expect(page.getByRole('checkbox', { name: 'Annual Income (k$)' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'CustomerID' })).not.toBeChecked();
  await page.getByRole('radio', { name: 'Exactly' }).check();
  await page.getByLabel('Number of segments (k)').fill('4');
  await start(page);
  const job = await finished(page);
  await expect(job.getByRole('heading', { name: 'mall_customers.csv' })).toBeVisible();
  await job.getByText('The same as a table').click();
  await expect(job.getByRole('row')).toHaveCount(11);

  await job.getByRole('link', { name: 'Compare with the model in use' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page.locator('[data-kind=vanished]')).toHaveCount(1);
  await expect(page.locator('[data-kind=kept]')).toHaveCount(4);
  await expect(page.getByText(/of 200 customers .* change their segment/)).toBeVisible();
  await expect(page.locator('[data-figure=silhouette]')).toContainText('better: 0.555');
  const [list] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Who moves (CSV)' }).click(),
  ]);
  expect(list.suggestedFilename()).toMatch(/^moves-\w+\.csv$/);

  await page.getByRole('button', { name: 'Put to use' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put to use' }).click();
  await expect(page.getByText(/^Model \w+ is in use now\.$/)).toBeVisible();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await expect(page.locator('[data-cluster]')).toHaveCount(4);

  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await page.getByRole('button', { name: 'Go back to the one before' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
  await expect(page.getByText(/is in use now/)).toBeVisible();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await expect(page.locator('[data-cluster]')).toHaveCount(5);
});

test('a training is found again after a reload, and can be cancelled', async ({ page }) => {
  await page.goto('/#/train');
  await chooseFile(page, bigFile());
  await start(page);
  const job = page.locator('[data-job]');
  await expect(job).toHaveAttribute('data-state', 'running');
  await page.reload();
  await expect(job).toHaveAttribute('data-state', 'running');
  await expect(job.getByRole('progressbar')).toBeVisible();
  await expect(job.getByRole('status').first()).not.toBeEmpty();
  await job.getByRole('button', { name: 'Cancel the training' }).click();
  const question = page.getByRole('dialog');
  await question.getByRole('button', { name: 'Cancel the training' }).click();
  await expect(job).toHaveAttribute('data-state', 'cancelled');
  await expect(job.getByText('The training was cancelled.')).toBeVisible();
  await job.getByRole('button', { name: 'Take off the list' }).click();
  await expect(job).toHaveCount(0);
});

test('a second training waits, and says for how many', async ({ page }) => {
  await page.goto('/#/train');
  await chooseFile(page, bigFile());
  await start(page);
  await expect(page.locator('[data-state=running]')).toBeVisible();
  await start(page);
  const waiting = page.locator('[data-state=queued]');
  await expect(waiting).toContainText('It waits for 1 training before it.');
  await waiting.getByRole('button', { name: 'Cancel the training' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the training' }).click();
  await expect(waiting).toHaveCount(0);
  await expect(page.locator('[data-state=running]')).toBeVisible();
});

test('a training that fails says why', async ({ page }) => {
  await page.goto('/#/train');
  const rows = Array.from({ length: 40 }, (_, row) => `${row % 7},${row === 30 ? 'many' : row}`);
  await chooseFile(page, { name: 'bad.csv', text: ['visits,spent', ...rows].join('\n') });
  await expect(page.getByText(/1 cell is none/)).toBeVisible();
  await start(page);
  const job = page.locator('[data-state=failed]');
  await expect(job.getByText('The training failed.')).toBeVisible();
  await expect(job.getByText(/row 3\d.*many/)).toBeVisible();

  await page.getByRole('checkbox', { name: /Leave out rows/ }).check();
  await start(page);
  await expect(await finished(page)).toContainText('1 row could not be used.');
});

test.describe('a file that is no table', () => {
  test.use({ failing: true });

  test('is refused in words', async ({ page }) => {
    await page.goto('/#/train');
    await chooseFile(page, { name: 'empty.csv', text: 'a,b\n' });
    await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  });
});

test('identifiers are learned from only after a warning', async ({ page }) => {
  await page.goto('/#/train');
  await chooseFile(page, customers());
  const id = page.getByRole('checkbox', { name: 'CustomerID' });
  await id.click();
  await expect(page.getByRole('dialog', { name: 'Learn from CustomerID?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(id).not.toBeChecked();
  await expect(id).toBeFocused();
  await id.click();
  await page.getByRole('button', { name: 'Learn from it all the same' }).click();
  await expect(id).toBeChecked();
});

test('mistakes in the settings are told beside them', async ({ page }) => {
  await page.goto('/#/train');
  await chooseFile(page, customers());
  await page.getByRole('radio', { name: 'Exactly' }).check();
  const k = page.getByLabel('Number of segments (k)');
  await k.fill('none');
  await start(page);
  await expect(k).toBeFocused();
  await expect(k).toHaveAccessibleDescription(
    'The number of segments is a whole number from 1 up.',
  );
  await page.getByText('How features are prepared').click();
  const income = page.getByRole('group', { name: 'Annual Income (k$)' });
  await income.getByLabel('Weight').fill('0');
  await k.fill('3');
  await start(page);
  await expect(income.getByLabel('Weight')).toBeFocused();
  await income.getByLabel('Weight').fill('2');
  await income.getByLabel('Scale').selectOption('Logarithm (log1p)');
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await start(page);
  expect((await sent).postDataJSON()).toMatchObject({
    preparation: ['Annual Income (k$)=log1p,weight:2'],
    n_clusters: 3,
  });
});

test('a log of transactions is known as one', async ({ page }) => {
  await page.goto('/#/train');
  const rows = Array.from({ length: 400 }, (_, row) => {
    const day = new Date(Date.UTC(2026, 0, 1 + (row % 200))).toISOString().slice(0, 10);
    return `${1000 + row},${row % 40},${day},${1 + (row % 5)},${(row % 40) + 0.5}`;
  });
  const text = ['InvoiceNo,Customer ID,InvoiceDate,Quantity,UnitPrice', ...rows].join('\n');
  await chooseFile(page, { name: 'log.csv', text });
  await expect(page.getByRole('checkbox', { name: /log of transactions/ })).toBeChecked();
  await expect(page.getByLabel('Customer', { exact: true })).toHaveValue('Customer ID');
  await expect(page.getByLabel('Quantity', { exact: true })).toHaveValue('Quantity');
  await expect(page.getByLabel('Price of a piece')).toHaveValue('UnitPrice');
  await start(page);
  const job = await finished(page);
  await expect(job).toContainText('It learned from 40 customers, made of 400 rows.');
});

test('files can be used again, and deleted', async ({ page }) => {
  await page.goto('/#/train');
  await chooseFile(page, customers());
  await page.getByRole('checkbox', { name: 'Age' }).check();
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
  await expect(page.getByRole('checkbox', { name: 'Age' })).toBeChecked();
  await page.getByRole('button', { name: 'English' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Use: mall_customers.csv' }).click();
  await expect(page.getByRole('heading', { name: 'What is in mall_customers.csv' })).toBeFocused();
  await page.getByRole('button', { name: 'Delete: mall_customers.csv' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No files have been sent yet.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What is in' })).toHaveCount(0);
});

test('a file can be dropped', async ({ page }) => {
  await page.goto('/#/train');
  const { name, text } = customers();
  const data = await page.evaluateHandle(
    ([content, called]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], called));
      return transfer;
    },
    [text, name],
  );
  await page.getByText('or drop it here').dispatchEvent('drop', { dataTransfer: data });
  await expect(page.getByRole('heading', { name: `What is in ${name}` })).toBeVisible();
});

test('a model is made and put to use by keyboard alone', async ({ page }) => {
  await page.goto('/#/train');
  const reach = async (/** @type {import('@playwright/test').Locator} */ goal) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await goal.evaluate((node) => node === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error('it cannot be reached by Tab');
  };
  const input = page.getByLabel('Choose a file');
  // On a busy machine the first press may come before the browser takes it.
  await expect(async () => {
    await reach(input);
    const choosing = page.waitForEvent('filechooser', { timeout: 5_000 });
    await page.keyboard.press('Space');
    await (await choosing).setFiles('../data/mall_customers.csv');
  }).toPass();
  await expect(page.getByRole('heading', { name: 'What is in mall_customers.csv' })).toBeFocused();
  const age = page.getByRole('checkbox', { name: 'Age' });
  await reach(age);
  await page.keyboard.press('Space');
  await reach(page.getByRole('button', { name: 'Start the training' }));
  await page.keyboard.press('Enter');
  const job = await finished(page);
  await reach(job.getByRole('button', { name: 'Put to use' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await reach(dialog.getByRole('button', { name: 'Put to use' }));
  await page.keyboard.press('Enter');
  await expect(job.getByText(/is in use\./)).toBeVisible();
  await reach(job.getByRole('link', { name: 'To the dashboard' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeFocused();
  await expect(page.getByText('Average Age')).toBeVisible();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test.describe(`in a ${colorScheme} system`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('the view is accessible, and fits', async ({ page }) => {
      await page.goto('/#/train');
      await chooseFile(page, customers());
      await page.getByText('How features are prepared').click();
      await start(page);
      await finished(page);
      await page.getByText('Exactly').click();
      await page.getByLabel('Least size of a segment').fill('much');
      await start(page);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(await sideways(page)).toBe(0);
      await page.getByRole('checkbox', { name: 'CustomerID' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    });
  });
}
