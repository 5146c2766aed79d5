import { functionText } from '../base/guard-text.ts';
import { carrierOf, carry, nameOfBuiltin } from '../protocol/canned.ts';
import { isNativeFunction, nameOf } from '../protocol/brand-of.ts';
import type { Reference } from '../protocol/reference.ts';
import { isClassSource } from '../protocol/source-text.ts';
import { checkCallable, sendable } from './callable.ts';
import { isPlainObject } from './options.ts';

type AnyFunction = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown);

/**
 * Functions travel as text, without the variables around them; `capture({ k }, f)` sends values along. Gives
 * a function that does here what `f` does, and has the variables of these names wherever it is sent. The
 * values may be anything that can be sent: functions, classes, References; functions among them have these
 * variables, too, and `f` may be one of them. They are copied at submission.
 * @throws TypeError for names that are no variables, and for functions without a text.
 */
export function capture<F extends AnyFunction>(values: Readonly<Record<string, unknown>>, f: F): F {
  if (!isPlainObject(values) || typeof f !== 'function') {
    throw new TypeError('capture takes an object of names and values, then a function: capture({ k }, f)');
  }
  Object.keys(values).forEach(checkName);
  const inner = carrierOf(f);
  if (!inner && isNativeFunction(f)) {
    throw new TypeError(
      `${nameOf(f) || 'f'} is native or bound: it has no variables, so there is nothing to capture`,
    );
  }
  const scope: Record<string, unknown> = { ...inner?.values };
  const twin = twinOf(f, scope);
  for (const [name, value] of Object.entries(values)) scope[name] = value === f ? twin : within(scope, value);
  return twin;
}

/** A Proxy can be called and constructed as `f` can, and is another object: `f` itself stays as it is. */
function twinOf<F extends AnyFunction>(f: F, scope: Readonly<Record<string, unknown>>): F {
  const source = carrierOf(f)?.source ?? functionText(f);
  const twin = new Proxy(f, {
    get: (target, key) => (key === 'toString' ? () => source : (Reflect.get(target, key) as unknown)),
  });
  return carry(twin, { source, name: nameOf(f), values: scope });
}

/** Functions that are captured together see each other, as they do here: one may call the other. */
function within(scope: Readonly<Record<string, unknown>>, value: unknown): unknown {
  if (typeof value !== 'function' || carrierOf(value) || nameOfBuiltin(value)) return value;
  if (isNativeFunction(value) || isClassSource(functionText(value))) return value;
  return twinOf(value as AnyFunction, scope);
}

/**
 * `f` with its first arguments given: `partial(f, 1)(2)` is `f(1, 2)`, here and on engines.
 * @throws TypeError "f must be callable".
 */
export function partial<Given extends readonly unknown[], Rest extends readonly unknown[], R>(
  f: (...args: [...Given, ...Rest]) => R,
  ...args: Given
): (...rest: Rest) => R;
export function partial(f: Reference, ...args: readonly unknown[]): (...rest: readonly unknown[]) => unknown;
export function partial(f: unknown, ...args: readonly unknown[]): (...rest: readonly unknown[]) => unknown {
  checkCallable(f);
  const call = (...rest: readonly unknown[]) =>
    Reflect.apply(f as (...all: readonly unknown[]) => unknown, undefined, [...args, ...rest]);
  const name = typeof f === 'function' ? nameOf(f) : '';
  Object.defineProperty(call, 'name', { value: name, configurable: true });
  const source = '(...rest) => f(...args, ...rest)';
  return carry(call, { source, name, values: { f: sendable(f), args } });
}

const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export ' +
    'extends false finally for function if implements import in instanceof interface let new null package ' +
    'private protected public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

function checkName(name: string): void {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !RESERVED.has(name)) return;
  throw new TypeError(`capture: ${JSON.stringify(name)} cannot be the name of a variable`);
}
