import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { apiTypesAsset } from './scripts/api-types-plugin.ts';
import { appFiles } from './scripts/app-files-plugin.ts';
import { runtimeBundles } from './scripts/runtime-bundles.ts';

/** What makes a page cross-origin isolated: shared memory, precise clocks. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export default defineConfig({
  // Relative: `dist/` works at any path of any static host.
  base: './',
  plugins: [react(), runtimeBundles(), apiTypesAsset(), appFiles()],
  server: { headers: isolation },
  preview: { headers: isolation },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 4000,
    // The page's CSP allows no inline script.
    modulePreload: { polyfill: false },
    // What the first paint needs comes in two files: many small ones wait for each other.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'libraries', tags: ['$initial'], test: /node_modules/, priority: 1 },
            { name: 'page', tags: ['$initial'] },
          ],
        },
      },
    },
  },
});
