import type { ClientId, MsgId } from '../../protocol/ids.ts';
import { viewOf, type Calls } from './calls.ts';
import { ItemRange, type Task, type Work } from './state.ts';

/**
 * What has not ended: tasks, and items of calls. Whoever gets an item gets it as a task: it has left its call, and
 * whatever happens to it happens to it alone.
 */
export class Pending {
  readonly #calls: Calls;
  readonly #tasks = new Map<MsgId, Task>();

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  add(task: Task): void {
    this.#tasks.set(task.msgId, task);
  }

  delete(msgId: MsgId): void {
    this.#tasks.delete(msgId);
  }

  /** An item of a call leaves it. */
  get(msgId: MsgId): Task | undefined {
    const task = this.#tasks.get(msgId);
    if (task !== undefined) return task;
    const found = this.#calls.rangeOf(msgId);
    if (found === null) return undefined;
    const left = this.#calls.leave(found.range, found.item);
    this.#tasks.set(msgId, left);
    return left;
  }

  has(msgId: MsgId): boolean {
    return this.#tasks.has(msgId) || this.#calls.rangeOf(msgId) !== null;
  }

  get size(): number {
    return this.#tasks.size + this.#calls.pending;
  }

  /** Those that are, or have become, tasks of their own. */
  get tasks(): ReadonlyMap<MsgId, Task> {
    return this.#tasks;
  }

  /** As it is now, to be looked at: an item stays in its call. */
  look(msgId: MsgId): Task | undefined {
    const task = this.#tasks.get(msgId);
    if (task !== undefined) return task;
    const found = this.#calls.rangeOf(msgId);
    return found === null ? undefined : viewOf(found.range, found.item);
  }

  /** All, to be looked at. */
  *all(): Generator<Task, void> {
    yield* this.#tasks.values();
    for (const range of this.#calls.ranges())
      for (let item = range.from; item < range.to; item++) yield viewOf(range, item);
  }

  /** All of a client: items of calls leave them. */
  of(clientId: ClientId): Task[] {
    for (const range of [...this.#calls.ranges()])
      if (range.call.submission.clientId === clientId) this.leaveAll(range);
    return [...this.#tasks.values()].filter((task) => task.clientId === clientId);
  }

  /** Items of calls leave them. */
  tasksOf(works: readonly Work[]): Task[] {
    return works.flatMap((work) => (work instanceof ItemRange ? this.leaveAll(work) : [work]));
  }

  /** The items of a range, which is none any more. */
  leaveAll({ call, from, to }: ItemRange): Task[] {
    const tasks: Task[] = [];
    for (let item = from; item < to; item++) {
      const task = this.get(call.idOf(item));
      if (task !== undefined) tasks.push(task);
    }
    return tasks;
  }
}
