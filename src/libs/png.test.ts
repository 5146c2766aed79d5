import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { SmallCanvas } from './canvas.ts';
import { encodePng, pngDataUrl } from './png.ts';

/** The chunks of a PNG by type; `crc` is what the file says. */
function chunksOf(png: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(png);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

test('a PNG of more than one stored block inflates to the rows that went in', () => {
  const [width, height] = [200, 100];
  const rgba = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * 7) % 251);
  const chunks = chunksOf(encodePng(width, height, rgba));
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  // zlib checks the Adler sum itself.
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  expect(rows.length).toBe((width * 4 + 1) * height);
  const row = rows.subarray(50 * (width * 4 + 1) + 1, 51 * (width * 4 + 1));
  expect([...row]).toEqual([...rgba.subarray(50 * width * 4, 51 * width * 4)]);
});

test('the smallest PNG is byte for byte the known one', () => {
  // IEND never changes: its checksum is ae426082.
  const png = Buffer.from(encodePng(1, 1, Uint8ClampedArray.of(255, 0, 0, 255)));
  expect(png.subarray(-12).toString('hex')).toBe('0000000049454e44ae426082');
  expect(pngDataUrl(1, 1, Uint8ClampedArray.of(255, 0, 0, 255))).toMatch(
    /^data:image\/png;base64,iVBORw0KGgo/,
  );
});

test('a canvas paints over what is there and clears when it is sized', () => {
  const canvas = new SmallCanvas();
  canvas.width = 2;
  canvas.height = 1;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no context');
  context.fillStyle = 'rgb(200, 100, 0)';
  context.fillRect(0, 0, 2, 1);
  context.fillStyle = 'rgba(0, 0, 0, 0.5)';
  context.fillRect(1, 0, 5, 1);
  expect([...canvas.pixels]).toEqual([200, 100, 0, 255, 100, 50, 0, 255]);
  context.clearRect(0, 0, 1, 1);
  expect([...context.getImageData(0, 0, 1, 1).data]).toEqual([0, 0, 0, 0]);
  canvas.width = 2;
  expect([...canvas.pixels]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(canvas.getContext('webgl')).toBeNull();
});

test('an image that hangs over the edge is cut, not wrapped', () => {
  const canvas = new SmallCanvas();
  canvas.width = 2;
  canvas.height = 2;
  const context = canvas.getContext('2d');
  const image = context?.createImageData(2, 2);
  image?.data.fill(9);
  if (image) context?.putImageData(image, 1, 1);
  expect([...canvas.pixels].map((value) => (value === 9 ? 1 : 0)).join('')).toBe('0000000000001111');
});
