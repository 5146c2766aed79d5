import type { CalledCollectives, Ended, Group } from '../../protocol/comm.ts';
import type { EngineUuid } from '../../protocol/ids.ts';
import { collectivesDiffer } from '../sentences.ts';
import type { Context } from './context.ts';
import type { Task } from './state.ts';

/** The requests of one call on several engines. */
interface Circle {
  /** How many have come in and not ended. */
  open: number;
  /** Those that have come in. */
  readonly tasks: Task[];
  readonly ended: Ended[];
  /** Of the first that has ended well: which collective operations it has called. */
  first: { readonly rank: number; readonly called: CalledCollectives } | null;
}

/** Of who has never spoken to others. */
const NONE_CALLED: CalledCollectives = { count: 0, digest: 0, last: 'no collective operation' };

/**
 * Who works together. An engine is told the others with its request, and from then on who of them has ended, so
 * that nobody waits for a message which nobody will send.
 */
export class Groups {
  readonly #context: Context;
  readonly #circles = new Map<string, Circle>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Taken in together. Who of a call is not among them never will be: nobody is to wait for it. */
  join(tasks: readonly Task[]): void {
    const fresh = new Map<Circle, Group>();
    for (const task of tasks) {
      if (task.seat === null) continue;
      const { group } = task.seat;
      let circle = this.#circles.get(group.id);
      if (circle === undefined) {
        circle = { open: 0, tasks: [], ended: [], first: null };
        this.#circles.set(group.id, circle);
        fresh.set(circle, group);
      }
      circle.tasks.push(task);
      circle.open++;
    }
    for (const [{ tasks: present, ended }, { engines }] of fresh) {
      if (present.length === engines.length) continue;
      const ranks = new Set(present.map(({ seat }) => seat?.rank));
      engines.forEach((_, rank) => {
        if (!ranks.has(rank)) ended.push({ rank, failed: false });
      });
    }
  }

  /** Those of its call who have ended: a list that goes on growing. Null for a task that is nobody's partner. */
  endedBeside({ seat }: Task): readonly Ended[] | null {
    return seat === null ? null : (this.#circles.get(seat.group.id)?.ended ?? null);
  }

  /**
   * One of them has ended well: a sentence if it has called other collective operations than the first that had. While
   * they run they notice that themselves, but for what arrives when its receiver has ended.
   */
  mismatch({ seat }: Task, called: CalledCollectives = NONE_CALLED): string | null {
    const circle = seat && this.#circles.get(seat.group.id);
    if (!circle) return null;
    circle.first ??= { rank: seat.rank, called };
    const { rank, called: theirs } = circle.first;
    if (theirs.count === called.count && theirs.digest === called.digest) return null;
    return collectivesDiffer(
      { call: called.last, rank: seat.rank, engine: seat.group.engines[seat.rank] },
      { call: theirs.last, rank, engine: seat.group.engines[rank] },
    );
  }

  /** Whoever has been sent its own part already hears of it. */
  ended(task: Task, failed: boolean): void {
    const { seat } = task;
    if (seat === null) return;
    const { id } = seat.group;
    const circle = this.#circles.get(id);
    if (circle === undefined) return;
    const ended = { rank: seat.rank, failed };
    circle.ended.push(ended);
    circle.open--;
    if (circle.open === 0) this.#circles.delete(id);
    const others: EngineUuid[] = [];
    for (const { state, engine } of circle.open > 0 ? circle.tasks : []) {
      if ((state === 'sent' || state === 'running') && engine !== null) others.push(engine.uuid);
    }
    this.#context.emit({ type: 'member-ended', group: id, ended, uuid: task.engine?.uuid ?? null, others });
  }

  /** Of calls that have not ended. */
  get size(): number {
    return this.#circles.size;
  }
}
