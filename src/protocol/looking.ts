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

/** What a variable holds, as far as its sign tells. `list`: also typed arrays. */
export const VARIABLE_KINDS = ['number', 'string', 'word', 'list', 'object', 'function', 'class'] as const;
export type VariableKind = (typeof VARIABLE_KINDS)[number];

/** A variable of a realm, described there in bounded time. */
export interface Variable {
  readonly name: string;
  readonly kind: VariableKind;
  /** `Float64Array`, `Point`, `number`. */
  readonly type: string;
  /** Items of a list, a Map or a Set; null for what has none. */
  readonly length: number | null;
  /** What it holds in memory: exact for numbers, texts and buffers, a good guess for objects. */
  readonly bytes: number;
  /** One line. */
  readonly text: string;
  /** Equal for equal contents, in whichever realm. */
  readonly digest: string;
  /** False: of a big value only samples went into the digest. */
  readonly whole: boolean;
}

/** Variables that one answer describes at most. */
export const VARIABLES_AT_ONCE = 200;

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
  | { readonly type: 'name'; readonly path: readonly string[] }
  /** The same, with its first level, to be opened further. */
  | { readonly type: 'open'; readonly path: readonly string[] }
  /**
   * What has changed among the variables since the round `since` (0: all of them). A round goes over all names in as
   * many questions as it takes; `from` is where this one goes on, 0 begins a new round.
   */
  | { readonly type: 'variables'; readonly since: number; readonly from: number }
  /** Not a look, but it goes the same way: the variable is removed, when what runs there has ended. */
  | { readonly type: 'forget'; readonly name: string };

export type LookAnswer =
  | ({ readonly type: 'entries' } & Entries)
  | ({ readonly type: 'rows' } & TableRows)
  /** Null: there is no such name. */
  | { readonly type: 'name'; readonly summary: Summary | null }
  /** `value` is null where there is nothing inside. */
  | { readonly type: 'open'; readonly summary: Summary | null; readonly value: LiveValue | null }
  | {
      readonly type: 'variables';
      /** Which round this belongs to. */
      readonly round: number;
      /** All names in order of appearance; null: those told before. */
      readonly names: readonly string[] | null;
      readonly changed: readonly Variable[];
      /** Where the round goes on; null: it is over. */
      readonly next: number | null;
    }
  | { readonly type: 'forgotten' }
  /** The value is kept no longer, or whoever had it is gone. */
  | { readonly type: 'gone' };
