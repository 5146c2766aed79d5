import { viewName } from '../../protocol/brand-of.ts';
import { sourceOf, typeName } from '../magics/describe.ts';
import {
  bytesOfView,
  containerOf,
  keysOf,
  namesBeside,
  quietTagOf,
  readData,
  sizeOf,
  type Container,
  type Read,
} from './kinds.ts';
import { entriesOf, itemsOf, quietText } from './summary.ts';

/** Parts of a value that are looked at; of bigger ones a sample is. */
const MOST_PARTS = 4000;
const MOST_WORDS = 16_384;
const MOST_CHARACTERS = 10_000;
const DEEPEST = 8;

/** Of what is empty, and of what has been moved away, on which no view can be made. */
const NO_BYTES = new Uint8Array();

export interface Measure {
  readonly bytes: number;
  readonly digest: string;
  readonly whole: boolean;
}

/**
 * How big a value is, and a digest by which it can be compared with those of other realms: in bounded time, without
 * running any of the user's code but a Proxy's.
 */
export function measure(value: unknown): Measure {
  const walk = new Walk();
  const bytes = walk.go(value, 0);
  return { bytes, digest: walk.hash.text(), whole: walk.whole };
}

class Walk {
  readonly hash = new Hash();
  whole = true;
  #left = MOST_PARTS;
  /** By the order in which they were come upon: shared and circular parts are named, not gone into again. */
  readonly #met = new Map<object, number>();

  /** Bytes. */
  go(value: unknown, depth: number): number {
    this.#left--;
    switch (typeof value) {
      case 'number':
        this.hash.add(1);
        this.hash.addNumber(value);
        return 8;
      case 'string':
        return this.#text(value, 2);
      case 'function':
        return this.#text(sourceOf(value), 3);
      case 'object':
        return value === null ? this.#text('null', 4) : this.#object(value, depth);
      default:
        // Symbols, too: String() takes them.
        this.#text(String(value), 5);
        return 8;
    }
  }

  #text(text: string, mark: number): number {
    this.hash.add(mark);
    this.hash.add(text.length);
    const step = Math.max(1, Math.ceil(text.length / MOST_CHARACTERS));
    if (step > 1) this.whole = false;
    for (let i = 0; i < text.length; i += step) this.hash.add(text.charCodeAt(i));
    return text.length * 2;
  }

  #object(value: object, depth: number): number {
    const met = this.#met.get(value);
    if (met !== undefined) {
      this.hash.add(6);
      this.hash.add(met);
      return 8;
    }
    this.#met.set(value, this.#met.size);
    if (ArrayBuffer.isView(value)) return this.#view(value);
    const tag = quietTagOf(value);
    if (tag === 'ArrayBuffer') return this.#buffer(value as ArrayBuffer);
    const container = containerOf(value);
    if (!container) return 16 + this.#text(`${typeName(value)} ${quietText(value)}`, 7);
    this.#text(container.name, 8);
    if (depth >= DEEPEST) {
      this.whole = false;
      return this.#text(quietText(value), 9);
    }
    return 16 + this.#inside(container, depth + 1);
  }

  #view(view: ArrayBufferView): number {
    const size = bytesOfView(view);
    const bytes = size === 0 ? NO_BYTES : new Uint8Array(view.buffer, view.byteOffset, size);
    return this.#bytes(bytes, viewName(view));
  }

  #buffer(buffer: ArrayBuffer): number {
    return this.#bytes(buffer.byteLength === 0 ? NO_BYTES : new Uint8Array(buffer), 'ArrayBuffer');
  }

  #bytes(bytes: Uint8Array, name: string): number {
    const { length } = bytes;
    this.#text(name, 10);
    this.hash.add(length);
    const words = Math.floor(length / 4);
    const step = Math.max(1, Math.ceil(words / MOST_WORDS));
    if (step > 1) this.whole = false;
    const data = new DataView(bytes.buffer, bytes.byteOffset, length);
    for (let word = 0; word < words; word += step) this.hash.add(data.getUint32(word * 4, true));
    for (let i = words * 4; i < length; i++) this.hash.add(bytes[i] ?? 0);
    return length;
  }

  #inside(container: Container, depth: number): number {
    const size = sizeOf(container);
    this.hash.add(size);
    const count = Math.max(0, Math.min(size, this.#left));
    if (count < size) this.whole = false;
    let bytes = 0;
    const part = (read: Read): void => {
      bytes += typeof read === 'object' ? this.go(read.value, depth) : this.#text(read, 11);
    };
    switch (container.type) {
      case 'array': {
        // Over the whole length: lists that differ at their end differ.
        const step = count === 0 ? 1 : size / count;
        for (let i = 0; i < count; i++) part(readData(container.list, Math.floor(i * step)));
        for (const name of namesBeside(container.list)) {
          this.#text(name, 12);
          part(readData(container.list, name));
        }
        break;
      }
      case 'map':
        for (const [key, value] of entriesOf(container.map, Math.max(1, count))) {
          part({ value: key });
          part({ value });
        }
        break;
      case 'set':
        for (const value of itemsOf(container.set, Math.max(1, count))) part({ value });
        break;
      case 'object':
        for (const key of keysOf(container.object).slice(0, count)) {
          bytes += this.#text(String(key), 12);
          part(readData(container.object, key));
        }
    }
    return count === 0 ? size * 8 : Math.round((bytes * size) / count);
  }
}

/** 64 bits, good enough to tell values apart; nobody attacks it. */
class Hash {
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;

  add(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 0xcc9e2d51);
    this.#a ^= this.#a >>> 15;
    this.#b = Math.imul(this.#b ^ word, 0x1b873593) + 0xe6546b64;
    this.#b ^= this.#b >>> 13;
  }

  addNumber(value: number): void {
    // One NaN, but two zeros: they behave differently.
    FLOAT[0] = value;
    this.add(WORDS[0] ?? 0);
    this.add(WORDS[1] ?? 0);
  }

  text(): string {
    return [this.#a, this.#b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

const FLOAT = new Float64Array(1);
const WORDS = new Uint32Array(FLOAT.buffer);
