import type { Flat } from './flat.ts';
import { TuttiError } from './tutti-error.ts';

/**
 * Things that structured clone refuses or spoils travel as plain objects marked by the key `$tutti`.
 * A user's own object that has such a key is wrapped (`object`), so nothing a user writes can be taken for
 * one of these.
 */
export type Canned =
  /** A function or class, by its source text. `base`: of a class whose parent is a class of the user's.
   * `captured`: variables that it brings along. */
  | {
      readonly $tutti: 'function';
      readonly source: string;
      readonly name: string;
      readonly at?: FunctionPlace;
      readonly base?: CannedBase;
      readonly captured?: CannedCapture;
      /** Its own properties, and those that were added to its prototype. */
      readonly fields?: Fields;
      readonly proto?: Fields;
    }
  /** Replaced by what the expression gives on the engine. */
  | { readonly $tutti: 'reference'; readonly expression: string }
  /** A function that Tutti provides on every engine. */
  | { readonly $tutti: 'builtin'; readonly name: string }
  /** An object of a user's class: gets its methods back where a class of that name is known. */
  | {
      readonly $tutti: 'instance';
      readonly className: string;
      readonly class?: CannedClass;
      readonly fields: Fields;
    }
  /** A list, a Map, a Date … with fields besides, or of a class that extends that (else `className` is null). */
  | {
      readonly $tutti: 'extended';
      readonly className: string | null;
      readonly class?: CannedClass;
      readonly base: unknown;
      readonly fields: Fields;
    }
  /** What the codec of that name made of an object; the receiver's codec makes an object of it again. */
  | { readonly $tutti: 'coded'; readonly codec: string; readonly data: unknown }
  /** `fields` may hold `cause` and `errors`, which are not enumerable on the error itself. */
  | {
      readonly $tutti: 'error';
      readonly className: string;
      /** Of errors of a class written in JavaScript. */
      readonly class?: CannedClass;
      readonly name: string;
      readonly message: string;
      readonly stack: string | null;
      readonly fields: Fields;
      readonly hidden: Fields;
    }
  /** A buffer that was written into the receiver's own lent memory, the `n`th, and a view on one. */
  | LentBuffer
  | LentView
  /** The whole value, which is nested deeply. */
  | ({ readonly $tutti: 'flat' } & Flat)
  /** A plain object with an own key `$tutti`. */
  | { readonly $tutti: 'object'; readonly fields: Fields };

type Fields = Record<string, unknown>;

/** What is said of an object's class, once for all of that class. */
export interface CannedClass {
  readonly methods: readonly string[];
  /** The class itself, when it is in the same value. */
  readonly source?: unknown;
}

export interface LentBuffer {
  readonly $tutti: 'lent';
  readonly n: number;
  readonly at: number;
  readonly length: number;
}

export interface LentView {
  readonly $tutti: 'lent-view';
  /** `Float64Array` … */
  readonly type: string;
  readonly buffer: LentBuffer;
  readonly byteOffset: number;
  /** Items; bytes of a DataView. */
  readonly length: number;
}

/** Where a function stands in the cell that made it, so that frames can say so. Both count from 1. */
export interface FunctionPlace {
  /** The cell's `sourceURL`. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** The parent class under the name by which the source's `extends` clause calls it. */
export interface CannedBase {
  readonly name: string;
  readonly value: unknown;
}

/** Variables that a function brings along: names and values side by side. */
export interface CannedCapture {
  readonly names: readonly string[];
  readonly values: readonly unknown[];
}

export const CANNED_KEY = '$tutti';

export function isCanned(value: object): value is Canned {
  return Object.hasOwn(value, CANNED_KEY);
}

/** An object of ours that must not be sent has, under this symbol, a sentence that says what to do instead. */
export const UNSENDABLE = Symbol.for('tutti.unsendable');

/** A value that cannot be sent. The message names its path (`args[0].foo`) and what to do. */
export class UncloneableError extends TuttiError {
  override readonly name = 'DataCloneError';
}

const namesOfBuiltins = new WeakMap<object, string>();
const builtins = new Map<string, object>();

type AnyFunction = (...args: never[]) => unknown;
type AnyClass = abstract new (...args: never[]) => unknown;

/** Makes `fn` travel by name: the receiver uses its own function of that name. Returns `fn`. */
export function registerBuiltin<F extends AnyFunction | AnyClass>(name: string, fn: F): F {
  namesOfBuiltins.set(fn, name);
  builtins.set(name, fn);
  return fn;
}

export function nameOfBuiltin(fn: object): string | undefined {
  return namesOfBuiltins.get(fn);
}

/** The function that this realm registered last under `name`. */
export function builtinNamed(name: string): object | undefined {
  return builtins.get(name);
}

/** A function whose text is not all there is to it. */
export interface Carrier {
  readonly source: string;
  readonly name: string;
  /** Variables of the text, by name. */
  readonly values: Readonly<Record<string, unknown>>;
}

const carriers = new WeakMap<object, Carrier>();

/** From now on `fn` travels as `carrier` says. Returns `fn`. */
export function carry<F extends object>(fn: F, carrier: Carrier): F {
  carriers.set(fn, carrier);
  return fn;
}

export function carrierOf(fn: object): Carrier | undefined {
  return carriers.get(fn);
}

const TRANSFER_BRAND = Symbol.for('tutti.transfer');

export type FunctionLocator = (source: string, name: string) => FunctionPlace | null;

let locator: FunctionLocator | null = null;

/** A realm that knows its cells' texts tells here how to find a function in them. Null: nobody knows. */
export function locateFunctionsBy(locate: FunctionLocator | null): void {
  locator = locate;
}

export function placeOfFunction(source: string, name: string): FunctionPlace | null {
  return locator?.(source, name) ?? null;
}

/** Marks a value whose buffers are to be moved, not copied: see `transfer`. */
export class Transfer<T = unknown> {
  readonly value: T;
  readonly [TRANSFER_BRAND] = true;

  constructor(value: T) {
    this.value = value;
  }
}

/**
 * `return transfer(array)`: the buffers inside `value` are moved to the receiver instead of copied; the
 * sender's are detached. Works at any depth (`{ a: transfer(big), b: small }`).
 */
export function transfer<T>(value: T): Transfer<T> {
  return new Transfer(value);
}

export function isTransfer(value: object): value is Transfer {
  return Object.hasOwn(value, TRANSFER_BRAND);
}
