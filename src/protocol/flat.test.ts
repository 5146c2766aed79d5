import { expect, test } from 'vitest';
import { flatten, unflatten, type FlatOptions } from './flat.ts';

/** What structured clone makes of a value is what must come out. */
const across = (value: unknown, options?: FlatOptions) => unflatten(flatten(value, options));

const buffer = new Float64Array([1, 2, 3]).buffer;
const loop: unknown[] = [1];
loop.push({ loop }, new Map([['m', loop]]));

test.each<[string, unknown]>([
  ['-0', -0],
  ['numbers', [NaN, Infinity, -Infinity, 2 ** 53, 1e-300]],
  ['undefined', [undefined, null]],
  ['bigints', [1n, -(2n ** 70n)]],
  ['lone surrogates', 'a\ud800b😀'],
  ['dates', [new Date(5), new Date(NaN)]],
  ['a regular expression', /a+/giu],
  ['maps and sets', new Map<unknown, unknown>([[{ k: 1 }, new Set([1n, 'a'])]])],
  ['holes', [1, , 3]],
  ['long lists of numbers', Array.from({ length: 1000 }, (_, i) => (i === 7 ? -0 : i / 3))],
  ['typed arrays', [new Float32Array([1.5]), new BigUint64Array(2), new Uint8ClampedArray([300])]],
  ['views on parts of one buffer', [new Uint8Array(buffer, 3, 5), new DataView(buffer, 8), buffer]],
  ['the key __proto__', JSON.parse('[{"__proto__": {"a": 1}}]')],
  ['boxed values', [new Number(3), new String('s'), new Boolean(false)]],
  ['cycles', loop],
])('%s', (_name, value) => {
  expect(across(value)).toStrictEqual(structuredClone(value));
});

test('identity is kept, of objects and of buffers', () => {
  const one = {};
  const [a, b] = across([one, one]) as [object, object];
  expect(a).toBe(b);
  const [u, v] = across([new Uint8Array(buffer), new Float64Array(buffer)]) as [Uint8Array, Float64Array];
  expect(u.buffer).toBe(v.buffer);
});

test('what is neither text nor bytes stands beside them', () => {
  const memory = new SharedArrayBuffer(4);
  const blob = new Blob(['x']);
  const copy = across({ view: new Uint8Array(memory), blob }) as { view: Uint8Array; blob: Blob };
  expect([copy.view.buffer, copy.blob]).toEqual([memory, blob]);
  expect(() => flatten(() => 1)).toThrow('A function cannot be copied');
});

test('a list of a hundred thousand linked objects, and a list with one item far away', () => {
  let list: { next: unknown } = { next: null };
  for (let i = 0; i < 1e5; i++) list = { next: list };
  let length = 0;
  for (let at = across(list) as typeof list | null; at; at = at.next as typeof list | null) length++;
  expect(length).toBe(100_001);
  const far: number[] = [];
  far[4e9] = 1;
  expect(Object.entries(across(far) as number[])).toEqual([['4000000000', 1]]);
});

test('buffers that can grow, and views that follow them', () => {
  const growing = new ArrayBuffer(8, { maxByteLength: 16 });
  const views = [new Uint8Array(growing), new Uint8Array(growing, 2, 4), new DataView(growing, 2)];
  const [following, fixed, data] = across(views) as [Uint8Array<ArrayBuffer>, Uint8Array, DataView];
  following.buffer.resize(16);
  expect([following.length, fixed.length, data.byteLength]).toEqual([16, 4, 14]);
});
