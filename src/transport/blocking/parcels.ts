import { tagOf } from '../../protocol/brand-of.ts';
import { flatten, unflatten, type Flat } from '../../protocol/flat.ts';

/**
 * Batches as a stream of bytes, which is cut into pieces wherever the room ends. A parcel is a head of three
 * numbers (the batch's number, bytes of text, how many buffers), the buffers' lengths, the text, the buffers.
 */
export interface Parcel {
  /** The batch's number. */
  readonly n: number;
  readonly content: { readonly messages: readonly unknown[] } | { readonly refusal: string };
}

const HEAD_NUMBERS = 3;

/** Takes what it is given to pack, in order, and fills pieces with it. */
export class ParcelWriter {
  #sections: Uint8Array[] = [];
  #at = 0;

  /** Adds a batch. Null; or, when it cannot be carried and nothing was added, why. */
  add(n: number, messages: readonly unknown[]): string | null {
    try {
      this.#push(n, { messages });
      return null;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** Says why a batch cannot come. */
  refuse(n: number, refusal: string): void {
    this.#push(n, { refusal });
  }

  get isEmpty(): boolean {
    return this.#sections.length === 0;
  }

  /** Writes as much as fits; returns the number of bytes. */
  fill(piece: Uint8Array): number {
    let filled = 0;
    while (filled < piece.length) {
      const [section] = this.#sections;
      if (section === undefined) break;
      const part = section.subarray(this.#at, this.#at + piece.length - filled);
      piece.set(part, filled);
      filled += part.length;
      this.#at += part.length;
      if (this.#at < section.length) break;
      this.#sections.shift();
      this.#at = 0;
    }
    return filled;
  }

  #push(n: number, content: Parcel['content']): void {
    const { text, buffers } = inBytes(content);
    const bytes = new TextEncoder().encode(text);
    const head = Float64Array.of(n, bytes.length, buffers.length, ...buffers.map((b) => b.byteLength));
    const sections = [new Uint8Array(head.buffer), bytes, ...buffers.map((buffer) => new Uint8Array(buffer))];
    for (const section of sections) if (section.length > 0) this.#sections.push(section);
  }
}

/** Why this message cannot be carried; null: it can. */
export function reasonAgainst(message: unknown): string | null {
  try {
    inBytes(message);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @throws TypeError for what can be told neither in text nor in bytes. */
function inBytes(content: unknown): Flat {
  const flat = flatten(content, { bytesOnly: true });
  const [other] = flat.others;
  if (!other) return flat;
  const name = tagOf(other);
  throw new TypeError(
    name === 'SharedArrayBuffer'
      ? 'shared memory in it cannot be copied through shared memory'
      : `a ${name} in it cannot be copied through shared memory`,
  );
}

/** The other end: pieces in, parcels out. */
export class ParcelReader {
  readonly #reading = readParcels();

  constructor() {
    this.#reading.next();
  }

  /** The parcels that this piece completes. The piece may be overwritten afterwards. */
  read(piece: Uint8Array): readonly Parcel[] {
    const result = this.#reading.next(piece);
    return result.value ?? [];
  }
}

type Reading<T> = Generator<readonly Parcel[], T, Uint8Array>;

function* readParcels(): Reading<undefined> {
  const source = new PieceSource();
  for (;;) {
    const [n = 0, textBytes = 0, count = 0] = new Float64Array(yield* source.take(8 * HEAD_NUMBERS));
    const lengths = new Float64Array(yield* source.take(8 * count));
    const text = new TextDecoder().decode(yield* source.take(textBytes));
    const buffers: ArrayBuffer[] = [];
    for (const length of lengths) buffers.push(yield* source.take(length));
    source.complete({ n, content: open(text, buffers) });
  }
}

function open(text: string, buffers: readonly ArrayBuffer[]): Parcel['content'] {
  try {
    return unflatten({ text, buffers, others: [] }) as Parcel['content'];
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

/** Bytes as they come, taken in lengths as they are wanted. */
class PieceSource {
  #piece = new Uint8Array(0);
  #complete: Parcel[] = [];

  complete(parcel: Parcel): void {
    this.#complete.push(parcel);
  }

  /** Copied straight to where it stays: pieces are shared memory, and big buffers should be copied once. */
  *take(length: number): Reading<ArrayBuffer> {
    const taken = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      if (this.#piece.length === 0) {
        const done = this.#complete;
        this.#complete = [];
        this.#piece = (yield done) as Uint8Array<ArrayBuffer>;
      }
      const part = this.#piece.subarray(0, length - at);
      taken.set(part, at);
      at += part.length;
      this.#piece = this.#piece.subarray(part.length);
    }
    return taken.buffer;
  }
}
