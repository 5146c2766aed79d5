import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Inside `remote/`, so that the programs find their packages. */
const builds = join(root, 'remote', '.build');
const SOURCES = ['remote/engine', 'remote/gateway', 'remote/wire', 'remote/vite.config.ts', 'src'];

/**
 * The path of a program (`tutti-engine`) built from the sources as they are: once for each state of them, whatever
 * number of test files and runs ask.
 */
export async function builtProgram(name: string): Promise<string> {
  const folder = join(builds, await digest());
  if (!existsSync(folder)) await buildInto(folder);
  return join(folder, `${name}.mjs`);
}

async function buildInto(folder: string): Promise<void> {
  const draft = `${folder}-${String(process.pid)}`;
  await mkdir(builds, { recursive: true });
  for (const old of await readdir(builds)) {
    // Of another state; one that is being made belongs to another test file.
    if (!old.includes('-')) await rm(join(builds, old), { recursive: true, force: true });
  }
  await build({
    configFile: join(root, 'remote/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: draft, emptyOutDir: true },
  });
  // Whole, or not at all: another test file may have been quicker.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
}

async function digest(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const at = join(root, source);
    if (!existsSync(at)) continue;
    const entries = source.includes('.') ? [''] : await readdir(at, { recursive: true });
    for (const entry of entries.sort()) {
      if (/[.]ts$/.test(`${source}${entry}`) && !/[.]test[.]ts$/.test(entry)) {
        hash.update(entry).update(await readFile(join(at, entry)));
      }
    }
  }
  return hash.digest('hex').slice(0, 16);
}
