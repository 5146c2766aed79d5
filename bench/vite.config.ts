import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { runtimeBundles } from '../scripts/runtime-bundles.ts';

const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  publicDir: false,
  plugins: [runtimeBundles()],
  worker: { format: 'iife' },
  preview: { headers },
  build: { outDir: '../.cache/bench', emptyOutDir: true, target: 'es2023' },
});
