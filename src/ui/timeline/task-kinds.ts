import type { CellId } from '../../protocol/ids.ts';
import type { TaskKind } from './task-items.ts';

/** Colours there are; further kinds share them. */
export const SLOTS = 10;

/** Names that say nothing of what runs: then the cell does. */
const NAMELESS = new Set(['<anonymous>', 'execute', 'push', 'pull', 'clear']);

/**
 * Gives each function its colour: by a hash of its name, so that it is the same tomorrow; the next free colour where
 * another function of this log has that one.
 */
export class TaskKinds {
  readonly #kinds = new Map<string, TaskKind>();
  readonly #taken = new Set<number>();

  get all(): Iterable<TaskKind> {
    return this.#kinds.values();
  }

  of(name: string, label: string | null, cell: CellId | null): TaskKind {
    const isNameless = label === null && NAMELESS.has(name);
    const place = isNameless ? cell : null;
    const shown = label ?? name;
    const key = `${shown} ${place ?? ''}`;
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const kind: TaskKind = {
      name: shown,
      cell: place,
      slot: this.#slotFor(key),
      total: 0,
      done: 0,
      failed: 0,
      lost: 0,
      cancelled: 0,
      spent: 0,
      runs: 0,
    };
    this.#kinds.set(key, kind);
    return kind;
  }

  /** Those without a task go, and free their colours. */
  prune(): void {
    for (const [key, { total, slot }] of this.#kinds) {
      if (total > 0) continue;
      this.#kinds.delete(key);
      if (![...this.#kinds.values()].some((other) => other.slot === slot)) this.#taken.delete(slot);
    }
  }

  #slotFor(key: string): number {
    const wished = hash(key) % SLOTS;
    for (let i = 0; i < SLOTS; i++) {
      const slot = (wished + i) % SLOTS;
      if (this.#taken.has(slot)) continue;
      this.#taken.add(slot);
      return slot;
    }
    return wished;
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** `train`, `cell 5`, `ƒ in cell 5`, `push in cell 5`. */
export function kindTitle({ name, cell }: TaskKind, numbers: ReadonlyMap<CellId, number>): string {
  if (cell === null) return name === '<anonymous>' ? 'ƒ' : name;
  const number = numbers.get(cell);
  const place = number === undefined ? 'a deleted cell' : `cell ${String(number)}`;
  if (name === 'execute') return number === undefined ? '%px of a deleted cell' : `%px ${place}`;
  return `${name === '<anonymous>' ? 'ƒ' : name} in ${place}`;
}
