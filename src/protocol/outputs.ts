import type { EngineId } from './ids.ts';
import type { WireError } from './errors.ts';

/** Jupyter's bundle: one thing in several forms, by MIME type. Text types are strings, binary ones base64,
 * `*+json` and `application/json` plain JSON. */
export interface MimeBundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export type StreamName = 'stdout' | 'stderr';

/** Of what is printed and displayed. */
export interface Marked {
  /** Nobody knows which request, or cell, has started the code that said it; the last one has it, which had ended.
   * Missing: that is known. */
  readonly isLate?: true;
}

/** The same with that mark, where it can have one. */
export function asLate<T extends { readonly type: string }>(said: T): T {
  return said.type === 'stream' || said.type === 'display' ? { ...said, isLate: true } : said;
}

/** For spreading. */
export function lateMark({ isLate }: Marked): Marked {
  return isLate === true ? { isLate } : {};
}

/**
 * What a request says, in order; timers and the like that it has started may say more when it has been replied to. All
 * of it is formatted and capped where it arises: a value never crosses a wall just to be printed.
 */
export type StreamEvent =
  | ({
      readonly type: 'stream';
      readonly name: StreamName;
      readonly text: string;
      /** An error that nobody has caught: to be shown, whatever becomes of other output. */
      readonly isUncaught?: boolean;
    } & Marked)
  | ({
      readonly type: 'display';
      readonly bundle: MimeBundle;
      /** Set for displays that may be updated later. */
      readonly displayId?: string;
      /** Replace the display of the same id instead of adding one. */
      readonly update?: boolean;
    } & Marked)
  | { readonly type: 'clear-output'; /** Wait for the next output before clearing. */ readonly wait: boolean }
  /** `publishData(values)`: merged into `ar.data`. `canned`: there are functions, errors … in it, to be revived. */
  | { readonly type: 'data'; readonly values: unknown; readonly canned?: boolean }
  /** `progress(done, total)` inside a task. */
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  /** What the request has been waiting for, for some time, as a call (`comm.recv(source=1, tag=0)`); null: it goes
   * on. */
  | { readonly type: 'waiting'; readonly on: string | null };

/** Whether a text goes on where another one ends: same stream, same mark. */
export function goesOn(
  next: { readonly name: StreamName } & Marked,
  last: { readonly name: StreamName } & Marked,
): boolean {
  return next.name === last.name && next.isLate === last.isLate;
}

/** Of these, what is printed or shown. */
export type ShownEvent = Exclude<StreamEvent, { readonly type: 'data' | 'progress' | 'waiting' }>;

export function isShownEvent(event: StreamEvent): event is ShownEvent {
  return event.type !== 'data' && event.type !== 'progress' && event.type !== 'waiting';
}

/** Where an output came from: the kernel (null) or an engine. */
export type Lane = EngineId | null;

/** Of outputs that are shown in groups (all stdout, then all stderr …). */
export interface Grouped {
  /** Which group: lanes of engines do not reach from one into the next. Missing: the first, or there are none. */
  readonly group?: number;
}

/** One output of a cell, as the page shows it and as the document keeps it. */
export type Output =
  | ({
      readonly type: 'stream';
      readonly lane: Lane;
      readonly name: StreamName;
      readonly text: string;
    } & Grouped &
      Marked)
  | ({
      readonly type: 'display';
      readonly lane: Lane;
      readonly bundle: MimeBundle;
      readonly displayId?: string;
    } & Grouped &
      Marked)
  | ({
      readonly type: 'result';
      readonly lane: Lane;
      readonly bundle: MimeBundle;
      /** The n of `Out[n]`, or of `Out[engine:n]` in an engine's lane. */
      readonly executionCount: number;
    } & Grouped)
  /** One error; of an engine when `lane` is a number. */
  | { readonly type: 'error'; readonly lane: Lane; readonly error: WireError }
  /** A CompositeError: one entry for each failed request, in target order. */
  | {
      readonly type: 'composite-error';
      readonly lane: null;
      /** "one or more exceptions raised in: f" */
      readonly message: string;
      readonly errors: readonly WireError[];
      /** How many tracebacks to show unasked. */
      readonly tbLimit: number;
    };
