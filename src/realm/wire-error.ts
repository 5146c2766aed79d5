import { inheritedClass, tagOf } from '../protocol/brand-of.ts';
import type { Carried, CarriedPart, EngineInfo, Frame, WireError } from '../protocol/errors.ts';
import { CarriedData, MOST_CARRIED_ERRORS } from './carried.ts';
import { framesOfStack } from './error-stacks.ts';
import { pythonName } from '../lang/python-hints.ts';
import { inspect } from './format.ts';
import { frameText, userFrames, type MapPosition } from './stack.ts';

export interface ErrorContext {
  /** Null in the kernel. */
  readonly engineInfo: EngineInfo | null;
  readonly mapPosition?: MapPosition;
  /** Of the code that was compiled, for a SyntaxError in it. */
  readonly url?: string;
}

const MOST_CAUSES = 5;
const MOST_ERRORS = 5;
const LONGEST_MESSAGE = 10_000;
/** People's names are words. */
const LONGEST_NAME = 1000;

/** Anything thrown, as data. Never throws itself, whatever getters the thrown thing has. */
export function toWireError(thrown: unknown, context: ErrorContext): WireError {
  return alreadyWire(thrown) ?? fromThrown(thrown, context);
}

/** Errors of ours that came over a wall keep what they brought. */
function alreadyWire(thrown: unknown): WireError | null {
  const toWire = read(thrown, 'toWire');
  if (typeof toWire !== 'function') return null;
  try {
    const wire = Reflect.apply(toWire, thrown, []) as WireError;
    return typeof wire.ename === 'string' && Array.isArray(wire.traceback) ? wire : null;
  } catch {
    return null;
  }
}

function fromThrown(
  thrown: unknown,
  context: ErrorContext,
  around: Around = { data: null, errors: [] },
): WireError {
  const ename = errorName(thrown);
  const evalue = errorMessage(thrown, context);
  const position = syntaxPosition(thrown, ename, context);
  const frames = position ? [{ functionName: null, ...position }] : framesOf(thrown, context);
  const carried = safely(() => carriedOf(thrown, context, around));
  const notes = (carried?.leftOut ?? []).map((note) => `    (left out: ${note})`);
  return {
    ename,
    evalue,
    traceback: [...tracebackOf(thrown, frames, context, new Set()), ...notes],
    frames,
    engineInfo: context.engineInfo,
    ...(carried ? { carried } : {}),
    ...(position ? { position } : {}),
  };
}

/** Of the error that this one is a cause of, or in whose list it is. */
interface Around {
  /** All that goes with one error has one bound. */
  readonly data: CarriedData | null;
  /** From the outermost on. */
  readonly errors: readonly object[];
}

/** Causes of causes that travel; their text is shorter. */
const DEEPEST_CAUSE = 100;

/** Undefined: nothing. */
function carriedOf(
  thrown: unknown,
  context: ErrorContext,
  { data, errors: outer }: Around,
): Carried | undefined {
  const its = data ?? new CarriedData();
  if (!isErrorLike(thrown)) {
    const copy = its.copy(thrown, 'thrown');
    if (!copy) return undefined;
    return { thrown: copy, ...(its.notes.length > 0 ? { leftOut: its.notes } : {}) };
  }
  const keys = Object.keys(thrown).filter((key) => !OWN_OF_ERRORS.has(key));
  const fields = its.fields(thrown, keys, '');
  const part = (value: unknown): CarriedPart | null => {
    if (!isErrorLike(value)) return its.copy(value, 'cause');
    // It is one of those that this error is in.
    if (value === thrown || outer.includes(value)) return null;
    if (outer.length >= DEEPEST_CAUSE || !its.takesError()) return its.leaveOut('cause', 'there is too much');
    return { error: fromThrown(value, context, { data: its, errors: [...outer, thrown] }) };
  };
  const cause = hasCause(thrown) ? part(read(thrown, 'cause')) : null;
  const errors = listOf(thrown)
    .slice(0, MOST_CARRIED_ERRORS)
    .flatMap((error) => part(error) ?? []);
  const leftOut = data === null ? its.notes : [];
  const carried: Carried = {
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(cause ? { cause } : {}),
    ...(listOf(thrown).length > 0 ? { errors } : {}),
    ...(leftOut.length > 0 ? { leftOut } : {}),
  };
  return Object.keys(carried).length > 0 ? carried : undefined;
}

const OWN_OF_ERRORS: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

