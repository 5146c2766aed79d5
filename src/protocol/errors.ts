import type { EngineId, EngineUuid } from './ids.ts';

/** One line of a stack, of the user's own code. Lines and columns count from 1, in the cell as typed. */
export interface Frame {
  /** Null at the top level of a cell. */
  readonly functionName: string | null;
  /** The `sourceURL`, e.g. `cell-4/a1b2c3d4`; see `CellUrl`. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

export interface EngineInfo {
  readonly engineId: EngineId;
  readonly engineUuid: EngineUuid;
  /** What was running: `apply`, `execute`, `push` … */
  readonly method: string;
}

/** Errors cross walls as data, never as throws. */
export interface WireError {
  /** The error's own name (`ReferenceError`), never translated to Python's. */
  readonly ename: string;
  /** Its message. */
  readonly evalue: string;
  /** Lines of text, ready to print, user's frames only; the first is `ename: evalue`. */
  readonly traceback: readonly string[];
  /** The same frames as data, innermost first. */
  readonly frames: readonly Frame[];
  /** Null for errors that no engine raised (the kernel's, the controller's). */
  readonly engineInfo: EngineInfo | null;
  /** What it carries besides; missing: nothing. */
  readonly carried?: Carried;
  /** For a SyntaxError in a cell: where. */
  readonly position?: { readonly url: string; readonly line: number; readonly column: number };
}

/** What an error carries besides its message, as plain data: objects of classes are their fields. Bounded. */
export interface Carried {
  /** Its own properties: `status`, `code` … */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** What was thrown, when it was no error: `throw { status: 404 }`. */
  readonly thrown?: { readonly value: unknown };
  readonly cause?: CarriedPart;
  /** Of an AggregateError. */
  readonly errors?: readonly CarriedPart[];
  /** What could not come along, a line each: `response.body: a ReadableStream`. */
  readonly leftOut?: readonly string[];
}

/** An error, or another value. */
export type CarriedPart = { readonly error: WireError } | { readonly value: unknown };
