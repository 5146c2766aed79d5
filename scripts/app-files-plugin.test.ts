import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listFiles } from './app-files-plugin.ts';

test('the list of the app’s files: hashed names as they are, others with a digest, no doubles of fonts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tutti-files-'));
  try {
    mkdirSync(join(folder, 'assets'));
    mkdirSync(join(folder, 'notebooks'));
    const write = (path: string, text: string): void => {
      writeFileSync(join(folder, path), text);
    };
    write('index.html', 'page');
    write('service-worker.js', 'worker');
    write('assets/page-BoCgkg_0.js', 'code');
    write('assets/font-BdnERNNW.ttf', 'font');
    write('assets/font-CL6g_b3V.woff2', 'font');
    write('notebooks/welcome.ipynb', '{}');
    const before = listFiles(folder);
    expect(before.files.map(({ path, digest }) => [path, digest?.slice(0, 8) ?? null])).toEqual([
      ['assets/font-CL6g_b3V.woff2', null],
      ['assets/page-BoCgkg_0.js', null],
      ['index.html', expect.any(String)],
      ['notebooks/welcome.ipynb', '44136fa3'],
    ]);
    write('notebooks/welcome.ipynb', '{ }');
    expect(listFiles(folder).version).not.toBe(before.version);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