function tracebackOf(
  thrown: unknown,
  frames: readonly Frame[],
  context: ErrorContext,
  seen: Set<unknown>,
): string[] {
  seen.add(thrown);
  const lines = [headline(thrown, context), ...frames.map((frame) => `    at ${frameText(frame)}`)];
  for (const [i, error] of listOf(thrown).slice(0, MOST_ERRORS).entries()) {
    lines.push(`  [${String(i)}] ${headline(error, context)}`);
    lines.push(...framesOf(error, context).map((frame) => `        at ${frameText(frame)}`));
  }
  const more = listOf(thrown).length - MOST_ERRORS;
  if (more > 0) lines.push(`  ... ${String(more)} more errors`);
  const cause = read(thrown, 'cause');
  if (!hasCause(thrown) || seen.has(cause) || seen.size >= MOST_CAUSES) return lines;
  const [first, ...rest] = tracebackOf(cause, framesOf(cause, context), context, seen);
  return [...lines, `Caused by: ${first ?? ''}`, ...rest];
}

function headline(thrown: unknown, context: ErrorContext): string {
  const message = errorMessage(thrown, context);
  return message === '' ? errorName(thrown) : `${errorName(thrown)}: ${message}`;
}

function framesOf(thrown: unknown, context: ErrorContext): readonly Frame[] {
  const stack = read(thrown, 'stack');
  if (typeof stack !== 'string') return [];
  const known = framesOfStack(thrown);
  if (known) return known;
  // V8 begins with the message, whose lines may look like frames.
  const said = read(thrown, 'message');
  const message = typeof said === 'string' ? said : '';
  const from = message === '' ? -1 : stack.indexOf(message);
  const frames = from < 0 ? stack : stack.slice(from + message.length);
  return userFrames(frames, context.mapPosition);
}

/** Where a text did not compile: our own compiler says it in fields. */
function syntaxPosition(thrown: unknown, ename: string, { url }: ErrorContext): WireError['position'] | null {
  const [line, column] = [read(thrown, 'line'), read(thrown, 'column')];
  if (url === undefined || ename !== 'SyntaxError' || typeof line !== 'number' || typeof column !== 'number')
    return null;
  return { url, line, column };
}

function errorName(thrown: unknown): string {
  const name = wholeName(thrown);
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)} …` : name;
}

function wholeName(thrown: unknown): string {
  if (!isErrorLike(thrown)) return classOfThrown(thrown);
  const name = read(thrown, 'name');
  const className = safely(() => inheritedClass(thrown)) ?? 'Error';
  // A subclass that never set its name is better called by its class.
  if (typeof name !== 'string' || name === '' || name === 'Error')
    return className === 'Object' ? 'Error' : className;
  return name;
}

/** Objects of a class of the user's are called by it. */
function classOfThrown(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || safely(() => tagOf(thrown)) !== 'Object')
    return 'Error';
  const name = safely(() => inheritedClass(thrown)) ?? '';
  return name === '' || name === 'Object' ? 'Error' : name;
}

function errorMessage(thrown: unknown, { engineInfo }: ErrorContext): string {
  if (typeof thrown === 'string') return cut(thrown);
  if (!isErrorLike(thrown)) return cut(inspect(thrown));
  const message = read(thrown, 'message');
  if (typeof message === 'string') return cut(message + hintFor(thrown, message, engineInfo !== null));
  return message === UNREADABLE ? '(the message of this error could not be read)' : cut(inspect(message));
}

/** Somebody writes Python by habit: a name that JavaScript does not have. On engines `list` and the like are rather
 * variables that have stayed in the notebook. */
function hintFor(thrown: object, message: string, onEngine: boolean): string {
  const name = /^(\w+) is not defined$|^Can't find variable: (\w+)$/.exec(message)?.slice(1).find(Boolean);
  if (name === undefined || errorName(thrown) !== 'ReferenceError') return '';
  const hint = onEngine && !/^(?:True|False|None)$/.test(name) ? null : pythonName(name);
  return hint === null ? '' : `: ${hint}`;
}

function cut(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)} …` : text;
}

function isErrorLike(thrown: unknown): thrown is object {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const tag = safely(() => tagOf(thrown));
  return tag === 'Error' || tag === 'DOMException' || typeof read(thrown, 'stack') === 'string';
}

function hasCause(thrown: unknown): boolean {
  const cause = read(thrown, 'cause');
  return isErrorLike(thrown) && cause !== undefined && cause !== UNREADABLE;
}

function listOf(thrown: unknown): readonly unknown[] {
  const errors = isErrorLike(thrown) ? read(thrown, 'errors') : null;
  return Array.isArray(errors) ? (errors as unknown[]) : [];
}

const UNREADABLE = Symbol('unreadable');

function read(thrown: unknown, key: string): unknown {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  try {
    return Reflect.get(thrown, key);
  } catch {
    return UNREADABLE;
  }
}

function safely<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
