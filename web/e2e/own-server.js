import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from './test.js';

export { expect } from './test.js';

const binary = process.env.SEGMENTA_BIN ?? '../target/release/segmenta';

/** A port that nobody listens on. */
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}

/** @param {string} url */
async function answers(url) {
  for (let tries = 0; tries < 600; tries += 1) {
    const is = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (is) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers at ${url}`);
}

/**
 * A test that changes what the server keeps has a server of its own, which begins with the bundled
 * customers.
 */
export const test = base.extend({
  dataDir: async ({}, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'segmenta-e2e-'));
    await use(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  },
  baseURL: async ({ dataDir }, use) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const args = ['serve', '--addr', `127.0.0.1:${port}`, '--data-dir', dataDir, '--log', 'warn'];
    const server = spawn(binary, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const gone = once(server, 'exit');
    await answers(url);
    await use(url);
    server.kill('SIGTERM');
    await gone;
  },
});

/** The same with a token of each role, which the server asks for. */
export const guarded = test.extend({
  tokens: async ({ dataDir }, use) => {
    const make = (/** @type {string} */ role) => {
      const args = ['token', 'create', '--name', role, '--role', role, '--data-dir', dataDir];
      return execFileSync(binary, args, { encoding: 'utf8', stdio: 'pipe' }).trim();
    };
    await use({ predict: make('predict'), read: make('read'), admin: make('admin') });
  },
  baseURL: async ({ tokens, baseURL }, use) => {
    // The server notices the tokens within two seconds.
    for (let tries = 0; tries < 100; tries += 1) {
      const { status } = await fetch(`${baseURL}/stats`);
      if (status === 401) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await use(baseURL);
  },
});
