import type { EngineInfo, WireError } from '../protocol/errors.ts';
import { engineTag, IndexError, RemoteError, ClusterError } from './errors.ts';
import { print } from './print.ts';
import { spell } from './spelling.ts';

/** One failure inside a CompositeError. */
export interface ErrorEntry {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
  /** Null when no engine had the task. */
  readonly engineInfo: EngineInfo | null;
}

/** Failures that are alike but for their engine. */
export interface ErrorGroup extends Omit<ErrorEntry, 'engineInfo'> {
  /** Who had them, in target order; null where no engine had the task. */
  readonly engines: readonly (EngineInfo | null)[];
  /** Their places in `elist`. */
  readonly indices: readonly number[];
}

/** What a call on several engines raises: the errors of all that failed, in target order. */
export class CompositeError extends ClusterError {
  override readonly name: string = 'CompositeError';
  /** How many errors are shown in full; for all CompositeErrors. */
  static tbLimit = 5;
  /** The errors themselves, nested CompositeErrors flattened. */
  readonly errors: readonly ClusterError[];
  /** The errors as data. */
  readonly elist: readonly ErrorEntry[];

  readonly #msg: string;

  /** `msg`: what the message begins with; the first error, and how many there are, stand behind it. */
  constructor(msg: string, errors: readonly ClusterError[]) {
    const flat = errors.flatMap((error) => (error instanceof CompositeError ? error.errors : [error]));
    super(msg + firstOf(flat));
    this.#msg = msg;
    this.errors = flat;
    this.elist = this.errors.map(({ ename, evalue, traceback, engineInfo }) => {
      return { ename, evalue, traceback, engineInfo };
    });
    this.stack = this.toString();
  }

  get msg(): string {
    return this.#msg;
  }

  get wireErrors(): readonly WireError[] {
    return this.errors.map((error) => error.toWire());
  }

  /** The failures, equal ones told once; in the order of their first. */
  get grouped(): readonly ErrorGroup[] {
    const groups = new Map<string, { engines: (EngineInfo | null)[]; indices: number[] } & ErrorGroup>();
    this.elist.forEach(({ ename, evalue, traceback, engineInfo }, index) => {
      const key = JSON.stringify([ename, evalue, traceback]);
      const group = groups.get(key) ?? { ename, evalue, traceback, engines: [], indices: [] };
      group.engines.push(engineInfo);
      group.indices.push(index);
      groups.set(key, group);
    });
    return [...groups.values()];
  }

  override get traceback(): readonly string[] {
    return this.renderTraceback();
  }

  /**
   * Lines of text: `[1:execute]:` and the traceback of each, at most `tbLimit` of them; with `index`, of that
   * one alone.
   * @throws IndexError when there is no such error.
   */
  renderTraceback(index?: number): string[] {
    if (index !== undefined) return renderEntry(this.#entry(index));
    const shown = this.elist.slice(0, CompositeError.tbLimit);
    const hidden = this.elist.length - shown.length;
    const lines = shown.flatMap((entry) => [...renderEntry(entry), '']);
    return hidden > 0 ? [...lines, `... ${String(hidden)} more exceptions ...`] : lines;
  }

  printTraceback(index?: number): void {
    print(this.renderTraceback(index).join('\n'));
  }

  /**
   * Throws one of the errors as a RemoteError.
   * @throws IndexError when there is no such error.
   */
  raiseException(index = 0): never {
    const { ename, evalue, traceback, engineInfo } = this.#entry(index);
    const error = this.errors[index];
    throw RemoteError.fromWire(error?.toWire() ?? { ename, evalue, traceback, engineInfo, frames: [] });
  }

  /** The message, then one line for each of the first `tbLimit` errors. */
  override toString(): string {
    const shown = this.elist.slice(0, CompositeError.tbLimit);
    const hidden = this.elist.length - shown.length;
    const lines = shown.map((entry) => `${engineTag(entry.engineInfo)}${entry.ename}: ${entry.evalue}`);
    if (hidden > 0) lines.push(`.... ${String(hidden)} more exceptions ...`);
    return [this.#msg, ...lines].join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `CompositeError(${String(this.elist.length)})`;
  }

  #entry(index: number): ErrorEntry {
    const entry = this.elist[index];
    if (!entry) throw new IndexError(`an exception with index ${String(index)} does not exist`);
    return entry;
  }
}

/** The error of a call on several engines, named after the function: "one or more exceptions raised in: f". */
export function collectErrors(errors: readonly ClusterError[], name: string): CompositeError {
  return new CompositeError(`one or more exceptions raised in: ${name}`, errors);
}

/** ` (4 errors, the first: [0:apply] TypeError: x)` */
function firstOf([first, ...rest]: readonly ClusterError[]): string {
  if (!first) return '';
  const named = `${engineTag(first.engineInfo)}${first.ename}: ${first.evalue}`;
  return rest.length === 0 ? ` (${named})` : ` (${String(rest.length + 1)} errors, the first: ${named})`;
}

function renderEntry(entry: ErrorEntry): string[] {
  const tag = engineTag(entry.engineInfo).trimEnd();
  return [
    ...(tag ? [`${tag}:`] : []),
    ...(entry.traceback.length ? entry.traceback : ['No traceback available']),
  ];
}

spell(CompositeError);
