import { isCanned, UNSENDABLE, type Canned } from '../protocol/canned.ts';
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
  evaluate?: (expression: string) => unknown,
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
  return withMore(error, whyUnsendable(name, evaluate) ?? adviceFor(name));
}

function withMore(error: WireError, sentence: string): WireError {
  const evalue = `${error.evalue}. ${sentence}`;
  const traceback = error.traceback.map((line, i) =>
    i === 0 ? line.replace(error.evalue, () => evalue) : line,
  );
  return { ...error, evalue, traceback };
}

interface Unsendable {
  readonly toString: () => string;
  readonly [UNSENDABLE]: string;
}

/** Of a variable here that cannot be sent: so it can be neither pushed, passed nor captured. */
function whyUnsendable(name: string, evaluate: ((expression: string) => unknown) | undefined): string | null {
  try {
    const value = evaluate?.(name);
    if (isModule(value)) return importThere(name, LIBRARIES[name] ?? '…');
    if (typeof value !== 'object' || value === null || !(UNSENDABLE in value)) return null;
    const { toString, [UNSENDABLE]: why } = value as Unsendable;
    return `'${name}' is ${toString.call(value)} in the notebook, and cannot be sent. ${why}`;
  } catch {
    return null;
  }
}

/** What lives where the cell runs, or nowhere here, and cannot be sent: what it is, and what to do instead. */
function adviceFor(name: string): string {
  if (OF_THE_PAGE.has(name))
    return `'${name}' belongs to a page: tasks run in workers, which have no document. Send what you need of it as an argument.`;
  if (name === 'localStorage' || name === 'sessionStorage')
    return `'${name}' belongs to a page and is not in workers. Keep data in a variable, or in files.`;
  if (OF_THE_CLIENT.has(name))
    return (
      `'${name}' makes or controls tasks and stays in the notebook's kernel: engines do not have it. ` +
      'Call it in the cell, and give the task what it needs as an argument.'
    );
  const library = LIBRARIES[name];
  if (library !== undefined) return importThere(name, library);
  if (OF_NODE.has(name)) return `'${name}' belongs to Node.js, and engines of this page run in the browser.`;
  return cures(name);
}

function isModule(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, Symbol.toStringTag) === 'Module';
}

/** A library is no value that can be sent: each engine loads it. */
function importThere(name: string, module: string): string {
  const spec = module === name ? name : `${module} as ${name}`;
  return (
    `'${name}' is a module, which engines load for themselves: in the task, ` +
    `const ${name} = await import('${module}'); or once on all of them, view.syncImports(['${spec}']).`
  );
}

/** Names that cells have without importing them. */
const LIBRARIES: Readonly<Record<string, string | undefined>> = { d3: 'd3', Plot: '@observablehq/plot' };

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

const OF_THE_PAGE = names(
  'document window parent top frames history alert confirm prompt Image Audio Option Element HTMLElement Node DOMParser ' +
    'getComputedStyle getSelection matchMedia screen innerWidth innerHeight scrollTo opener customElements XMLSerializer',
);
const OF_THE_CLIENT = names(
  'rc Client Cluster AsyncResult Dependency depend dependent capture partial client MultiEngineClient TaskClient Task',
);
const OF_NODE = names('process Buffer __dirname __filename module exports global setImmediate');
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
