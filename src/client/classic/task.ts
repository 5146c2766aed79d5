import { nameOf } from '../../protocol/brand-of.ts';
import { UNSENDABLE } from '../../protocol/canned.ts';
import { readOptions } from '../options.ts';
import { spell } from '../spelling.ts';

/** Whether a task may run on an engine with these properties. It travels there; throwing means no. */
export type Depend = (properties: Record<string, unknown>) => unknown;

export interface TaskOptions {
  /** Variables to set before. */
  readonly push?: Readonly<Record<string, unknown>>;
  /** Names, or expressions, whose values are the task's results. */
  readonly pull?: string | readonly string[];
  /** Empty the engine's namespace before; default false. */
  readonly clearBefore?: boolean;
  /** Empty the engine's namespace after; default false. */
  readonly clearAfter?: boolean;
  /** How often to try again when it fails; default 0. */
  readonly retries?: number;
  /** What to run when all tries have failed; may have one of its own. */
  readonly recoveryTask?: AnyTask | null;
  readonly depend?: Depend | null;
}

const OPTIONS = ['push', 'pull', 'clearBefore', 'clearAfter', 'retries', 'recoveryTask', 'depend'] as const;

/** What all tasks have: attributes that may be set until the task is run. */
export abstract class AnyTask {
  readonly [UNSENDABLE] = 'Hand it to a TaskClient: tc.run(task).';
  push: Readonly<Record<string, unknown>>;
  pull: string | readonly string[];
  clearBefore: boolean;
  clearAfter: boolean;
  retries: number;
  recoveryTask: AnyTask | null;
  depend: Depend | null;

  /** @throws TypeError for an option that does not exist. */
  constructor(options: TaskOptions | undefined, kind: string) {
    const given = readOptions(options, OPTIONS, kind);
    this.push = given.push ?? {};
    this.pull = given.pull ?? [];
    this.clearBefore = given.clearBefore ?? false;
    this.clearAfter = given.clearAfter ?? false;
    this.retries = given.retries ?? 0;
    this.recoveryTask = given.recoveryTask ?? null;
    this.depend = given.depend ?? null;
  }

  abstract toString(): string;

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }
}

/** A piece of code to run on whichever engine is free: `new Task('a = 5', { pull: 'a' })`. */
export class Task extends AnyTask {
  expression: string;

  /** @throws TypeError unless it gets a text. */
  constructor(expression: string, options?: TaskOptions) {
    if (typeof (expression as unknown) !== 'string') {
      throw new TypeError(`a Task runs code, a text, not ${typeof expression}`);
    }
    super(options, 'Task');
    this.expression = expression;
  }

  override toString(): string {
    return `<Task: ${firstLine(this.expression)}>`;
  }
}

/** The other name of `Task`. */
export class StringTask extends Task {}

/** A call of a function; its value is the result called `result`. */
export class MapTask extends AnyTask {
  function: unknown;
  args: readonly unknown[];

  constructor(f: unknown, args: readonly unknown[] = [], options?: TaskOptions) {
    super(options, 'MapTask');
    this.function = f;
    this.args = args;
  }

  override toString(): string {
    const name = typeof this.function === 'function' ? nameOf(this.function) : '';
    return `<MapTask: ${name || '<anonymous>'}>`;
  }
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length <= 40 ? line : `${line.slice(0, 37)}...`;
}

spell(AnyTask, ['clearBefore', 'clearAfter', 'recoveryTask']);
