import type { MsgId } from '../protocol/ids.ts';
import type { Job } from './job.ts';

/**
 * The requests of one client. Results live in their AsyncResults: here only what is pending is held, and what is
 * done is found again as long as somebody else holds it.
 */
export class JobBook {
  readonly #pending = new Map<MsgId, Job>();
  readonly #known = new Map<MsgId, WeakRef<Job>>();
  readonly #collected = new FinalizationRegistry<MsgId>((msgId) => {
    // Told late: meanwhile somebody may have asked for it again.
    if (this.#known.get(msgId)?.deref() === undefined) this.#known.delete(msgId);
  });

  get pending(): readonly Job[] {
    return [...this.#pending.values()];
  }

  get outstanding(): Set<MsgId> {
    return new Set(this.#pending.keys());
  }

  /** Those that are pending, and the finished ones whose results somebody holds; in no special order. */
  get known(): readonly Job[] {
    return [...this.#known.values()].flatMap((ref) => ref.deref() ?? []);
  }

  find(msgId: MsgId): Job | undefined {
    return this.#pending.get(msgId) ?? this.#known.get(msgId)?.deref();
  }

  /** It is pending from now on. */
  add(job: Job): void {
    const { msgId } = job.facts;
    this.#pending.set(msgId, job);
    this.#known.set(msgId, new WeakRef(job));
    this.#collected.register(job, msgId);
  }

  /** It is pending no more; undefined when it was not. */
  end(msgId: MsgId): Job | undefined {
    const job = this.#pending.get(msgId);
    this.#pending.delete(msgId);
    return job;
  }

  /** It is pending no more, but failed; nothing happens when it was not. `now`: milliseconds since 1970. */
  fail(msgId: MsgId, error: Error, now: number): void {
    this.end(msgId)?.fail(error, now);
  }

  /** All of them; none is pending any more. */
  endAll(): readonly Job[] {
    const jobs = this.pending;
    this.#pending.clear();
    return jobs;
  }

  /** Finished ones are not found any more. */
  forget(msgIds: Iterable<MsgId>): void {
    for (const msgId of msgIds) this.#known.delete(msgId);
  }
}
