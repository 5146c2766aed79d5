import { expect, test } from 'vitest';
import type { CellId } from '../../protocol/ids.ts';
import { newDocument } from '../../notebook/cells.ts';
import { deflateCodec } from '../storage/deflate-codec.ts';
import { failed } from '../storage/storage-failure.ts';
import type { StorageFault } from '../storage/storage-types.ts';
import type { SnapshotMoment, SnapshotStore } from './snapshot-store.ts';
import { createSnapshots } from './snapshots.ts';

const MINUTE = 60_000;

function opened() {
  const kept = new Map<number, { moment: SnapshotMoment; content: Uint8Array }>();
  const time = { now: 1_000_000 };
  const troubles: string[] = [];
  let fault: StorageFault | null = null;
  const store: SnapshotStore = {
    list: (notebook) =>
      Promise.resolve({
        ok: true,
        value: [...kept.values()].map(({ moment }) => moment).filter((one) => one.notebook === notebook),
      }),
    add: (moment, content, gone) => {
      if (fault) return Promise.resolve(failed(fault));
      for (const { at } of gone) kept.delete(at);
      kept.set(moment.at, { moment, content });
      return Promise.resolve({ ok: true, value: null });
    },
    content: (_notebook, at) => {
      const found = kept.get(at);
      return Promise.resolve(found ? { ok: true, value: new Uint8Array(found.content) } : failed('missing'));
    },
    clear: () => Promise.resolve({ ok: true, value: null }),
  };
  const snapshots = createSnapshots({
    store,
    clock: { now: () => time.now },
    codec: deflateCodec,
    onTrouble: (text) => troubles.push(text),
  });
  const why = async () => (await snapshots.list('d')).map((moment) => moment.why).join(' ');
  return { snapshots, time, why, troubles, fail: (with_: StorageFault) => (fault = with_) };
}

const version = (source: string) => {
  const document = newDocument({ id: 'd', name: 'N', cellId: 'a' as CellId });
  return { ...document, cells: document.cells.map((cell) => ({ ...cell, source })) };
};

test('taken at opening, every ten minutes of editing, and when asked; latest first', async () => {
  const { snapshots, time, why } = opened();
  await snapshots.opened(version('0'));
  time.now += MINUTE;
  await snapshots.saved(version('1'));
  expect(await why()).toBe('opened');
  time.now += 9 * MINUTE;
  await snapshots.saved(version('2'));
  expect(await why()).toBe('edited opened');
  time.now += MINUTE;
  await snapshots.saved(version('3'));
  await snapshots.take(version('3'), 'asked');
  expect(await why()).toBe('asked edited opened');
});

test('what is the same as the latest is not kept twice', async () => {
  const { snapshots, why } = opened();
  await snapshots.opened(version('0'));
  await snapshots.opened(version('0'));
  await snapshots.take(version('0'), 'asked');
  expect(await why()).toBe('opened');
});

test('a snapshot is read as the document it was', async () => {
  const { snapshots } = opened();
  await snapshots.opened(version('let x = 1\n// ☂'));
  const [moment] = await snapshots.list('d');
  expect(moment).toMatchObject({ cells: 1, notebook: 'd' });
  const document = await snapshots.read('d', moment?.at ?? 0);
  expect(document).toMatchObject({ id: 'd', cells: [{ id: 'a', source: 'let x = 1\n// ☂' }] });
  await expect(snapshots.read('d', 5)).rejects.toThrow(/no longer/);
});

test('a full storage is told; one that is refused has been told already', async () => {
  const { snapshots, troubles, fail } = opened();
  fail('refused');
  await snapshots.opened(version('0'));
  expect(troubles).toEqual([]);
  fail('quota');
  await snapshots.take(version('1'), 'asked');
  expect(troubles.join()).toMatch(/storage is full/);
});

test('snapshots of one moment do not replace each other', async () => {
  const { snapshots, why } = opened();
  await Promise.all(['0', '1', '2'].map((text) => snapshots.take(version(text), 'before')));
  expect(await why()).toBe('before before before');
});
