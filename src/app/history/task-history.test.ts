import { expect, test } from 'vitest';
import { failed } from '../storage/storage-failure.ts';
import type { StorageResult } from '../storage/storage-types.ts';
import type { HistoryRow, HistoryStore } from './history-store.ts';
import { createTaskHistory, type HistoryUsage } from './task-history.ts';

/** A store made of paper. */
function paperStore() {
  const rows = new Map<string, HistoryRow>();
  let fault: StorageResult<null> | null = null;
  const store: HistoryStore = {
    load: (notebook) =>
      Promise.resolve({ ok: true, value: [...rows.values()].filter((row) => row.notebook === notebook) }),
    write: (notebook, kept, gone) => {
      if (fault) return Promise.resolve(fault);
      for (const row of kept) rows.set(`${row.notebook} ${row.msgId}`, row);
      for (const msgId of gone) rows.delete(`${notebook} ${msgId}`);
      return Promise.resolve({ ok: true, value: null });
    },
    clear: (notebook) => {
      for (const [key, row] of rows) if (row.notebook === notebook) rows.delete(key);
      return Promise.resolve({ ok: true, value: null });
    },
  };
  return { rows, store, fail: (result: StorageResult<null>) => (fault = result) };
}

function opened() {
  const paper = paperStore();
  const troubles: string[] = [];
  const usages: HistoryUsage[] = [];
  const time = { now: 0 };
  const history = createTaskHistory({
    store: paper.store,
    clock: { now: () => time.now },
    onTrouble: (text) => troubles.push(text),
    onUsage: (usage) => usages.push(usage),
  });
  return { ...paper, history, troubles, time, usages };
}

const entry = (msgId: string, task: unknown = { some: 'task' }) => ({ msgId, task });

test('what the frame tells is kept under the notebook that is open, and found at the next visit', async () => {
  const { history, rows } = opened();
  const { book } = history.open('mine');
  history.hear({ book, kept: [entry('a_1'), entry('a_2')], gone: [] });
  history.hear({ book, kept: [], gone: ['a_1'] });
  expect([...rows.values()]).toMatchObject([{ notebook: 'mine', msgId: 'a_2' }]);
  const again = history.open('mine');
  expect(again.book).not.toBe(book);
  expect((await again.opened).tasks).toEqual([{ some: 'task' }]);
  expect((await history.open('another').opened).tasks).toEqual([]);
});

test('what is said about a notebook that is no longer open is dropped', () => {
  const { history, rows } = opened();
  const { book } = history.open('mine');
  history.open('another');
  history.hear({ book, kept: [entry('a_1')], gone: [] });
  expect(rows.size).toBe(0);
});

test.each([
  ['a function', () => 1],
  ['shared memory', { a: new SharedArrayBuffer(8) }],
  ['a promise', { a: Promise.resolve() }],
  ['too much', new ArrayBuffer(17 << 20)],
])('%s is not kept, and takes nothing with it', (_what, task) => {
  const { history, rows } = opened();
  const { book } = history.open('mine');
  history.hear({ book, kept: [entry('a_1', task), entry('a_2')], gone: [] });
  expect([...rows.values()]).toMatchObject([{ msgId: 'a_2' }]);
});

test('the oldest go when there are too many, or too much', () => {
  const { history, rows, time } = opened();
  const { book } = history.open('mine');
  for (let i = 0; i < 5000; i += 500) {
    time.now += 1000;
    history.hear({ book, kept: Array.from({ length: 500 }, (_, j) => entry(`a_${i + j}`)), gone: [] });
  }
  expect(rows.size).toBe(4096);
  expect(rows.has('mine a_903')).toBe(false);
  expect(rows.has('mine a_904')).toBe(true);
  for (let i = 0; i < 6; i++) {
    time.now += 1000;
    history.hear({ book, kept: [entry(`b_${i}`, new ArrayBuffer(15 << 20))], gone: [] });
  }
  expect([...rows.keys()]).toEqual([2, 3, 4, 5].map((i) => `mine b_${i}`));
});

test('a notebook is purged, open or not, and others are left alone', async () => {
  const { history, rows } = opened();
  const { book } = history.open('mine');
  history.hear({ book, kept: [entry('a_1'), entry('a_2')], gone: [] });
  const other = history.open('another');
  history.hear({ book: other.book, kept: [entry('b_1')], gone: [] });
  await history.purge('mine');
  expect([...rows.keys()]).toEqual(['another b_1']);
  await history.purge('another');
  history.hear({ book: other.book, kept: [entry('b_2')], gone: [] });
  expect([...rows.keys()]).toEqual(['another b_2']);
});

test('how much is kept of the open notebook is told; without a name, that one is purged', async () => {
  const { history, rows, usages } = opened();
  const { book } = history.open('mine');
  history.hear({ book, kept: [entry('a_1', new ArrayBuffer(1000)), entry('a_2')], gone: [] });
  expect(usages.at(-1)).toMatchObject({ tasks: 2, bytes: expect.any(Number) as number });
  expect(usages.at(-1)!.bytes).toBeGreaterThan(1000);
  history.hear({ book, kept: [], gone: ['a_1'] });
  expect(usages.at(-1)).toMatchObject({ tasks: 1 });
  history.open('another');
  expect(usages.at(-1)).toEqual({ tasks: 0, bytes: 0 });
  await history.open('mine').opened;
  expect(usages.at(-1)).toMatchObject({ tasks: 1 });
  await history.purge();
  expect([rows.size, usages.at(-1)]).toEqual([0, { tasks: 0, bytes: 0 }]);
});

test('what comes too fast is dropped, and the reader is told', () => {
  const { history, rows, troubles, time } = opened();
  const { book } = history.open('mine');
  const flood = Array.from({ length: 6001 }, (_, i) => entry(`a_${i}`));
  history.hear({ book, kept: flood, gone: [] });
  expect(rows.size).toBe(0);
  expect(troubles.join()).toMatch(/faster than they can be saved/);
  time.now += 1000;
  history.hear({ book, kept: flood.slice(0, 1000), gone: [] });
  expect(rows.size).toBe(1000);
});

test('a full storage is told to the reader', async () => {
  const { history, troubles, fail } = opened();
  fail(failed('quota'));
  const { book } = history.open('mine');
  history.hear({ book, kept: [entry('a_1')], gone: [] });
  await expect.poll(() => troubles.join()).toMatch(/storage is full.*rc.purgeEverything.*What runs goes on/);
});
