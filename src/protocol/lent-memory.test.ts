import { expect, test } from 'vitest';
import { lendableMemory, LentMemory, SLOTS } from './lent-memory.ts';
import { borrowed, pack, plainReviver, unpack } from './pack.ts';

const reviver = plainReviver(() => undefined);
const MIB = 1 << 20;
const fresh = (maxByteLength = 64 * MIB) => new LentMemory(1, new SharedArrayBuffer(4096, { maxByteLength }));

test('large buffers lie in it and come out as they were; small ones travel along', () => {
  const room = fresh();
  const large = new Float64Array(MIB / 4).map((_, i) => i);
  const value = {
    large,
    bytes: new Uint8Array(large.buffer, 8, 8),
    part: new Uint8Array(3 * MIB).fill(7).subarray(5, 5 + 2 * MIB),
    view: new DataView(large.buffer, 16),
    raw: large.buffer,
    small: new Float64Array([1, 2]),
    self: null as unknown,
  };
  value.self = value;
  const expected = structuredClone(value);
  const packed = pack(value, { room });
  large.fill(0);
  expect([packed.lent, packed.canned, packed.buffers.map((b) => b.byteLength)]).toEqual([true, true, [16]]);
  expect(packed.bytes).toBeGreaterThan(4 * MIB);
  const back = unpack(structuredClone(packed), reviver, [room]) as typeof value;
  room.reset();
  pack(new Uint8Array(8 * MIB).fill(9), { room });
  expect(back.bytes.buffer).toBe(back.large.buffer);
  expect(back.raw).toBe(back.large.buffer);
  expect(back.raw).toBeInstanceOf(ArrayBuffer);
  expect(back.part.byteLength).toBe(2 * MIB);
  expect(Buffer.compare(back.part, expected.part)).toBe(0);
  expect(back.large.every((x, i) => x === i)).toBe(true);
  expect([back.view.byteOffset, back.self]).toEqual([16, back]);
});

test('results of up to 1 MiB do not use it', () => {
  const room = fresh();
  const packed = pack([new Uint8Array(MIB / 2), new Uint8Array(MIB / 2)], { room });
  expect([packed.lent, packed.buffers.length, room.isTouched]).toEqual([undefined, 2, false]);
});

test('what it has no room for travels along', () => {
  const room = fresh(4 * MIB);
  const packed = pack([new Uint8Array(3 * MIB).fill(1), new Uint8Array(2 * MIB).fill(2)], { room });
  expect(packed.buffers.map((b) => b.byteLength)).toEqual([2 * MIB]);
  const [a, b] = unpack(packed, reviver, [room]) as [Uint8Array, Uint8Array];
  expect([a.length, a[7], b.length, b[7]]).toEqual([3 * MIB, 1, 2 * MIB, 2]);
});

test('what is moved is moved, and not copied into it', () => {
  const room = fresh();
  const array = new Uint8Array(2 * MIB);
  const packed = pack(array, { room, move: true });
  expect([array.length, packed.buffers.length, room.isTouched]).toEqual([0, 1, false]);
});

test('a view alone can be read where it lies; of other memory, nothing can', () => {
  const room = fresh();
  const packed = pack(new Float64Array(MIB).fill(4), { room });
  const view = borrowed(packed, [room]) as Float64Array;
  expect([view.buffer, view.length, view[3]]).toEqual([room.memory, MIB, 4]);
  expect(borrowed(pack([view], { room }), [room])).toBeNull();
  expect(borrowed(packed)).toBeNull();
  const other = new LentMemory(2, new SharedArrayBuffer(4096, { maxByteLength: MIB }));
  expect(borrowed(packed, [other])).toBeNull();
  expect(() => unpack(packed, reviver, [other])).toThrow('belongs to another client');
});

test('objects of users that look like it stay what they are', () => {
  const odd = { $tutti: 'lent', n: 1, at: 8, length: 8 };
  const room = fresh();
  const [first, second] = unpack(pack([odd, new Uint8Array(2 * MIB)], { room }), reviver, [room]) as [
    unknown,
    Uint8Array,
  ];
  expect([first, second.length]).toEqual([odd, 2 * MIB]);
});

test('it takes no memory before it is used', () => {
  expect(lendableMemory()?.byteLength).toBe(4096);
});

test('engines see in it which requests are waited for', () => {
  const mine = fresh();
  const engines = new LentMemory(mine.n, mine.memory);
  const open = () => [1, 2, 5, SLOTS].filter((request) => engines.isOpenFor(request));
  expect(open()).toEqual([]);
  mine.say(0, 5);
  mine.say(1, 1);
  expect(open()).toEqual([1, 5]);
  mine.say(0, 0);
  expect(open()).toEqual([1]);
  mine.say(SLOTS - 1, SLOTS);
  expect(open()).toEqual([1, SLOTS]);
  expect(mine.isTouched).toBe(false);
});
