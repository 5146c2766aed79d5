/**
 * As much of Python's pickle (protocol 4) as it takes to call a function of an engine that was started without
 * us: text, bytes, whole numbers, None, tuples, dictionaries, and calls.
 */
export type Picklable =
  string | number | null | Uint8Array | readonly Picklable[] | PickledDict | PickledCall | PickledGlobal;

export interface PickledDict {
  readonly kind: 'dict';
  readonly entries: readonly (readonly [string, Picklable])[];
}

/** Becomes what the call gives when the receiver unpickles it. */
export interface PickledCall {
  readonly kind: 'call';
  readonly f: Picklable;
  readonly args: readonly Picklable[];
}

/** What `from module import name` gives. */
export interface PickledGlobal {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
}

const utf8 = new TextEncoder();

/** Arrays become tuples. */
export function pickle(value: Picklable): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x80, 4)];
  write(value, parts);
  parts.push(op('.'));
  return concat(parts);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function write(value: Picklable, parts: Uint8Array[]): void {
  if (value === null) parts.push(op('N'));
  else if (typeof value === 'number') parts.push(op('J'), int32(value));
  else if (typeof value === 'string') {
    const bytes = utf8.encode(value);
    parts.push(op('X'), uint32(bytes.byteLength), bytes);
  } else if (value instanceof Uint8Array) {
    parts.push(op('\x8e'), uint64(value.byteLength), value);
  } else if ('kind' in value) writeKind(value, parts);
  else writeTuple(value, parts);
}

function writeTuple(items: readonly Picklable[], parts: Uint8Array[]): void {
  parts.push(op('('));
  for (const item of items) write(item, parts);
  parts.push(op('t'));
}

function writeKind(value: PickledDict | PickledCall | PickledGlobal, parts: Uint8Array[]): void {
  switch (value.kind) {
    case 'global':
      parts.push(utf8.encode(`c${value.module}\n${value.name}\n`));
      break;
    case 'call':
      write(value.f, parts);
      writeTuple(value.args, parts);
      parts.push(op('R'));
      break;
    case 'dict':
      parts.push(op('}'), op('('));
      for (const [key, item] of value.entries) {
        write(key, parts);
        write(item, parts);
      }
      parts.push(op('u'));
  }
}

function op(code: string): Uint8Array {
  return Uint8Array.of(code.charCodeAt(0));
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}
