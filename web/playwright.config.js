import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';

const port = Number(process.env.E2E_PORT ?? 8137);
// A page served by something else, such as a development server, can be tested too.
const baseURL = process.env.E2E_BASE_URL ?? `http://127.0.0.1:${port}`;
const binary = process.env.SEGMENTA_BIN ?? '../target/release/segmenta';

/** The Chromium of this system: nothing is downloaded for the tests. */
function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** The server under test, learning anew from the bundled customers. */
function server() {
  const dataDir = mkdtempSync(join(tmpdir(), 'segmenta-e2e-'));
  return {
    command: `"${binary}" serve --addr 127.0.0.1:${port} --data-dir "${dataDir}" --log warn`,
    url: `${baseURL}/healthz`,
  };
}

export default defineConfig({
  testDir: 'e2e',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  // Busy machines are slow, not wrong.
  expect: { timeout: 15_000 },
  webServer: process.env.E2E_BASE_URL ? undefined : server(),
  use: {
    baseURL,
    locale: 'en-GB',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'wide', use: { viewport: { width: 1440, height: 900 } } },
    { name: 'narrow', use: { viewport: { width: 360, height: 740 } } },
  ],
});
