import { afterEach, expect, test, vi } from 'vitest';
import { readPreferences, writePreferences } from './preferences.ts';
import { purgeNotebook } from './purge-notebook.ts';
import { failed } from './storage/storage-failure.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Storage for preferences, as a browser has it. */
function stubStorage(): void {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
}

test('history, files, snapshots and the permission of this notebook go, and of no other', async () => {
  stubStorage();
  writePreferences({ network: ['mine', 'another'] });
  const purged: string[] = [];
  const result = await purgeNotebook('mine', {
    history: {
      purge: (id) => {
        purged.push(`history of ${id}`);
        return Promise.resolve({ ok: true, value: null });
      },
    },
    files: {
      clear: (id) => {
        purged.push(`files of ${id}`);
        return Promise.resolve();
      },
    },
    snapshots: {
      clear: (id) => {
        purged.push(`snapshots of ${id}`);
        return Promise.resolve({ ok: true, value: null });
      },
    },
  });
  expect(result.ok).toBe(true);
  expect(purged).toEqual(['history of mine', 'files of mine', 'snapshots of mine']);
  expect(readPreferences().network).toEqual(['another']);
});

test.each([
  ['the history', () => Promise.resolve(failed('quota')), () => Promise.resolve()],
  [
    'the files',
    () => Promise.resolve({ ok: true as const, value: null }),
    () => Promise.reject(new Error('no disk')),
  ],
])('where %s cannot be purged, it is told', async (_which, purge, clear) => {
  stubStorage();
  const result = await purgeNotebook('mine', {
    history: { purge },
    files: { clear },
    snapshots: { clear: () => Promise.resolve({ ok: true, value: null }) },
  });
  expect(result).toMatchObject({ ok: false, failure: { message: expect.any(String) as string } });
});
