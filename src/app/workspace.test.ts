import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { PageView } from '../ui/stores/page-store.ts';
import { orInMemory } from './storage/memory-files.ts';
import { createWorkspace } from './workspace.ts';

/** An open workspace whose files are in memory. */
async function workspace() {
  const refused = () => Promise.reject(new DOMException('no', 'SecurityError'));
  const store = orInMemory({ list: refused, put: refused, remove: refused, clear: refused }, () => undefined);
  const told: number[] = [];
  const one = createWorkspace({
    ...{ store, clock: { now: () => 0 } },
    page: createStore<PageView>(() => ({}) as PageView),
    notices: {
      show: () => undefined,
      relay: () => undefined,
      dismiss: () => undefined,
      announce: () => undefined,
    },
    estimate: () => Promise.resolve({}),
    persist: () => Promise.resolve(),
    tell: (files) => told.push(files.length),
  });
  await one.open('n');
  return { one, told };
}

/** A Blob that says that it is so large. */
function sized(size: number): Blob {
  const blob = new Blob(['x']);
  blob.slice = () => blob;
  return Object.defineProperty(blob, 'size', { value: size });
}

const refusals = (answers: readonly (string | null)[]) => answers.filter((answer) => answer !== null);

test('cells keep at most a thousand files, also when they write all of them at once', async () => {
  const { one, told } = await workspace();
  const answers = await Promise.all(
    Array.from({ length: 1100 }, (_, i) =>
      one.change({ type: 'write', name: `f${String(i)}`, blob: new Blob() }),
    ),
  );
  expect(refusals(answers)).toHaveLength(100);
  expect(answers.at(-1)).toMatch(/f1099 was not saved: this notebook has 1000 files/);
  expect(told.at(-1)).toBe(1000);
  expect(await one.change({ type: 'write', name: 'f0', blob: new Blob(['again']) })).toBeNull();
  expect(await one.change({ type: 'remove', name: 'f1' })).toBeNull();
  expect(await one.change({ type: 'write', name: 'new', blob: new Blob() })).toBeNull();
});

test('… and a gibibyte of them', async () => {
  const { one } = await workspace();
  const answers = await Promise.all(
    ['a', 'b', 'c'].map((name) => one.change({ type: 'write', name, blob: sized(400 << 20) })),
  );
  expect(answers.map((answer) => answer === null)).toEqual([true, true, false]);
  expect(answers[2]).toMatch(/c was not saved: with it the files of this notebook would have 1.3 GB/);
  expect(await one.change({ type: 'write', name: 'a', blob: sized(1) })).toBeNull();
  expect(await one.change({ type: 'write', name: 'c', blob: sized(400 << 20) })).toBeNull();
});
