import { viewName } from './brand-of.ts';
import { copyBuffer, isArrayBuffer, isLengthTracking, viewOfType } from './buffer-views.ts';
import type { LentBuffer, LentView } from './canned.ts';
import type { Room } from './lent-memory.ts';

interface LateView {
  readonly view: ArrayBufferView;
  readonly put: (copy: unknown) => void;
}

type BufferCopy = ArrayBuffer | LentBuffer;
type ViewCopy = ArrayBufferView | LentView;

/** Bytes of a value's buffers from which on they are put into lent memory. */
const MOST_PLAIN = 1 << 20;

/**
 * The ArrayBuffers of one packed value: copied or moved, each once, with views that share one still sharing
 * it. A view that is the only one on its buffer takes along the part it shows; whether it is the only one
 * is known at the end, so such views are put in their places late.
 */
export class PackedBuffers {
  /** Original to copy; a buffer that is to be moved stands for itself. */
  readonly #copies = new Map<ArrayBuffer, BufferCopy>();
  readonly #windows: ArrayBuffer[] = [];
  readonly #late: LateView[] = [];
  readonly #room: Room | null;
  #moves = false;
  /** Bytes that were copied into buffers of their own. */
  #plain = 0;
  /** Bytes that lie in the room. */
  #lent = 0;

  /** With `room`, what goes beyond 1 MiB is copied there. */
  constructor(room: Room | null = null) {
    this.#room = room;
  }

  buffer(original: ArrayBuffer, moving: boolean): BufferCopy {
    const known = this.#copies.get(original);
    if (known) return known;
    if (moving) this.#moves = true;
    const copy = moving ? original : this.#copy(original, 0, original.byteLength);
    this.#copies.set(original, copy);
    return copy;
  }

  /** The copied view, or undefined when `put` will be called with it. Null `put`: it is needed now. */
  view(view: ArrayBufferView, moving: boolean, put: LateView['put'] | null): ViewCopy | undefined {
    const { buffer } = view;
    if (!isArrayBuffer(buffer)) return view;
    const covers = view.byteLength === buffer.byteLength || buffer.resizable;
    if (!covers && !moving && put && !this.#copies.has(buffer)) {
      this.#late.push({ view, put });
      return undefined;
    }
    return viewOn(view, this.buffer(buffer, moving), view.byteOffset);
  }

  placeLateViews(): void {
    const copies = new Map<ArrayBufferView, ViewCopy>();
    for (const [buffer, views] of this.#viewsByBuffer()) {
      const alone = views.size === 1 && !this.#copies.has(buffer);
      for (const view of views) {
        const copy = alone ? this.#window(view) : viewOn(view, this.buffer(buffer, false), view.byteOffset);
        copies.set(view, copy);
      }
    }
    for (const { view, put } of this.#late) put(copies.get(view));
  }

  #viewsByBuffer(): Map<ArrayBuffer, Set<ArrayBufferView>> {
    const groups = new Map<ArrayBuffer, Set<ArrayBufferView>>();
    for (const { view } of this.#late) {
      const buffer = view.buffer as ArrayBuffer;
      groups.set(buffer, (groups.get(buffer) ?? new Set()).add(view));
    }
    return groups;
  }

  /** Moves what is to be moved. Until here the caller's buffers are untouched. */
  finish(value: unknown): SettledBuffers {
    if (this.#copies.size === 0 && this.#windows.length === 0) {
      return { value, buffers: NONE, bytes: this.#lent, isLent: this.#lent > 0 };
    }
    const copies = [...this.#copies.values(), ...this.#windows];
    const buffers = [...new Set(copies.filter((copy): copy is ArrayBuffer => !isLent(copy)))];
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0) + this.#lent;
    const isLentInPart = this.#lent > 0;
    if (!this.#moves) return { value, buffers, bytes, isLent: isLentInPart };
    const moved = structuredClone({ value, buffers }, { transfer: buffers });
    return { ...moved, bytes, isLent: isLentInPart };
  }

  #window(view: ArrayBufferView): ViewCopy {
    const copy = this.#copy(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
    if (!isLent(copy)) this.#windows.push(copy);
    return viewOn(view, copy, 0);
  }

  #copy(buffer: ArrayBuffer, start: number, length: number): BufferCopy {
    if (buffer.resizable) return copyBuffer(buffer, buffer.maxByteLength);
    if (this.#room !== null && this.#plain + length > MOST_PLAIN) {
      const { n } = this.#room;
      const at = this.#room.put(new Uint8Array(buffer, start, length));
      if (at !== null) {
        this.#lent += length;
        return { $tutti: 'lent', n, at, length };
      }
    }
    this.#plain += length;
    return buffer.slice(start, start + length);
  }
}

const NONE: readonly ArrayBuffer[] = [];

interface SettledBuffers {
  readonly value: unknown;
  readonly buffers: readonly ArrayBuffer[];
  readonly bytes: number;
  /** Some of them lie in lent memory. */
  readonly isLent: boolean;
}

function viewOn(view: ArrayBufferView, buffer: BufferCopy, byteOffset: number): ViewCopy {
  const type = viewName(view);
  const length = (view as { readonly length?: number }).length ?? view.byteLength;
  if (isLent(buffer)) return { $tutti: 'lent-view', type, buffer, byteOffset, length };
  return viewOfType(type, buffer, byteOffset, isLengthTracking(view) ? null : length);
}

function isLent(copy: BufferCopy): copy is LentBuffer {
  return '$tutti' in copy;
}
