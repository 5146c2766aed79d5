import { isCanned, type Canned } from '../protocol/canned.ts';
import type { WireError } from '../protocol/errors.ts';
import type { EngineRequest } from '../protocol/requests.ts';

/** The names that a function's text looks up in the namespace. */
export type FreeNames = (source: string) => readonly string[];

const NO_SOURCES: readonly string[] = [];

/** The texts of the functions that a call takes along, at first sight: `f`, its arguments, what they captured. */
export function sourcesOf(request: EngineRequest): readonly string[] {
  if ((request.method !== 'apply' && request.method !== 'map') || !request.call.canned) return NO_SOURCES;
  const { f, args } = request.call.value as { readonly f: unknown; readonly args?: readonly unknown[] };
  const sources = new Set<string>();
  for (const value of [f, ...(args ?? [])]) addSources(value, sources);
  return sources.size > 0 ? [...sources] : NO_SOURCES;
}

function addSources(value: unknown, sources: Set<string>): void {
  if (!isFunction(value) || sources.has(value.source)) return;
  sources.add(value.source);
  for (const captured of value.captured?.values ?? []) addSources(captured, sources);
}

function isFunction(value: unknown): value is Extract<Canned, { readonly $tutti: 'function' }> {
  return typeof value === 'object' && value !== null && isCanned(value) && value.$tutti === 'function';
}

interface MissingFacts {
  /** Texts of functions that travelled along. */
  readonly sources: readonly string[];
  readonly hint?: (() => string) | undefined;
}

/**
 * An engine's ReferenceError, with the three cures when the missing name is a variable around one of the
 * functions that were sent, and with what the call knows besides. Other errors stay as they are.
 */
export function explainMissing(
  error: WireError,
  { sources, hint }: MissingFacts,
  freeNames: FreeNames | undefined,
): WireError {
  if (error.ename !== 'ReferenceError') return error;
  if (hint) return withMore(error, hint());
  if (!freeNames) return error;
  const name = /^(\S+) is not defined$|^Can't find variable: (\S+)$/
    .exec(error.evalue)
    ?.slice(1)
    .find(Boolean);
  if (name === undefined || !sources.some((source) => namesIn(source, freeNames).includes(name)))
    return error;
  return withMore(error, cures(name));
}

function withMore(error: WireError, sentence: string): WireError {
  const evalue = `${error.evalue}. ${sentence}`;
  const traceback = error.traceback.map((line, i) =>
    i === 0 ? line.replace(error.evalue, () => evalue) : line,
  );
  return { ...error, evalue, traceback };
}

function cures(name: string): string {
  return (
    `Functions travel as text, without the variables around them: push it (view.push({ ${name} })), ` +
    `pass it as an argument, or capture it (capture({ ${name} }, f)).`
  );
}

/** None for a text that cannot be read. */
function namesIn(source: string, freeNames: FreeNames): readonly string[] {
  try {
    return freeNames(source);
  } catch {
    return [];
  }
}
