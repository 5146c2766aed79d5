import { expect, test } from 'vitest';
import { seededRandom, type Random } from '../../base/random.ts';
import { ParcelReader, ParcelWriter, reasonAgainst, type Parcel } from './parcels.ts';

test('what cannot be carried is refused with words', () => {
  expect(reasonAgainst({ a: new Uint8Array(new SharedArrayBuffer(4)) })).toContain('shared memory');
  expect(reasonAgainst({ a: new Blob([]) })).toContain('a Blob');
  expect(reasonAgainst({ a: [1] })).toBeNull();
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
