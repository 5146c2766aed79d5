import { expect, test } from 'vitest';
import { drawnSize } from './drawn-size.ts';

test('what is not used again counts once', () => {
  expect(drawnSize({ parents: [-1, 0, 0, 2, -1], uses: [] })).toBe(5);
});

test('what is used again counts again, with all that is in it', () => {
  // A group of two shapes, used twice.
  expect(
    drawnSize({
      parents: [-1, 0, 1, 1, 0, 0],
      uses: [
        { at: 4, target: 1 },
        { at: 5, target: 1 },
      ],
    }),
  ).toBe(6 + 2 * 3);
});

test('ten uses in each of nine levels: a thousand million shapes, told in a hundred steps', () => {
  const parents: number[] = [];
  const uses: { at: number; target: number }[] = [];
  let before = -1;
  for (let level = 0; level < 10; level++) {
    const group = parents.push(-1) - 1;
    for (let k = 0; k < 10; k++) {
      const at = parents.push(group) - 1;
      if (before >= 0) uses.push({ at, target: before });
    }
    before = group;
  }
  expect(drawnSize({ parents, uses })).toBeGreaterThan(1e9);
});

test('what is drawn in itself has no end', () => {
  expect(drawnSize({ parents: [-1, 0], uses: [{ at: 1, target: 0 }] })).toBe(Infinity);
  expect(
    drawnSize({
      parents: [-1, 0, -1, 2],
      uses: [
        { at: 1, target: 2 },
        { at: 3, target: 0 },
      ],
    }),
  ).toBe(Infinity);
});

test('depth exhausts no stack', () => {
  const parents = Array.from({ length: 200_000 }, (_, i) => i - 1);
  expect(drawnSize({ parents, uses: [] })).toBe(200_000 * 1);
});
