import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { runtimeBundles } from '../scripts/runtime-bundles.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: false,
  plugins: [runtimeBundles()],
  // Its entry for bundlers is the one of Node.
  resolve: { alias: { 'poolifier-web-worker': here('../node_modules/poolifier-web-worker/browser/mod.js') } },
  worker: { format: 'es' },
  preview: { headers },
  build: {
    outDir: '../.cache/bench',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 6000,
    rolldownOptions: { input: ['index.html', 'page-peers.html', 'typing.html'].map(here) },
  },
});
