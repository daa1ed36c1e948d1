// What a visitor's browser fetches, compressed, must stay small.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const most = 150_000;
const assets = new URL('../dist/assets/', import.meta.url);

const sizes = readdirSync(assets)
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => ({ name, bytes: gzipSync(readFileSync(new URL(name, assets))).length }));
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);

for (const { name, bytes } of sizes) console.log(`${String(bytes).padStart(8)}  ${name}`);
console.log(`${String(total).padStart(8)}  in total, compressed; ${most} allowed`);
if (sizes.length === 0 || total > most) process.exitCode = 1;
