import {
  ENTRIES_AT_ONCE,
  MOST_ROWS_AT_ONCE,
  MOST_SORTED,
  type Entries,
  type LiveValue,
  type LookAnswer,
  type LookQuestion,
  type RowOrder,
  type Summary,
  type TableForm,
  type TableRows,
} from '../../protocol/looking.ts';
import { isSparse } from '../../protocol/list-copy.ts';
import { insidesOf } from './entries.ts';
import { bytesOfView, containerOf, sizeOf } from './kinds.ts';
import { sortedRows, tableCell, type RowSource } from './row-source.ts';
import { lineOf } from './summary.ts';

/** Values that are kept although nothing else in the realm holds them; older ones as long as something does. */
const KEPT = 50;
const MOST_KNOWN = 1000;
/** A bigger buffer is never kept alive for somebody who might look. */
const BIGGEST_KEPT = 16 << 20;
/** Rows, and cells, that travel with a table. */
const FIRST_ROWS = 1000;
const MOST_CELLS = 20_000;

export type ShelfQuestion = Exclude<LookQuestion, { type: 'variables' | 'forget' }>;

type Held = { readonly strong: object } | { readonly weak: WeakRef<object> };

interface Kept {
  held: Held;
  /** What can be opened, by number. The value itself is 0; what is inside it lives as long as it does. */
  readonly nodes: WeakRef<object>[];
  readonly asTable: ((value: object) => RowSource | null) | null;
  /** The last order in which rows were asked for. */
  sorted: { readonly order: RowOrder; readonly rows: Uint32Array } | null;
}

/**
 * The values that a realm has shown, by handle, so that people can look into them. Memory is bounded: the last
 * fifty are held, older ones only remembered, and whatever has gone is said to be gone.
 */
export class Shelf {
  readonly #newHandle: () => string;
  readonly #lookUp: (path: readonly string[]) => { readonly value: unknown } | null;
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();

  /** `lookUp`: the value at a path from a variable, null where there is none that could be read without running
   * code. */
  constructor(
    newHandle: () => string,
    lookUp: (path: readonly string[]) => { readonly value: unknown } | null,
  ) {
    this.#newHandle = newHandle;
    this.#lookUp = lookUp;
  }

  /** A value that can be opened, with its first level; null for what has nothing in it. */
  live(value: unknown): LiveValue | null {
    const container = containerOf(value);
    if (!container || typeof value !== 'object' || value === null || sizeOf(container) === 0) return null;
    const { handle, kept } = this.#keep(value, null);
    return { handle, summary: { ...lineOf(value), node: 0 }, ...this.#entries(kept, value, 0) };
  }

  /** A table with its first rows. `asTable` makes it anew from the value, for later questions. */
  table(value: object, asTable: (value: object) => RowSource | null): TableForm | null {
    const source = asTable(value);
    if (!source) return null;
    const count = Math.min(
      source.total,
      FIRST_ROWS,
      Math.floor(MOST_CELLS / Math.max(1, source.columns.length)),
    );
    const { total, columns } = source;
    const handle = total > count ? this.#keep(value, asTable).handle : null;
    return { columns, total, handle, ...rowsOf(source, null, 0, count) };
  }

  answer(question: ShelfQuestion): LookAnswer {
    switch (question.type) {
      case 'entries':
        return this.#answerEntries(question);
      case 'rows':
        return this.#answerRows(question);
      case 'name': {
        const found = this.#lookUp(question.path);
        return { type: 'name', summary: found && { ...lineOf(found.value), node: null } };
      }
      case 'open': {
        const found = this.#lookUp(question.path);
        if (!found) return { type: 'open', summary: null, value: null };
        const value = this.live(found.value);
        const summary = value?.summary ?? { ...lineOf(found.value), node: null };
        return { type: 'open', summary, value };
      }
    }
  }

  /** The namespace was emptied: so is this. */
  clear(): void {
    this.#kept.clear();
  }

  #answerEntries({ handle, node, from }: Extract<LookQuestion, { type: 'entries' }>): LookAnswer {
    const kept = this.#kept.get(handle);
    const value = kept?.nodes[node]?.deref();
    return kept && value ? { type: 'entries', ...this.#entries(kept, value, from) } : { type: 'gone' };
  }

  #answerRows({ handle, from, count, order }: Extract<LookQuestion, { type: 'rows' }>): LookAnswer {
    const kept = this.#kept.get(handle);
    const value = kept && valueOf(kept);
    const source = value ? kept.asTable?.(value) : null;
    if (!kept || !source) return { type: 'gone' };
    const rows = order && source.total <= MOST_SORTED ? sortedAs(kept, source, order) : null;
    return { type: 'rows', ...rowsOf(source, rows, from, Math.min(count, MOST_ROWS_AT_ONCE)) };
  }

