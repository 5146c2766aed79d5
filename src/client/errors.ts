import type { Carried, CarriedPart, EngineInfo, Frame, WireError } from '../protocol/errors.ts';
import { TuttiError } from '../protocol/tutti-error.ts';
import { print } from './print.ts';
import { spell } from './spelling.ts';

export { TuttiError } from '../protocol/tutti-error.ts';

export interface ErrorDetails {
  readonly cause?: unknown;
  readonly engineInfo?: EngineInfo | null;
}

/** What client and cluster raise: an error that may know its engine, and that can cross walls as data. */
export class ClusterError extends TuttiError {
  override readonly name: string = 'ClusterError';
  /** Where it happened; null when no engine had a part in it. */
  readonly engineInfo: EngineInfo | null;

  constructor(message = '', details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.engineInfo = details.engineInfo ?? null;
  }

  /** The error's own name: for a RemoteError, what the engine's error was called. */
  get ename(): string {
    return this.name;
  }

  get evalue(): string {
    return this.message;
  }

  /** Lines of text, ready to print; user's frames only. */
  get traceback(): readonly string[] {
    return [`${this.ename}: ${this.evalue}`];
  }

  get frames(): readonly Frame[] {
    return [];
  }

  /** As data, for outputs. */
  toWire(): WireError {
    const { ename, evalue, traceback, frames, engineInfo } = this;
    return { ename, evalue, traceback, frames, engineInfo };
  }

  override toString(): string {
    return `${engineTag(this.engineInfo)}${this.ename}: ${this.evalue}`;
  }
}

/** `[3:apply] `, or nothing for errors of no engine. */
export function engineTag(info: EngineInfo | null): string {
  return info ? `[${String(info.engineId)}:${info.method}] ` : '';
}

/**
 * An error that the user's code raised on an engine, of whatever class: `ename` is its name. Properties of its own
 * (`status`, `code` …) are this one's, as plain data; `cause` and, of an AggregateError, `errors` are RemoteErrors
 * where they were errors. What was thrown and is no error is in `thrown`, and its properties are this error's, too.
 */
export class RemoteError extends ClusterError {
  override readonly name: string = 'RemoteError';
  /** What was thrown, if it was no error: `throw { status: 404 }`. */
  declare readonly thrown?: unknown;
  /** The list of an AggregateError; missing on others. */
  declare readonly errors?: readonly unknown[];
  readonly #wire: WireError;

  constructor(
    ename: string,
    evalue: string,
    traceback: readonly string[] | string = [],
    engineInfo: EngineInfo | null = null,
    frames: readonly Frame[] = [],
  ) {
    super(evalue, { engineInfo });
    const lines = typeof traceback === 'string' ? traceback.split('\n') : traceback;
    this.#wire = { ename, evalue, traceback: lines, frames, engineInfo };
    // The local stack shows our own machinery; what the reader wants is the engine's.
    this.stack = this.renderTraceback().join('\n');
  }

  static fromWire(wire: WireError): RemoteError {
    const error = new RemoteError(wire.ename, wire.evalue, wire.traceback, wire.engineInfo, wire.frames);
    // These have no arguments of their own in IPython's constructor.
    Object.assign(error.#wire, {
      ...(wire.position && { position: wire.position }),
      ...(wire.carried && { carried: wire.carried }),
    });
    if (wire.carried) error.#carry(wire.carried);
    return error;
  }

  #carry({ fields, thrown, cause, errors }: Carried): void {
    const own = (key: string, value: unknown, enumerable: boolean) => {
      Object.defineProperty(this, key, { value, enumerable, configurable: true, writable: true });
    };
    if (thrown) own('thrown', thrown.value, false);
    const given = fields ?? (isFields(thrown?.value) ? thrown.value : {});
    // What errors of ours have themselves stays theirs.
    for (const [key, value] of Object.entries(given)) if (!(key in this)) own(key, value, true);
    if (cause) own('cause', revived(cause), false);
    if (errors) own('errors', errors.map(revived), false);
  }

  override get ename(): string {
    return this.#wire.ename;
  }

  override get evalue(): string {
    return this.#wire.evalue;
  }

  override get traceback(): readonly string[] {
    return this.#wire.traceback;
  }

  override get frames(): readonly Frame[] {
    return this.#wire.frames;
  }

  override toWire(): WireError {
    return this.#wire;
  }

  /** Lines: `[3:apply] TypeError: msg`, then one for each of the user's frames. */
  renderTraceback(): string[] {
    return [this.toString(), ...this.traceback.slice(1)];
  }

  printTraceback(): void {
    print(this.renderTraceback().join('\n'));
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const where = this.engineInfo ? `[${String(this.engineInfo.engineId)}]` : '';
    return `<RemoteError${where}:${this.ename}(${this.evalue})>`;
  }
}

