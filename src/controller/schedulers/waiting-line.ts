import { LinkedList } from '../hub/linked-list.ts';
import type { Task } from '../hub/state.ts';

/** Tasks that may run on the same engines and stand in order already: any one stands for the rest. */
type Group = LinkedList<Task>;

/**
 * Load-balanced tasks that no engine has room for: higher priorities first, then by turn (see `Turns`), then in
 * order of arrival. They are kept in groups of equal claims, so that an engine which becomes free finds its next
 * task by looking at one task per group, however many wait for engines that are busy.
 */
export class WaitingLine {
  /** By claims. A group may be empty for a while. */
  readonly #groups = new Map<string, Group>();

  /** Takes its place: new tasks go to the end, those that come back from an engine to the head. */
  add(task: Task): void {
    const group = this.#groupOf(task);
    let place = group.last;
    if (place !== null && compare(place, task) > 0) place = lastBefore(task, group);
    group.insertAfter(place, task);
  }

  /** The first of those that `mayRun`, which is the same for all of one group. */
  head(mayRun: (task: Task) => boolean): Task | null {
    let head: Task | null = null;
    for (const { first } of this.#nonEmpty()) {
      if (first === null || (head !== null && compare(first, head) > 0)) continue;
      if (mayRun(first)) head = first;
    }
    return head;
  }

  /** All tasks of the groups for which this is true of the first. */
  ofGroups(isMeant: (first: Task) => boolean): Task[] {
    return this.#nonEmpty().flatMap((group) => (group.first && isMeant(group.first) ? [...group] : []));
  }

  get size(): number {
    let size = 0;
    for (const group of this.#groups.values()) size += group.size;
    return size;
  }

  *[Symbol.iterator](): Generator<Task, void> {
    for (const group of this.#groups.values()) yield* group;
  }

  #groupOf(task: Task): Group {
    const key = claimsOf(task);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new LinkedList();
      this.#groups.set(key, group);
    }
    return group;
  }

  #nonEmpty(): Group[] {
    const groups: Group[] = [];
    for (const [key, group] of this.#groups) {
      if (group.size > 0) groups.push(group);
      else this.#groups.delete(key);
    }
    return groups;
  }
}

/** All that decides where a task may run, and what keeps a group in order. */
function claimsOf({ targets, unmet, failedOn, terms, share }: Task): string {
  const where = targets === null ? 'any' : targets.join(',');
  const head = `${where}|${String(terms.priority)}|${String(share?.id ?? '')}`;
  if (unmet === null && failedOn === null) return head;
  const patience = terms.timeout > 0 ? 'waits' : '';
  return `${head}|${[...(unmet ?? [])].join()}|${[...(failedOn ?? [])].join()}|${patience}`;
}

function compare(a: Task, b: Task): number {
  return b.terms.priority - a.terms.priority || a.turn - b.turn || a.seq - b.seq;
}

function lastBefore(task: Task, group: Group): Task | null {
  let place: Task | null = null;
  for (let item = group.first; item !== null && compare(item, task) < 0; item = item.next) place = item;
  return place;
}