  #entries(kept: Kept, value: unknown, from: number): Entries {
    const { insides, total } = insidesOf(value, from, ENTRIES_AT_ONCE);
    const entries = insides.map(({ name, read }) => ({
      name,
      value:
        typeof read === 'object'
          ? summaryIn(kept, read.value)
          : ({ kind: 'word', text: read, node: null } as const),
    }));
    return { entries, total };
  }

  #keep(value: object, asTable: Kept['asTable']): { readonly handle: string; readonly kept: Kept } {
    const handle = this.#newHandle();
    const weak = new WeakRef(value);
    const held: Held = bytesOf(value) > BIGGEST_KEPT ? { weak } : { strong: value };
    const kept: Kept = { held, nodes: [weak], asTable, sorted: null };
    this.#kept.set(handle, kept);
    this.#ageOthers();
    return { handle, kept };
  }

  #ageOthers(): void {
    const all = [...this.#kept];
    const aged = all.at(-KEPT - 1)?.[1];
    if (aged && 'strong' in aged.held) {
      aged.held = { weak: new WeakRef(aged.held.strong) };
      aged.sorted = null;
    }
    const [oldest] = all;
    if (all.length > MOST_KNOWN && oldest) this.#kept.delete(oldest[0]);
  }
}

function valueOf({ held }: Kept): object | undefined {
  return 'strong' in held ? held.strong : held.weak.deref();
}

function summaryIn(kept: Kept, value: unknown): Summary {
  const line = lineOf(value);
  const container = containerOf(value);
  if (!container || typeof value !== 'object' || value === null || sizeOf(container) === 0) {
    return { ...line, node: null };
  }
  return { ...line, node: kept.nodes.push(new WeakRef(value)) - 1 };
}

function sortedAs(kept: Kept, source: RowSource, order: RowOrder): Uint32Array {
  const { sorted } = kept;
  const isSame = sorted?.order.column === order.column && sorted.order.descending === order.descending;
  if (sorted && isSame && sorted.rows.length === source.total) return sorted.rows;
  const rows = sortedRows(source, order);
  kept.sorted = { order, rows };
  return rows;
}

function rowsOf(source: RowSource, sorted: Uint32Array | null, from: number, count: number): TableRows {
  const { columns, total, name } = source;
  const length = Math.max(0, Math.min(count, total - from));
  const places = Array.from({ length }, (_none, i) => sorted?.[from + i] ?? from + i);
  const rows = places.map((row) => columns.map((_column, column) => tableCell(source.cell(row, column))));
  if (name) return { rows, rowNames: places.map(name) };
  return { rows, rowNames: sorted ? places.map(String) : null };
}

/** Of what is plainly big; lists of objects cannot be weighed. */
function bytesOf(value: object): number {
  if (ArrayBuffer.isView(value)) return bytesOfView(value);
  if (Array.isArray(value) && !isSparse(value)) return value.length * 8;
  return insidesOf(value, 0, ENTRIES_AT_ONCE).insides.reduce((sum, { read }) => {
    return sum + (typeof read === 'object' && ArrayBuffer.isView(read.value) ? bytesOfView(read.value) : 0);
  }, 0);
}
