import { viewName } from './brand-of.ts';

interface LateView {
  readonly view: ArrayBufferView;
  readonly put: (copy: unknown) => void;
}

/**
 * The ArrayBuffers of one packed value: copied or moved, each once, with views that share one still sharing
 * it. A view that is the only one on its buffer takes along the part it shows; whether it is the only one
 * is known at the end, so such views are put in their places late.
 */
export class PackedBuffers {
  /** Original to copy; a buffer that is to be moved stands for itself. */
  readonly #whole = new Map<ArrayBuffer, ArrayBuffer>();
  readonly #windows: ArrayBuffer[] = [];
  readonly #late: LateView[] = [];
  #moves = false;

  buffer(original: ArrayBuffer, moving: boolean): ArrayBuffer {
    const known = this.#whole.get(original);
    if (known) return known;
    if (moving) this.#moves = true;
    const copy = moving ? original : original.slice(0);
    this.#whole.set(original, copy);
    return copy;
  }

  /** The copied view, or undefined when `put` will be called with it. Null `put`: it is needed now. */
  view(view: ArrayBufferView, moving: boolean, put: LateView['put'] | null): ArrayBufferView | undefined {
    const { buffer } = view;
    if (!isArrayBuffer(buffer)) return view;
    const covers = view.byteLength === buffer.byteLength;
    if (!covers && !moving && put && !this.#whole.has(buffer)) {
      this.#late.push({ view, put });
      return undefined;
    }
    return viewOn(view, this.buffer(buffer, moving), view.byteOffset);
  }

  placeLateViews(): void {
    const copies = new Map<ArrayBufferView, ArrayBufferView>();
    for (const [buffer, views] of this.#viewsByBuffer()) {
      const alone = views.size === 1 && !this.#whole.has(buffer);
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
  finish(value: unknown): { value: unknown; buffers: readonly ArrayBuffer[]; bytes: number } {
    const buffers = [...new Set([...this.#whole.values(), ...this.#windows])];
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
    if (!this.#moves) return { value, buffers, bytes };
    const moved = structuredClone({ value, buffers }, { transfer: buffers });
    return { ...moved, bytes };
  }

  #window(view: ArrayBufferView): ArrayBufferView {
    const copy = (view.buffer as ArrayBuffer).slice(view.byteOffset, view.byteOffset + view.byteLength);
    this.#windows.push(copy);
    return viewOn(view, copy, 0);
  }
}

type ViewConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ArrayBufferView;

function viewOn(view: ArrayBufferView, buffer: ArrayBuffer, byteOffset: number): ArrayBufferView {
  const Constructor = Reflect.get(globalThis, viewName(view)) as ViewConstructor;
  const length = (view as { readonly length?: number }).length ?? view.byteLength;
  return new Constructor(buffer, byteOffset, length);
}

function isArrayBuffer(buffer: ArrayBufferLike): buffer is ArrayBuffer {
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
