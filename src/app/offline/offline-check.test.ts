import { expect, test } from 'vitest';
import { checkOffline, type OfflineWorker } from './offline-check.ts';

function worker(answers: {
  readonly has: boolean | null;
  readonly kept?: boolean;
  readonly newer?: boolean;
}): OfflineWorker {
  const ask = ({ type }: { readonly type: 'has' | 'keep' }) =>
    Promise.resolve(
      type === 'has' ? answers.has : answers.kept === true ? { kept: true } : { kept: false, reason: 'full' },
    );
  return { ask: ask as OfflineWorker['ask'], update: () => Promise.resolve(answers.newer === true) };
}

test('a worker of the page’s own build keeps it', async () => {
  expect(await checkOffline(worker({ has: true, kept: true }), 'a.js')).toEqual({
    worksOffline: true,
    newVersion: false,
  });
});

test('without room, or without an answer, the page is as it was', async () => {
  const nothing = { worksOffline: false, newVersion: false };
  expect(await checkOffline(worker({ has: true }), 'a.js')).toEqual(nothing);
  expect(await checkOffline(worker({ has: null }), 'a.js')).toEqual(nothing);
});

test('a page newer than its worker waits for the worker’s update and tells nothing', async () => {
  expect(await checkOffline(worker({ has: false, newer: true, kept: true }), 'a.js')).toBeNull();
});

test('a worker newer than the page means a new version, once all of it is there', async () => {
  expect(await checkOffline(worker({ has: false, kept: true }), 'a.js')).toEqual({
    worksOffline: true,
    newVersion: true,
  });
  expect((await checkOffline(worker({ has: false }), 'a.js'))?.newVersion).toBe(false);
});
