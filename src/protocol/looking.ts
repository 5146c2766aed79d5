/**
 * Looking into values where they are. A bundle brings the first level of a value along, and the handle under which
 * its realm (the kernel or an engine) keeps it; whoever opens more asks the realm. No question runs any of the user's
 * code: getters are not called.
 */

/** Forms of ours in a MIME bundle; a text form stands beside them. */
export const VALUE_MIME = 'application/vnd.tutti.value+json';
export const TABLE_MIME = 'application/vnd.tutti.table+json';

/** The names of values of one kind are drawn alike. */
export type ValueKind = 'number' | 'string' | 'word' | 'function' | 'object';

/** A value in a line. */
export interface Summary {
  readonly kind: ValueKind;
  /** `3`, `'text'`, `f(a, b)`, `Array(3) [ 1, 2, 3 ]`. */
  readonly text: string;
  /** The number by which it can be opened; null: there is nothing in it. */
  readonly node: number | null;
}

export interface Entry {
  /** A key, an index, or the text of a Map's key. */
  readonly name: string;
  readonly value: Summary;
}

export interface Entries {
  readonly entries: readonly Entry[];
  /** How many there are altogether. */
  readonly total: number;
}

/** `VALUE_MIME`. */
export interface LiveValue extends Entries {
  readonly handle: string;
  readonly summary: Summary;
}

/** Other values than these are in words. */
export type TableCell = number | string | boolean | null;

export interface TableRows {
  readonly rows: readonly (readonly TableCell[])[];
  /** What stands before each row; null: its number. */
  readonly rowNames: readonly string[] | null;
}

/** `TABLE_MIME`: the first rows of a table. */
export interface TableForm extends TableRows {
  readonly columns: readonly string[];
  /** How many rows there are altogether. */
  readonly total: number;
  /** Null: there are no more rows to be had. */
  readonly handle: string | null;
}

export interface RowOrder {
  /** By place among the table's columns. */
  readonly column: number;
  readonly descending: boolean;
}

/** Entries that travel at a time, rows that one question may ask for. */
export const ENTRIES_AT_ONCE = 100;
export const MOST_ROWS_AT_ONCE = 1000;
/** A longer table is not sorted where it is: that would hold the engine for seconds. */
export const MOST_SORTED = 500_000;

export type LookQuestion =
  | { readonly type: 'entries'; readonly handle: string; readonly node: number; readonly from: number }
  | {
      readonly type: 'rows';
      readonly handle: string;
      readonly from: number;
      readonly count: number;
      readonly order: RowOrder | null;
    }
  /** The value of a variable, or what data properties lead to from it. */
  | { readonly type: 'name'; readonly path: readonly string[] };

export type LookAnswer =
  | ({ readonly type: 'entries' } & Entries)
  | ({ readonly type: 'rows' } & TableRows)
  /** Null: there is no such name. */
  | { readonly type: 'name'; readonly summary: Summary | null }
  /** The value is kept no longer, or whoever had it is gone. */
  | { readonly type: 'gone' };
