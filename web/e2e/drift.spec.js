import { expect, openDashboard, test } from './test.js';

test('says how many predictions there are, or what they show', async ({ page }) => {
  await openDashboard(page);
  const panel = page.getByRole('region', { name: 'Is the model still current?' });
  await expect(panel).toContainText(/\d+ predictions? so far|The last \d/);
});

test('tells when it is time to retrain', async ({ page }) => {
  const index = { psi: 0.4, noise: 0.02, verdict: 'drifted' };
  const answer = {
    predictions: 900,
    least: 500,
    verdict: 'drifted',
    sentence: 'It is time to retrain.',
    features: [{ column: 'Annual Income (k$)', ...index }],
    segments: { ...index, shares: [] },
    distance: null,
  };
  await page.route('**/api/drift', (route) => route.fulfill({ json: answer }));
  await openDashboard(page);
  const panel = page.getByRole('region', { name: 'Is the model still current?' });
  await expect(panel).toContainText('It is time to retrain.');
  await panel.locator('summary').click();
  await expect(panel.getByRole('row', { name: /Annual Income/ })).toContainText('0.4');
});
