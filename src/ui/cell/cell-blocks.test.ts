import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CellId } from '../../protocol/ids.ts';
import { cellBlocks, type CellBlock } from './cell-blocks.ts';

const ids = (from: number, to: number): CellId[] =>
  Array.from({ length: to - from }, (_none, i) => `c${String(from + i)}` as CellId);

const keyOf = (blocks: readonly CellBlock[], id: string) =>
  blocks.find(({ cells }) => cells.includes(id as CellId))?.key;

const moved = (before: readonly CellBlock[], after: readonly CellBlock[]): string[] =>
  before.flatMap(({ key, cells }) => cells.filter((id) => keyOf(after, id) !== key));

it('a notebook that was just opened has even blocks', () => {
  const blocks = cellBlocks(ids(0, 40), []);
  expect(blocks.map(({ cells }) => cells.length)).toEqual([16, 16, 8]);
});

it('cells put in, taken out and added at the end leave all others where they are', () => {
  const before = cellBlocks(ids(0, 500), []);
  const order = ids(0, 500);
  const changes: CellId[][] = [
    order.toSpliced(8, 0, 'new' as CellId),
    order.toSpliced(16, 0, 'new' as CellId),
    order.toSpliced(0, 0, ...ids(900, 950)),
    order.toSpliced(100, 40),
    [...order, ...ids(900, 950)],
  ];
  for (const next of changes) {
    const after = cellBlocks(next, before);
    expect(moved(before, after).filter((id) => next.includes(id as CellId))).toEqual([]);
    expect(Math.max(...after.map(({ cells }) => cells.length))).toBeLessThan(80);
  }
});

it('a cell that moves far goes into the block of its new neighbours, and it alone', () => {
  const before = cellBlocks(ids(0, 100), []);
  const order = ids(0, 100);
  const down = cellBlocks(
    ['c5', ...order]
      .toSpliced(0, 1)
      .filter((id) => id !== 'c5')
      .toSpliced(70, 0, 'c5' as CellId) as CellId[],
    before,
  );
  expect(moved(before, down)).toEqual(['c5']);
  expect(keyOf(down, 'c5')).toBe(keyOf(before, 'c70'));
});

it('another notebook has blocks of its own', () => {
  const before = cellBlocks(ids(0, 40), []);
  const after = cellBlocks(ids(100, 140), before);
  expect(after.map(({ cells }) => cells.length)).toEqual([16, 16, 8]);
  expect(after.some(({ key }) => before.some((one) => one.key === key))).toBe(false);
});

it('whatever happens, the blocks are the order, and each key is there once', () => {
  const step = fc.record({ at: fc.nat(60), remove: fc.nat(20), to: fc.nat(60), add: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let order = ids(0, 50);
      let blocks = cellBlocks(order, []);
      let count = 1000;
      for (const { at, remove, to, add } of steps) {
        const taken = order.splice(at, remove);
        order.splice(to, 0, ...(add % 2 === 0 ? taken : ids(count, count + add)));
        count += add;
        order = [...order];
        blocks = cellBlocks(order, blocks);
        expect(blocks.flatMap(({ cells }) => cells)).toEqual(order);
        expect(new Set(blocks.map(({ key }) => key)).size).toBe(blocks.length);
        expect(blocks.every(({ cells }) => cells.length > 0)).toBe(true);
      }
    }),
  );
});
