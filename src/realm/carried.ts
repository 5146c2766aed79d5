import { describe, tagOf, viewName } from '../protocol/brand-of.ts';
import { setField } from '../protocol/flat.ts';

/** Parts, and characters, that an error's fields may have altogether; bytes that a buffer among them may have. */
const MOST_PARTS = 1000;
const MOST_CHARACTERS = 100_000;
const MOST_BYTES = 100_000;
const DEEPEST = 20;
const MOST_NOTES = 20;
/** Causes, and errors in lists, of one error and of these. */
export const MOST_CARRIED_ERRORS = 100;

/**
 * Values of errors as plain data: everything that structured clone copies, objects of classes by their fields. What
 * cannot be copied, or goes too far, is left out and noted. Never throws, whatever the values do.
 */
export class CarriedData {
  readonly notes: string[] = [];
  #parts = MOST_PARTS;
  #characters = MOST_CHARACTERS;
  #errors = MOST_CARRIED_ERRORS;
  readonly #copies = new Map<object, unknown>();

  /** Whether there is room for one more. */
  takesError(): boolean {
    return this.#errors-- > 0;
  }

  /** The value, in a box; null: it was left out. `path`: what notes call it. */
  copy(value: unknown, path: string, depth = 0): { readonly value: unknown } | null {
    switch (typeof value) {
      case 'string':
        return { value: this.#text(value, path) };
      case 'symbol':
      case 'function':
        return this.leaveOut(path, `a ${typeof value}`);
      case 'object':
        return value === null ? { value } : this.#object(value, path, depth);
      default:
        return { value };
    }
  }

  /** The fields of these names, as far as they can be read. */
  fields(object: object, keys: readonly string[], path: string, depth = 0): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const key of keys) {
      const at = path === '' ? key : `${path}.${key}`;
      if (this.#parts-- <= 0) {
        this.leaveOut(at, 'there is too much');
        break;
      }
      const read = this.#read(object, key, at);
      const inner = read && this.copy(read.value, at, depth + 1);
      if (inner) setField(copy, key, inner.value);
    }
    return copy;
  }

  #read(object: object, key: string, path: string): { readonly value: unknown } | null {
    try {
      return { value: Reflect.get(object, key) as unknown };
    } catch {
      return this.leaveOut(path, 'a getter that throws');
    }
  }

  #text(text: string, path: string): string {
    const kept = text.slice(0, Math.max(0, this.#characters));
    this.#characters -= kept.length;
    if (kept.length < text.length) this.leaveOut(path, `cut after ${String(kept.length)} characters`);
    return kept;
  }

  #object(object: object, path: string, depth: number): { readonly value: unknown } | null {
    if (this.#copies.has(object)) return { value: this.#copies.get(object) };
    if (depth > DEEPEST) return this.leaveOut(path, 'it is nested too deeply');
    try {
      return this.#known(object, path, depth);
    } catch {
      return this.leaveOut(path, describe(object));
    }
  }

  #known(object: object, path: string, depth: number): { readonly value: unknown } | null {
    const keep = <T extends object>(copy: T): T => {
      this.#copies.set(object, copy);
      return copy;
    };
    if (Array.isArray(object)) {
      const list = keep<unknown[]>([]);
      const keys = Object.keys(object).slice(0, Math.max(0, this.#parts) + 1);
      Object.assign(list, this.fields(object, keys, path, depth));
      return { value: list };
    }
    if (ArrayBuffer.isView(object)) {
      if (object.byteLength > MOST_BYTES) return this.leaveOut(path, `a large ${viewName(object)}`);
      return { value: keep(structuredClone(object)) };
    }
    switch (tagOf(object)) {
      case 'Map': {
        const map = keep(new Map<unknown, unknown>());
        for (const [key, value] of Map.prototype.entries.call(object as Map<unknown, unknown>)) {
          const [known, inner] = [this.copy(key, path, depth + 1), this.copy(value, path, depth + 1)];
          if (known && inner && this.#parts-- > 0) map.set(known.value, inner.value);
        }
        return { value: map };
      }
      case 'Set': {
        const set = keep(new Set<unknown>());
        for (const item of Set.prototype.values.call(object as Set<unknown>)) {
          const inner = this.copy(item, path, depth + 1);
          if (inner && this.#parts-- > 0) set.add(inner.value);
        }
        return { value: set };
      }
      case 'Error': {
        const { name, message } = object as Error;
        const error = keep(this.fields(object, Object.keys(object), path, depth));
        return { value: Object.assign(error, { name, message }) };
      }
      case 'Object': {
        const copy = keep({});
        return { value: Object.assign(copy, this.fields(object, Object.keys(object), path, depth)) };
      }
      case 'Date':
      case 'RegExp':
      case 'Number':
      case 'String':
      case 'Boolean':
      case 'BigInt':
        return { value: keep(structuredClone(object)) };
      default:
        return this.leaveOut(path, describe(object));
    }
  }

  leaveOut(path: string, what: string): null {
    if (this.notes.length < MOST_NOTES) this.notes.push(`${path}: ${what}`);
    return null;
  }
}
