import { expect, test } from 'vitest';
import { seededRandom, type Random } from '../../base/random.ts';
import { decode, encode } from './codec.ts';
import { ParcelReader, ParcelWriter, type Parcel } from './parcels.ts';

/** What structured clone makes of a value is what the codec must make of it. */
const across = (value: unknown) => decode(encode(value));

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

test('what cannot be carried is refused with words', () => {
  expect(() => encode(new Uint8Array(new SharedArrayBuffer(4)))).toThrow('shared memory');
  expect(() => encode({ a: new Blob([]) })).toThrow(/POJO/);
});

test('batches of any size come out of pieces of any size, in order', () => {
  const random = seededRandom(5);
  for (let round = 0; round < 20; round++) {
    const batches = Array.from({ length: 5 }, () => [randomValue(random), new Uint8Array(random() * 500)]);
    const writer = new ParcelWriter();
    batches.forEach((batch, i) => writer.add(i + 1, batch));
    const reader = new ParcelReader();
    const piece = new Uint8Array(1 + Math.floor(random() * 300));
    const parcels: Parcel[] = [];
    while (!writer.isEmpty) parcels.push(...reader.read(piece.subarray(0, writer.fill(piece))));
    expect(parcels).toStrictEqual(batches.map((messages, i) => ({ n: i + 1, content: { messages } })));
  }
});

function randomValue(random: Random): unknown {
  const kinds = [
    () => random(),
    () => 'x'.repeat(random() * 400),
    () => Array.from({ length: random() * 150 }, () => random()),
    () => ({ a: randomValue(random), b: [randomValue(random)] }),
    () => new Map([[1, new Float64Array(random() * 40)]]),
  ];
  return kinds[Math.floor(random() * kinds.length)]?.();
}
