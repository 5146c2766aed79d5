import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import type { AppFile, AppFiles } from '../src/offline/app-files.ts';

const WORKER = 'service-worker.js';
/** Fonts come in three formats, of which browsers that can run the page take the first. */
const SKIPPED = /\.(ttf|woff|map|LICENSE\.txt)$/;
/** What the build names by content: `assets/page-BoCgkg_0.js`, `runtime/kernel-1a2b3c4d.js`. */
const HASHED = /^(assets|runtime|types)\/.*-[\w-]{8}\.\w+$/;

/** Writes the list of the app's files into its service worker, which keeps them for when there is no network. */
export function appFiles(): Plugin {
  let outDir = '';
  return {
    name: 'tutti-app-files',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    writeBundle() {
      const worker = join(outDir, WORKER);
      const text = `self.TUTTI_FILES=${JSON.stringify(listFiles(outDir))};\n${readFileSync(worker, 'utf8')}`;
      writeFileSync(worker, text);
    },
  };
}

export function listFiles(folder: string): AppFiles {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''),
    )
    .filter((path) => path !== WORKER && !SKIPPED.test(path))
    .sort();
  const files = paths.map((path): AppFile => {
    return { path, digest: HASHED.test(path) ? null : sha256(readFileSync(join(folder, path))) };
  });
  return { version: sha256(JSON.stringify(files)).slice(0, 16), files };
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
