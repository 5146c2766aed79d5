import type { EngineId } from '../../protocol/ids.ts';
import { LinkedList } from '../hub/linked-list.ts';
import type { Task } from '../hub/state.ts';

/** Tasks that may run on the same engines, first come first served. */
interface Group {
  /** Null: any engine. */
  readonly targets: ReadonlySet<EngineId> | null;
  readonly tasks: LinkedList<Task>;
}

/**
 * Load-balanced tasks that no engine has room for, in order of arrival. They are kept in groups of equal
 * `targets`, so that an engine which becomes free finds its next task by looking at one task per group,
 * however many wait for engines that are busy.
 */
export class WaitingLine {
  /** By `targets`. A group may be empty for a while. Within a group, `seq` ascends. */
  readonly #groups = new Map<string, Group>();

  /** Takes its place by `seq`: new tasks go to the end, those that come back from an engine to the head. */
  add(task: Task): void {
    const { tasks } = this.#groupOf(task);
    let place = tasks.last;
    if (place !== null && place.seq > task.seq) place = lastBefore(task.seq, tasks);
    tasks.insertAfter(place, task);
  }

  /** The first that may run on the engine. */
  headFor(engine: EngineId): Task | null {
    let head: Task | null = null;
    for (const { targets, tasks } of this.#nonEmpty()) {
      if (head !== null && tasks.first !== null && tasks.first.seq > head.seq) continue;
      if (targets === null || targets.has(engine)) head = tasks.first;
    }
    return head;
  }

  /** One task of each group: the first. */
  heads(): Task[] {
    return this.#nonEmpty().flatMap(({ tasks }) => tasks.first ?? []);
  }

  /** Those that may run on none of the engines `exists` knows. */
  impossible(exists: (id: EngineId) => boolean): Task[] {
    return this.#nonEmpty().flatMap(({ targets, tasks }) =>
      targets === null || [...targets].some(exists) ? [] : [...tasks],
    );
  }

  get size(): number {
    let size = 0;
    for (const { tasks } of this.#groups.values()) size += tasks.size;
    return size;
  }

  *[Symbol.iterator](): Generator<Task, void> {
    for (const { tasks } of this.#groups.values()) yield* tasks;
  }

  #groupOf(task: Task): Group {
    const key = task.targets === null ? 'any' : task.targets.join(',');
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { targets: task.targets && new Set(task.targets), tasks: new LinkedList() };
      this.#groups.set(key, group);
    }
    return group;
  }

  #nonEmpty(): Group[] {
    const groups: Group[] = [];
    for (const [key, group] of this.#groups) {
      if (group.tasks.size > 0) groups.push(group);
      else this.#groups.delete(key);
    }
    return groups;
  }
}

function lastBefore(seq: number, tasks: LinkedList<Task>): Task | null {
  let place: Task | null = null;
  for (let item = tasks.first; item !== null && item.seq < seq; item = item.next) place = item;
  return place;
}
