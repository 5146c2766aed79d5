import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { ownGlobals } from '../scripts/own-globals-plugin.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The programs, by name: what `remote/package.json` lists as `bin`. */
const PROGRAMS = { 'tutti-engine': `${here}engine/main.ts`, 'tutti-gateway': `${here}gateway/main.ts` };

/** Builds the programs into `remote/dist/`: JavaScript that Node runs as it is, beside the packages with binaries. */
export default defineConfig({
  root: here,
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    ssr: true,
    rolldownOptions: {
      input: PROGRAMS,
      external: [/^node:/, 'zeromq', 'ws'],
      output: {
        format: 'es',
        entryFileNames: '[name].mjs',
        chunkFileNames: 'parts/[name]-[hash].mjs',
        banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
      },
    },
  },
  ssr: { noExternal: true },
  plugins: [ownGlobals({ ground: false }), executable()],
});

function executable(): Plugin {
  return {
    name: 'executable',
    writeBundle({ dir }, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk' && file.isEntry) chmodSync(`${dir ?? here}/${file.fileName}`, 0o755);
      }
    },
  };
}
