import { ask, expect, test } from './test.js';

const standard = { 'Annual Income (k$)': '50', 'Spending Score (1-100)': '50' };
const persona = (page) => page.locator('[data-persona]');

test.beforeEach(({ page }) => page.goto('/#/predictor'));

test('answers with no page load', async ({ page }) => {
  let loads = 0;
  page.on('load', () => (loads += 1));
  await ask(page, standard);
  await expect(persona(page)).toHaveText('Standard');
  await expect(page.getByText('86% · a clear case')).toBeVisible();
  await expect(page.getByText('Next nearest: Sensible')).toBeVisible();
  await expect(page.getByText(/With Spending Score \(1-100\) at 73.6/)).toBeVisible();
  await expect(page.getByRole('img', { name: /The star is the new customer/ })).toBeVisible();
  await expect(page.getByRole('status').first()).toBeAttached();
  expect(loads).toBe(0);
});

test('sends what else is known of the customer', async ({ page }) => {
  await page.getByLabel('Gender', { exact: true }).selectOption('Women');
  await page.getByLabel('Age', { exact: true }).fill('25');
  const sent = page.waitForRequest('**/predict**');
  await ask(page, standard);
  expect((await sent).postDataJSON()).toEqual({
    annual_income: 50,
    spending_score: 50,
    gender: 'Female',
    age: 25,
  });
  await expect(persona(page)).toHaveText('Standard');
});

test('checks a field as one types', async ({ page }) => {
  const income = page.getByLabel('Annual Income (k$)', { exact: true });
  await income.fill('many');
  await expect(income).toHaveAttribute('aria-invalid', 'true');
  await expect(income).toHaveAccessibleDescription(/Please write a number/);
  await income.fill('-1');
  await expect(income).toHaveAccessibleDescription(/The least possible is 0/);
  await income.fill('500');
  await expect(income).toHaveAttribute('aria-invalid', 'false');
  await expect(income).toHaveAccessibleDescription(/outside what the model has seen/);
  await income.fill('50');
  await expect(income).not.toHaveAttribute('aria-invalid');
});

test('does not send a form that lacks something', async ({ page }) => {
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().includes('/predict'))));
  await page.getByRole('button', { name: 'Find the segment' }).click();
  await expect(page.getByLabel('Annual Income (k$)', { exact: true })).toBeFocused();
  await expect(page.getByText('Please fill this in.')).toHaveCount(2);
  expect(asked).toBe(0);
});

test('tells of a value outside the training data', async ({ page }) => {
  await ask(page, { ...standard, 'Spending Score (1-100)': '101' });
  await expect(persona(page)).toBeVisible();
  await expect(
    page.getByText('Spending Score (1-100): 101 lies outside what the model has seen (1 to 99)'),
  ).toBeVisible();
});

test('keeps the last answers of the visit', async ({ page }) => {
  await ask(page, standard);
  await expect(persona(page)).toHaveText('Standard');
  await ask(page, { ...standard, 'Spending Score (1-100)': '95' });
  await expect(persona(page)).toHaveText('Careless');
  await page.reload();
  const history = page.getByRole('region', { name: 'Latest answers' });
  await expect(history.getByRole('listitem')).toHaveCount(2);
  await history.getByRole('button', { name: /Standard/ }).click();
  await expect(persona(page)).toHaveText('Standard');
  await history.getByRole('button', { name: 'Clear' }).click();
  await expect(history).toHaveCount(0);
});

test('understands a decimal comma in Indonesian', async ({ page }) => {
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
  const sent = page.waitForRequest('**/predict**');
  await ask(page, { 'Annual Income (k$)': '50,5', 'Spending Score (1-100)': '50' });
  expect((await sent).postDataJSON().annual_income).toBe(50.5);
  await expect(persona(page)).toHaveText('Normal');
});

test('an answer outlasts a change of language, in the new one', async ({ page }) => {
  await ask(page, standard);
  await expect(persona(page)).toHaveText('Standard');
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
  await expect(persona(page)).toHaveText('Normal');
  await expect(page.getByLabel('Annual Income (k$)', { exact: true })).toHaveValue('50');
});

test.describe('when the server fails', () => {
  test.use({ failing: true });

  const problem = (status, body = {}) => ({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', status, ...body }),
  });

  test('it says so in a sentence, and keeps the form', async ({ page }) => {
    await page.route('**/predict**', (route) => route.fulfill(problem(503)));
    await ask(page, standard);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('The server cannot give this at the moment.');
    await expect(page.getByLabel('Annual Income (k$)', { exact: true })).toHaveValue('50');
    await page.unroute('**/predict**');
    await page.keyboard.press('Enter');
    await expect(persona(page)).toHaveText('Standard');
    await expect(alert).toBeEmpty();
  });

  test('without a network too', async ({ page }) => {
    await page.getByLabel('Annual Income (k$)', { exact: true }).waitFor();
    await page.route('**/predict**', (route) => route.abort('connectionrefused'));
    await ask(page, standard);
    await expect(page.getByRole('alert')).toContainText('The server cannot be reached.');
  });

  test('a complaint about a field goes to the field', async ({ page }) => {
    const errors = [
      { loc: ['body', 'spending_score'], msg: 'no', type: 'below_minimum', ctx: { minimum: 60 } },
    ];
    await page.route('**/predict**', (route) => route.fulfill(problem(422, { errors })));
    await ask(page, standard);
    const score = page.getByLabel('Spending Score (1-100)', { exact: true });
    await expect(score).toHaveAccessibleDescription(/The least possible is 60/);
    await expect(score).toBeFocused();
  });
});

test('only the latest question is answered', async ({ page }) => {
  let first = true;
  await page.route('**/predict**', async (route) => {
    if (first) {
      first = false;
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    await route.continue().catch(() => {});
  });
  await ask(page, { 'Annual Income (k$)': '90', 'Spending Score (1-100)': '90' });
  await ask(page, standard);
  await expect(persona(page)).toHaveText('Standard');
  await page.waitForTimeout(900);
  await expect(persona(page)).toHaveText('Standard');
});
