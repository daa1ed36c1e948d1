import { readFileSync } from 'node:fs';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:8000';
const themeScript = 'src/theme-boot.js';

/**
 * The theme has to be set before the first paint, and a module always runs after it.
 * This plugin puts a plain script in the head, under a hashed name like every other asset.
 * @returns {import('vite').Plugin}
 */
function themeBeforePaint() {
  let building = false;
  return {
    name: 'theme-before-paint',
    configResolved(config) {
      building = config.command === 'build';
    },
    buildStart() {
      if (!building) return;
      const source = readFileSync(new URL(themeScript, import.meta.url), 'utf8');
      this.emitFile({ type: 'asset', name: 'theme-boot.js', source });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const built = Object.values(context.bundle ?? {}).find((file) =>
          file.fileName.includes('theme-boot'),
        );
        const src = built ? `./${built.fileName}` : `/${themeScript}`;
        return [{ tag: 'script', attrs: { src }, injectTo: 'head-prepend' }];
      },
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [tailwindcss(), themeBeforePaint()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/stats', '/predict', '/docs', '/openapi.json'].map((path) => [path, server]),
    ),
  },
});
