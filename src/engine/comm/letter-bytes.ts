import { Packr } from 'msgpackr';
import { viewName } from '../../protocol/brand-of.ts';
import { UncloneableError } from '../../protocol/canned.ts';
import type { CommHead } from '../../protocol/comm.ts';
import { pack, unpack, type Reviver } from '../../protocol/pack.ts';
import type { Letter } from './mailbox.ts';

/**
 * A message as bytes, for shared memory: a small head, and the value. A typed array is its own bytes, which go
 * from the sender's array into shared memory and from there into the receiver's: no copy besides.
 */
export interface LetterBytes {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

interface Head extends CommHead {
  /** Of the value, when it is a typed array or a buffer: its class. */
  readonly view?: string;
  readonly canned?: boolean;
}

const packr = new Packr({ structuredClone: true, moreTypes: true, useBigIntExtension: true });

/** @throws UncloneableError or TypeError for values that cannot be sent. */
export function toBytes(address: CommHead, value: unknown): LetterBytes {
  if (isBytes(value)) return { head: encode({ ...address, view: classOf(value) }), body: bytesOf(value) };
  const { value: plain, canned, shared = false } = pack(value);
  if (shared) {
    throw new UncloneableError(
      'comm cannot send shared memory inside other values. Push it to all engines: view.push({ name: share(array) }).',
    );
  }
  return { head: encode({ ...address, canned }), body: encode(plain) };
}

/** `body` is the letter's own from now on. */
export function fromBytes(head: Uint8Array, body: Uint8Array<ArrayBuffer>, reviver: Reviver): Letter {
  const { view, canned = false, ...address } = packr.unpack(head) as Head;
  const open = (): unknown => {
    if (view !== undefined) return viewOf(view, body.buffer);
    return unpack({ value: packr.unpack(body), buffers: [], bytes: body.length, canned }, reviver);
  };
  return { ...address, open };
}

/** A copy: the encoder writes into a buffer of its own that it uses again. */
function encode(value: unknown): Uint8Array {
  return new Uint8Array(packr.pack(value) as Uint8Array);
}

function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || tagOf(value) === 'ArrayBuffer';
}

function classOf(value: ArrayBuffer | ArrayBufferView): string {
  return ArrayBuffer.isView(value) ? viewName(value) : 'ArrayBuffer';
}

function bytesOf(value: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(value)) return new Uint8Array(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function viewOf(name: string, buffer: ArrayBuffer): unknown {
  if (name === 'ArrayBuffer') return buffer;
  return new (Reflect.get(globalThis, name) as new (buffer: ArrayBuffer) => unknown)(buffer);
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
