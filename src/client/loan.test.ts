import { expect, test } from 'vitest';
import { lendableMemory, LentMemory, SLOTS } from '../protocol/lent-memory.ts';
import { Loan } from './loan.ts';

function loan(): { readonly loan: Loan; readonly returned: boolean[] } {
  const memory = lendableMemory();
  if (memory === null) throw new Error('no memory to lend');
  const returned: boolean[] = [];
  return { loan: new Loan(new LentMemory(1, memory), (isClean) => returned.push(isClean)), returned };
}

test('it is returned when the last borrower has ended, and may be lent again', () => {
  const { loan: one, returned } = loan();
  one.begin(1);
  one.begin(2);
  one.end(1, true);
  one.end(1, true);
  expect([one.isUsed, one.memory.isOpenFor(1), one.memory.isOpenFor(2), returned]).toEqual([
    true,
    false,
    true,
    [],
  ]);
  one.end(2, true);
  expect([one.isUsed, one.memory.isOpenFor(2), returned]).toEqual([false, false, [true]]);
  one.begin(3);
  expect(one.memory.isOpenFor(3)).toBe(true);
});

test('it is not clean when an engine may still write for one that has ended', () => {
  const { loan: one, returned } = loan();
  one.begin(1);
  one.end(1, false);
  expect(returned).toEqual([true]);
  one.begin(2);
  one.begin(3);
  one.memory.put(new Uint8Array(8));
  one.end(2, false);
  one.end(3, true);
  expect(returned).toEqual([true, false]);
});

test('there is room for so many at once, and again when some have ended', () => {
  const { loan: one } = loan();
  for (let request = 1; request <= SLOTS; request++) expect(one.begin(request)).toBe(true);
  expect(one.begin(SLOTS + 1)).toBe(false);
  one.end(7, true);
  expect(one.begin(SLOTS + 2)).toBe(true);
  expect([7, SLOTS + 1, SLOTS + 2].map((request) => one.memory.isOpenFor(request))).toEqual([
    false,
    false,
    true,
  ]);
});
