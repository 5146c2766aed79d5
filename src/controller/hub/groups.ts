import type { Ended, Membership } from '../../protocol/comm.ts';
import type { EngineId } from '../../protocol/ids.ts';
import type { Context } from './context.ts';
import type { Engine, Task } from './state.ts';

/** The requests of one call on several engines. */
interface Circle {
  /** Those that have come in and not ended. */
  readonly tasks: Set<Task>;
  readonly ended: Ended[];
}

/**
 * Who works together. An engine is told the others with its request, and from then on who of them has ended, so
 * that nobody waits for a message which nobody will send.
 */
export class Groups {
  readonly #context: Context;
  readonly #engines: ReadonlyMap<EngineId, Engine>;
  readonly #circles = new Map<string, Circle>();

  constructor(context: Context, engines: ReadonlyMap<EngineId, Engine>) {
    this.#context = context;
    this.#engines = engines;
  }

  /** Taken in. */
  join(task: Task): void {
    if (task.seat === null) return;
    const { id } = task.seat.group;
    const circle = this.#circles.get(id) ?? { tasks: new Set(), ended: [] };
    circle.tasks.add(task);
    this.#circles.set(id, circle);
  }

  /** What the engine is told that gets this task; null for a task that is nobody's partner. */
  membershipOf({ seat }: Task): Membership | null {
    const circle = seat === null ? undefined : this.#circles.get(seat.group.id);
    if (seat === null || circle === undefined) return null;
    const uuids = seat.group.engines.map((id) => this.#engines.get(id)?.uuid ?? null);
    return { ...seat, uuids, ended: [...circle.ended], shared: null };
  }

  /** Whoever has been sent its own part already hears of it. */
  ended(task: Task, failed: boolean): void {
    const { seat } = task;
    const circle = seat === null ? undefined : this.#circles.get(seat.group.id);
    if (seat === null || circle === undefined) return;
    circle.tasks.delete(task);
    const ended = { rank: seat.rank, failed };
    circle.ended.push(ended);
    if (circle.tasks.size === 0) this.#circles.delete(seat.group.id);
    const others = [...circle.tasks].filter(({ state }) => state === 'sent' || state === 'running');
    const uuids = others.flatMap(({ engine }) => engine?.uuid ?? []);
    const uuid = task.engine?.uuid ?? null;
    this.#context.emit({ type: 'member-ended', group: seat.group.id, ended, uuid, others: uuids });
  }

  /** Of calls that have not ended. */
  get size(): number {
    return this.#circles.size;
  }
}
