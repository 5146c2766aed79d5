/** Buffers and the views on them, of every kind that there is. */

type ViewConstructor = new (buffer: ArrayBufferLike, byteOffset: number, length?: number) => ArrayBufferView;

/** `type`: `Float64Array` …; `length` in items, for a DataView in bytes; null: it follows its buffer's. */
export function viewOfType(
  type: string,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number | null,
): ArrayBufferView {
  const Constructor = Reflect.get(globalThis, type) as ViewConstructor;
  return length === null ? new Constructor(buffer, byteOffset) : new Constructor(buffer, byteOffset, length);
}

/** It grows and shrinks with its buffer. Nothing tells that of a view, so a clone is tried. */
export function isLengthTracking(view: ArrayBufferView): boolean {
  const { buffer } = view;
  if (!isArrayBuffer(buffer) || !buffer.resizable) return false;
  const probe = structuredClone(view) as ArrayBufferView<ArrayBuffer>;
  const { byteLength: before } = probe;
  const { byteLength, maxByteLength } = probe.buffer;
  if (before === 0 && byteLength === maxByteLength) return false;
  probe.buffer.resize(byteLength < maxByteLength ? maxByteLength : byteLength - 1);
  const after = lengthOf(probe);
  return byteLength < maxByteLength ? after !== before : after > 0 && after < before;
}

/** A DataView throws when its buffer has become too short for it. */
function lengthOf(view: ArrayBufferView): number {
  try {
    return view.byteLength;
  } catch {
    return 0;
  }
}

/** A copy that can grow up to `maxByteLength`. */
export function copyBuffer(buffer: ArrayBuffer, maxByteLength: number): ArrayBuffer {
  const copy = new ArrayBuffer(buffer.byteLength, { maxByteLength });
  new Uint8Array(copy).set(new Uint8Array(buffer));
  return copy;
}

export function isArrayBuffer(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return Object.prototype.toString.call(buffer) === '[object ArrayBuffer]';
}

export function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0 || !isArrayBuffer(buffer)) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}
