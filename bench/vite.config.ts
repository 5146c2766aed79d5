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
  worker: { format: 'iife' },
  preview: { headers },
  build: {
    outDir: '../.cache/bench',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 6000,
    rolldownOptions: { input: ['index.html', 'typing.html'].map(here) },
  },
});
