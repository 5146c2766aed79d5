import { nameOf } from '../protocol/brand-of.ts';
import { isReference, Reference } from '../protocol/reference.ts';

/** What can be run on engines: a function, or a Reference to one that is there. */
export type Callable<Args extends readonly unknown[] = never[], R = unknown> =
  ((...args: Args) => R) | Reference;

/** Arguments of a remote call: each may be a Reference to a value on the engine. */
export type Remote<Args extends readonly unknown[]> = { [K in keyof Args]: Args[K] | Reference };

/** @throws TypeError "f must be callable". */
export function checkCallable(f: unknown): void {
  if (typeof f === 'function' || isReferenceValue(f)) return;
  throw new TypeError(`f must be callable, not ${f === null ? 'null' : typeof f}`);
}

/** Characters of a name that goes with every task. */
const LONGEST_NAME = 200;

/** For messages: the function's name, or the Reference's expression. */
export function callableName(f: unknown): string {
  const name = isReferenceValue(f) ? f.expression : typeof f === 'function' ? nameOf(f) : '';
  if (name === '') return '<anonymous>';
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

function isReferenceValue(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && isReference(value);
}

/** Where the language's own functions live. */
const HOMES: Readonly<Record<string, object>> = {
  Math,
  Number,
  String,
  Object,
  Array,
  JSON,
  Date,
  BigInt,
  Reflect,
};

/**
 * The language's own functions (`parseInt`, `Math.sqrt`) have no source to send, but every engine has them:
 * they go by name. Everything else stays as it is.
 */
export function sendable(f: unknown): unknown {
  if (typeof f !== 'function' || !isNative(f as () => unknown)) return f;
  const name = nameOf(f);
  if (Reflect.get(globalThis, name) === f) return new Reference(name);
  const home = Object.entries(HOMES).find(([, object]) => Reflect.get(object, name) === f);
  return home ? new Reference(`${home[0]}.${name}`) : f;
}

function isNative(f: (...args: never[]) => unknown): boolean {
  return nameOf(f) !== '' && Function.prototype.toString.call(f).endsWith('{ [native code] }');
}
