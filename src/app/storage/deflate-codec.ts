import type { LinkCodec } from '../../notebook/share-link.ts';

/** deflate-raw by the platform's own streams (browsers and Node). */
export const deflateCodec: LinkCodec = {
  async deflate(bytes) {
    const packed = await readUpTo(through(bytes, new CompressionStream('deflate-raw')), Infinity);
    return packed ?? new Uint8Array();
  },

  inflate(bytes, limit) {
    return readUpTo(through(bytes, new DecompressionStream('deflate-raw')), limit);
  },
};

function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: GenericTransformStream,
): ReadableStreamDefaultReader<Uint8Array> {
  const writer = (transform.writable as WritableStream<BufferSource>).getWriter();
  // A failure reaches the reader as well, which reports it; it must not count as unhandled here.
  writer.write(bytes).catch(ignore);
  writer.close().catch(ignore);
  return (transform.readable as ReadableStream<Uint8Array>).getReader();
}

function ignore(): void {
  /* Told by the readable side. */
}

/** Null as soon as there is more than `limit`: the rest is never unpacked. */
async function readUpTo(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(parts, length);
    length += value.length;
    if (length > limit) {
      await reader.cancel().catch(ignore);
      return null;
    }
    parts.push(value);
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
