import { isNativeFunction, tagOf, viewName } from '../../protocol/brand-of.ts';
import type { CommHead } from '../../protocol/comm.ts';
import { flatten, unflatten } from '../../protocol/flat.ts';
import { namedKeys } from '../../protocol/list-copy.ts';
import { pack, unpack, type Reviver } from '../../protocol/pack.ts';
import { isShared } from '../../protocol/share.ts';
import { CommError } from './comm-error.ts';
import type { Letter } from './mailbox.ts';

/**
 * A message as bytes, for shared memory: a small head, and the value. A typed array is its own bytes, which go
 * from the sender's array into shared memory and from there into the receiver's: no copy besides. Other values are
 * a text with their buffers behind it.
 */
export interface LetterBytes {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

interface Head extends CommHead {
  /** Of the value, when it is a typed array or a buffer: its class. */
  readonly view?: string;
  readonly canned?: boolean;
  /** Bytes of the text, and of each buffer. */
  readonly lengths?: readonly number[];
}

const utf8 = new TextEncoder();
const text = new TextDecoder();

/**
 * @throws UncloneableError or TypeError for values that cannot be sent; CommError for those that cannot be told in
 * bytes.
 */
export function toBytes(address: CommHead, value: unknown): LetterBytes {
  if (isBytes(value)) return { head: encode({ ...address, view: classOf(value) }), body: bytesOf(value) };
  const { value: plain, canned } = pack(value, { unnamed: true });
  const flat = flatten(plain, { bytesOnly: true, namesMemory: true });
  if (flat.others.length > 0) throw new CommError(refusal(flat.others));
  const parts = [utf8.encode(flat.text), ...flat.buffers.map((buffer) => new Uint8Array(buffer))];
  const lengths = parts.map((part) => part.length);
  return { head: encode({ ...address, canned, lengths }), body: joined(parts) };
}

/** `body` is the letter's own from now on. */
export function fromBytes(head: Uint8Array, body: Uint8Array<ArrayBuffer>, reviver: Reviver): Letter {
  const { view, canned = false, lengths = [], ...address } = JSON.parse(text.decode(head)) as Head;
  const open = (): unknown => {
    if (view !== undefined) return viewOf(view, body.buffer);
    const value = unflatten({ ...split(body, lengths), others: [] });
    return unpack({ value, buffers: [], bytes: body.length, canned }, reviver);
  };
  return { ...address, open };
}

function encode(head: Head): Uint8Array {
  return utf8.encode(JSON.stringify(head));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const body = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

function split(body: Uint8Array<ArrayBuffer>, [textLength = 0, ...lengths]: readonly number[]) {
  let at = textLength;
  const buffers = lengths.map((length) => body.buffer.slice(at, (at += length)));
  return { text: text.decode(body.subarray(0, textLength)), buffers };
}

function refusal(others: readonly object[]): string {
  const isMemory = others.some((other) => tagOf(other) === 'SharedArrayBuffer');
  return isMemory
    ? 'comm cannot send shared memory that the other engines do not have. Push it to all of them first: ' +
        'view.push({ name: share(array) }).'
    : `comm cannot send ${article(tagOf(others[0]))}. Send the data that it holds, or push it to all engines: ` +
        'view.push({ name }).';
}

function article(name: string): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** What is nothing but its bytes; other views and buffers are told with all that belongs to them. */
function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  if (!ArrayBuffer.isView(value)) return tagOf(value) === 'ArrayBuffer' && isBare(value as ArrayBuffer);
  return !isShared(value) && isBare(value.buffer as ArrayBuffer) && isBare(value);
}

function isBare(value: ArrayBuffer | ArrayBufferView): boolean {
  if ('resizable' in value && value.resizable) return false;
  const constructor: unknown = Reflect.get(value, 'constructor');
  const isOfPlatform = typeof constructor === 'function' && isNativeFunction(constructor);
  return isOfPlatform && namedKeys(value).length === 0;
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
