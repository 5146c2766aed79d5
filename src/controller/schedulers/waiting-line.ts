import { LinkedList } from '../hub/linked-list.ts';
import { ItemRange, type Work } from '../hub/state.ts';

/** Tasks that may run on the same engines and stand in order already: any one stands for the rest. */
type Group = LinkedList<Work>;

/**
 * Load-balanced tasks that no engine has room for: higher priorities first, then by turn (see `Turns`), then in
 * order of arrival. They are kept in groups of equal claims, so that an engine which becomes free finds its next
 * task by looking at one task per group, however many wait for engines that are busy.
 */
export class WaitingLine {
  /** By claims. A group may be empty for a while. */
  readonly #groups = new Map<string, Group>();
  readonly #join: (range: ItemRange, next: ItemRange) => void;

  /** `join`: two ranges of one call that follow each other become one. */
  constructor(join: (range: ItemRange, next: ItemRange) => void) {
    this.#join = join;
  }

  /** Takes its place: new tasks go to the end, those that come back from an engine to the head. */
  add(work: Work): void {
    const group = this.#groupOf(work);
    let place = group.last;
    if (place !== null && compare(place, work) > 0) place = lastBefore(work, group);
    group.insertAfter(place, work);
    if (!(work instanceof ItemRange)) return;
    if (work.next instanceof ItemRange) this.#joinIfOne(work, work.next);
    if (work.prev instanceof ItemRange) this.#joinIfOne(work.prev, work);
  }

  #joinIfOne(range: ItemRange, next: ItemRange): void {
    if (range.call !== next.call || range.to !== next.from) return;
    this.#join(range, next);
  }

  /** The first of those that `mayRun`, which is the same for all of one group. */
  head(mayRun: (work: Work) => boolean): Work | null {
    let head: Work | null = null;
    for (const [key, { first }] of this.#groups) {
      if (first === null) this.#groups.delete(key);
      else if ((head === null || compare(first, head) <= 0) && mayRun(first)) head = first;
    }
    return head;
  }

  /** All tasks of the groups for which this is true of the first. */
  ofGroups(isMeant: (first: Work) => boolean): Work[] {
    return [...this.#groups.values()].flatMap((group) =>
      group.first !== null && isMeant(group.first) ? [...group] : [],
    );
  }

  /** Tasks, and items. */
  get size(): number {
    let size = 0;
    for (const { count } of this.#groups.values()) size += count;
    return size;
  }

  *[Symbol.iterator](): Generator<Work, void> {
    for (const group of this.#groups.values()) yield* group;
  }

  #groupOf(work: Work): Group {
    const key = claimsOf(work);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new LinkedList();
      this.#groups.set(key, group);
    }
    return group;
  }
}

/** All that decides where a task may run, and what keeps a group in order. */
function claimsOf({ targets, unmet, failedOn, terms, share }: Work): string {
  const where = targets === null ? 'any' : targets.join(',');
  const head = `${where}|${String(terms.priority)}|${String(share?.id ?? '')}`;
  if (unmet === null && failedOn === null) return head;
  const patience = terms.timeout > 0 ? 'waits' : '';
  return `${head}|${[...(unmet ?? [])].join()}|${[...(failedOn ?? [])].join()}|${patience}`;
}

function compare(a: Work, b: Work): number {
  return b.terms.priority - a.terms.priority || a.turn - b.turn || a.seq - b.seq;
}

function lastBefore(work: Work, group: Group): Work | null {
  let place: Work | null = null;
  for (let item = group.first; item !== null && compare(item, work) < 0; item = item.next) place = item;
  return place;
}
