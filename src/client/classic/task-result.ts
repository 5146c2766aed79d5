import { UNSENDABLE } from '../../protocol/canned.ts';
import { spell } from '../spelling.ts';
import type { TaskResults } from './task-request.ts';

export interface TaskFacts {
  readonly taskid: number;
  readonly engineid: number | null;
  readonly submitted: Date;
  /** By the engine's clock; null where the task never ran. */
  readonly started: Date | null;
  readonly completed: Date | null;
}

/** How a task ended: its results by name, or its failure, and where and when it ran. */
export class TaskResult {
  readonly [UNSENDABLE] = 'Send its results: tr.results.';
  readonly taskid: number;
  /** The engine that ran it; null when none did. */
  readonly engineid: number | null;
  readonly submitted: Date;
  readonly completed: Date | null;
  /** Seconds that it ran. */
  readonly duration: number | null;
  /** Empty when it failed. */
  readonly results: TaskResults;
  /** The results as attributes: `tr.ns.a`. */
  readonly ns: TaskResults;
  /** The error that ended it; null when all went well. */
  readonly failure: Error | null;

  constructor(facts: TaskFacts, results: TaskResults, failure: Error | null) {
    const { taskid, engineid, submitted, started, completed } = facts;
    this.taskid = taskid;
    this.engineid = engineid;
    this.submitted = submitted;
    this.completed = completed;
    this.duration = started && completed ? (completed.getTime() - started.getTime()) / 1000 : null;
    this.results = results;
    this.ns = results;
    this.failure = failure;
  }

  /** Names of the results. */
  get keys(): string[] {
    return Object.keys(this.results);
  }

  /** Throws the failure, if there is one. */
  raiseException(): void {
    if (this.failure) throw this.failure;
  }

  /** `TaskResult[ID:73]:{'a':73}` */
  toString(): string {
    const entries = Object.entries(this.results).map(([name, value]) => `'${name}':${textOf(value)}`);
    return `TaskResult[ID:${String(this.taskid)}]:${this.failure?.toString() ?? `{${entries.join(', ')}}`}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? `'${value}'` : String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

spell(TaskResult);