function revived(part: CarriedPart): unknown {
  return 'error' in part ? RemoteError.fromWire(part.error) : part.value;
}

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Not found under that name. */
export class KeyError extends ClusterError {
  override readonly name: string = 'KeyError';
}

/** Not found at that place: an unknown engine, an index out of range. */
export class IndexError extends ClusterError {
  override readonly name: string = 'IndexError';
}

/** Of the right type, but not a value that makes sense here. */
export class ValueError extends ClusterError {
  override readonly name: string = 'ValueError';
}

/** A file, or an address, that cannot be read. */
export class FileNotFoundError extends ClusterError {
  override readonly name: string = 'FileNotFoundError';
}

/** Not possible in the present state. */
export class RuntimeError extends ClusterError {
  override readonly name: string = 'RuntimeError';
}

/** The time given was over first. */
export class TimeoutError extends ClusterError {
  override readonly name: string = 'TimeoutError';
}

/** A call that blocks, where nothing can block: no shared memory, or a main thread. */
export class BlockingUnavailableError extends ClusterError {
  override readonly name: string = 'BlockingUnavailableError';
}

/** The reader pressed Interrupt. */
export class KeyboardInterrupt extends ClusterError {
  override readonly name: string = 'KeyboardInterrupt';
}

/** The engine died, or left, while it had the task. */
export class EngineError extends ClusterError {
  override readonly name: string = 'EngineError';
}

/** A real cluster could not be joined: the reader did not agree, or its gateway is not reached or does not let us in.
 * The message says which, and what to do. */
export class JoinError extends ClusterError {
  override readonly name: string = 'JoinError';
}

/** There is no engine to send to. */
export class NoEnginesRegistered extends ClusterError {
  override readonly name: string = 'NoEnginesRegistered';
}

/** The task was aborted before it started. */
export class TaskAborted extends ClusterError {
  override readonly name: string = 'TaskAborted';
}

/** The task waited in the queue for longer than its `timeout`. */
export class TaskTimeout extends TimeoutError {
  override readonly name: string = 'TaskTimeout';
}

const ordinaryHasInstance = Function.prototype[Symbol.hasInstance];

/** A dependency does not hold here. */
export class UnmetDependency extends ClusterError {
  override readonly name: string = 'UnmetDependency';

  // IPython has DependencyTimeout under ImpossibleDependency; here it is a TaskTimeout as well.
  static override [Symbol.hasInstance](this: unknown, value: unknown): boolean {
    const isAbove = this === UnmetDependency || this === ImpossibleDependency;
    return ordinaryHasInstance.call(this, value) || (isAbove && value instanceof DependencyTimeout);
  }
}

/** A dependency that can never hold any more. */
export class ImpossibleDependency extends UnmetDependency {
  override readonly name: string = 'ImpossibleDependency';
}

/** A task that depends on itself, or on what is no task. */
export class InvalidDependency extends ImpossibleDependency {
  override readonly name: string = 'InvalidDependency';
}

/** A dependency that did not hold in time. `instanceof` TaskTimeout and ImpossibleDependency. */
export class DependencyTimeout extends TaskTimeout {
  override readonly name: string = 'DependencyTimeout';
}

/** Ends a cell whose errors the reader has seen already, as they came. */
export class AlreadyDisplayedError extends ClusterError {
  override readonly name: string = 'AlreadyDisplayedError';
  /** What was displayed. */
  readonly original: ClusterError;

  constructor(count: number, original: ClusterError) {
    super(count === 1 ? '1 error' : `${String(count)} errors`, { cause: original });
    this.original = original;
  }
}

spell(ClusterError, ['engineInfo']);
spell(RemoteError);
