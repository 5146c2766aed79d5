import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { CellId } from '../../protocol/ids.ts';
import { newDocument } from '../../notebook/cells.ts';
import { decodeLink, encodeLink, LinkError, MAX_INFLATED_BYTES } from '../../notebook/share-link.ts';
import { deflateCodec } from './deflate-codec.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const options = { id: 'd', name: 'N', createCellId: () => 'fresh' as CellId };

test('what is packed is raw deflate, and comes out again', async () => {
  const packed = await deflateCodec.deflate(bytes('tutti '.repeat(1000)));
  expect(packed.length).toBeLessThan(200);
  expect(inflateRawSync(packed).toString()).toBe('tutti '.repeat(1000));
  const plain = await deflateCodec.inflate(new Uint8Array(packed), 10_000);
  expect(new TextDecoder().decode(plain ?? undefined)).toBe('tutti '.repeat(1000));
});

test('unpacking stops as soon as the limit is passed', async () => {
  const bomb = new Uint8Array(await deflateCodec.deflate(new Uint8Array(64 * 1024 * 1024)));
  expect(bomb.length).toBeLessThan(100_000);
  expect(await deflateCodec.inflate(bomb, MAX_INFLATED_BYTES)).toBe(null);
  expect(
    await deflateCodec.inflate(new Uint8Array(await deflateCodec.deflate(new Uint8Array(9))), 9),
  ).toHaveLength(9);
});

test('what is not deflate, or was cut short, is rejected', async () => {
  await expect(deflateCodec.inflate(bytes('not packed at all'), 1000)).rejects.toThrow();
  const packed = new Uint8Array(
    await deflateCodec.deflate(bytes('a sentence that is long enough to be cut')),
  );
  await expect(deflateCodec.inflate(packed.subarray(0, -3), 1000)).rejects.toThrow();
});

test('a notebook goes through a link and back', async () => {
  const document = newDocument({ id: 'd', name: 'N', cellId: 'a' as CellId });
  const cells = document.cells.map((cell) => ({ ...cell, source: '%px engine.id\n'.repeat(100) }));
  const link = await encodeLink({ ...document, cells }, deflateCodec);
  expect(link.length).toBeLessThan(800);
  expect((await decodeLink(link, deflateCodec, options)).cells[0]?.source).toBe(cells[0]?.source);
  await expect(decodeLink(link.slice(0, -20), deflateCodec, options)).rejects.toThrow(LinkError);
});
