import { expect, test } from 'vitest';
import { AttachedPictures } from './attached-pictures.ts';
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

test('an attachment is looked up once, and shown again until that comes to too much', () => {
  const asked: string[] = [];
  const picture = `data:image/png;base64,${'A'.repeat(5_000_000)}`;
  const attached = new AttachedPictures((name) => {
    asked.push(name);
    return name === 'none.png' ? null : picture;
  });
  const often = Array.from({ length: 10_000 }, () => attached.find('a.png'));
  expect(often.filter((found) => typeof found === 'object')).toHaveLength(1 + 3);
  expect(often.at(-1)).toBe('too often');
  expect(attached.find('b.png')).toEqual({ address: picture });
  expect([attached.find('none.png'), attached.find('none.png')]).toEqual(['missing', 'missing']);
  expect(asked).toEqual(['a.png', 'b.png', 'none.png']);
});
