import type { LinkCodec } from '../../notebook/share-link.ts';

/** deflate-raw by the platform's own streams (browsers and Node). */
export const deflateCodec: LinkCodec = {
  async deflate(bytes) {
    const packed = await readUpTo(
      through(bytes, new CompressionStream('deflate-raw'), PACKED_AT_ONCE),
      Infinity,
    );
    return packed ?? new Uint8Array();
  },

  inflate(bytes, limit) {
    return readUpTo(through(bytes, new DecompressionStream('deflate-raw'), UNPACKED_AT_ONCE), limit);
  },
};

function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: GenericTransformStream,
  slice: number,
): ReadableStreamDefaultReader<Uint8Array> {
  const writer = (transform.writable as WritableStream<BufferSource>).getWriter();
  // A failure reaches the reader as well, which reports it; it must not count as unhandled here.
  feed(writer, bytes, slice).catch(ignore);
  return (transform.readable as ReadableStream<Uint8Array>).getReader();
}

/** Bytes: what is written at once is unpacked at once, into up to a thousand times as much. */
const UNPACKED_AT_ONCE = 4096;
const PACKED_AT_ONCE = 1 << 20;

/** As fast as it is read: whoever stops reading stops the unpacking. */
async function feed(
  writer: WritableStreamDefaultWriter<BufferSource>,
  bytes: Uint8Array<ArrayBuffer>,
  slice: number,
): Promise<void> {
  for (let at = 0; at < bytes.length; at += slice) {
    await writer.ready;
    await writer.write(bytes.subarray(at, at + slice));
  }
  await writer.close();
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
