import { expect, test } from 'vitest';
import { pack } from './pack.ts';
import { createSlate, SlateReader, SlateWriter, type SlateItems, type SlateRow } from './reply-slate.ts';

const FACTS = {
  started: 1_750_000_000_000.25,
  completed: 1_750_000_000_001,
  executeResult: null,
  executionCount: 3,
};

function slate() {
  const memory = createSlate() ?? new SharedArrayBuffer(0);
  const reader = new SlateReader(memory);
  const take = (posted = Infinity) => {
    const rows: (SlateRow | SlateItems)[] = [];
    reader.take(posted, { row: (row) => rows.push(row), items: (items) => rows.push(items) });
    return rows;
  };
  return { writer: new SlateWriter(memory), take };
}

test.each([
  [0],
  [-0],
  [NaN],
  [-Infinity],
  [1.5],
  [undefined],
  [null],
  [true],
  [false],
  [''],
  ['a\0b \uD800 🙂'],
  ['x'.repeat(64)],
])('%s is read as it was written, alone and in a list', (value) => {
  const { writer, take } = slate();
  for (const [place, whole] of [value, [value]].entries()) {
    expect(writer.write(place, 0, pack(whole), FACTS)).toBe(true);
    expect(take()).toEqual([{ place, value: pack(whole), facts: FACTS }]);
  }
  expect(writer.isEmpty).toBe(true);
});

test.each([
  ['an object', { a: 1 }],
  ['a list of two', [1, 2]],
  ['a list of none', []],
  ['a list with a hole', new Array(1)],
  ['a list in a list', [[1]]],
  ['a function', () => 1],
  ['a bigint', 1n],
  ['a long text', 'x'.repeat(65)],
  ['bytes', new Uint8Array(1)],
])('%s is not written', (_, value) => {
  const { writer, take } = slate();
  expect(writer.write(0, 0, pack(value), FACTS)).toBe(false);
  expect(take()).toEqual([]);
});

test('a full slate takes no more until it is read, and goes round', () => {
  const { writer, take } = slate();
  for (let round = 0; round < 5; round++) {
    let n = 0;
    while (writer.write(n, 0, pack(n), FACTS)) n++;
    expect(n).toBe(256);
    expect(take().map((row) => 'value' in row && row.value.value)).toEqual(
      Array.from({ length: 256 }, (_, i) => i),
    );
  }
});

test('rows come after the messages that were posted before them', () => {
  const { writer, take } = slate();
  const posted = [0, 1, 1, 3];
  posted.forEach((n, place) => writer.write(place, n, pack(place), FACTS));
  const read = [0, 1, 2, 3].map((n) => take(n).map(({ place }) => place));
  expect(read).toEqual([[0], [1, 2], [], [3]]);
});

test('rows about items that follow each other are read as columns', () => {
  const { writer, take } = slate();
  const facts = { started: 5, completed: 6, executionCount: 1 };
  const write = (place: number, value: unknown, boxed = true) =>
    writer.writeItem(place, 0, value, 8, { ...facts, boxed });
  for (const [place, value] of [-0, NaN, 2].entries()) expect(write(place, value)).toBe(true);
  writer.write(0, 0, pack(7), FACTS);
  for (const [i, value] of ['a', undefined, 4].entries()) write(3 + i, value);
  write(9, 1);
  write(10, 1, false);
  const read = take();
  expect(read.map(({ place }) => place)).toEqual([0, 0, 3, 9, 10]);
  expect(read.map((row) => ('ends' in row ? row.ends.values : row.value.value))).toEqual([
    Float64Array.of(-0, NaN, 2),
    7,
    ['a', undefined, 4],
    Float64Array.of(1),
    Float64Array.of(1),
  ]);
  expect(read[2]).toMatchObject({
    ends: { boxed: true, bytes: Float64Array.of(8, 8, 8), started: Float64Array.of(5, 5, 5) },
  });
});

test.each([2 ** 30, -1, -(2 ** 31), 5000])(
  'what code of users has written over its counts (%i) is not read, and what comes after it is',
  (forged) => {
    const memory = createSlate() ?? new SharedArrayBuffer(0);
    const reader = new SlateReader(memory);
    new Int32Array(memory, 0, 2).set([forged, 0]);
    const rows: unknown[] = [];
    const user = { row: (row: SlateRow) => rows.push(row), items: (items: SlateItems) => rows.push(items) };
    reader.take(Infinity, user);
    expect(rows).toEqual([]);
    new SlateWriter(memory).write(7, 0, pack(1), FACTS);
    reader.take(Infinity, user);
    expect(rows).toMatchObject([{ place: 7 }]);
  },
);
