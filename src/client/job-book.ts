import { MsgId } from '../protocol/ids.ts';
import { CallBook } from './call-book.ts';
import type { CallJobs } from './call-jobs.ts';
import type { Job } from './job.ts';

/**
 * The requests of one client. Results live in their AsyncResults: here only what is pending is held, and what is
 * done is found again as long as somebody else holds it. The tasks of a call of many have one entry together; a job that
 * is made for one of them is known by itself, too.
 */
export class JobBook {
  readonly #pending = new Map<MsgId, Job>();
  readonly #known = new Map<MsgId, WeakRef<Job>>();
  readonly #calls = new CallBook();
  readonly #collected = new FinalizationRegistry<MsgId>((msgId) => {
    // Told late: meanwhile somebody may have asked for it again.
    if (this.#known.get(msgId)?.deref() === undefined) this.#known.delete(msgId);
  });

  get pending(): readonly Job[] {
    const ofCalls = this.#calls.pending.flatMap((call) =>
      call.pendingIds.flatMap((id) => this.find(id) ?? []),
    );
    return [...this.#pending.values(), ...ofCalls];
  }

  get outstanding(): Set<MsgId> {
    const ids = new Set(this.#pending.keys());
    for (const call of this.#calls.pending) for (const id of call.pendingIds) ids.add(id);
    return ids;
  }

  /** Those that are pending, and the finished ones whose results somebody holds; in no special order. */
  get known(): readonly Job[] {
    for (const call of this.#calls.known) void call.jobs;
    return [...this.#known.values()].flatMap((ref) => ref.deref() ?? []);
  }

  /** Their ids. */
  get knownIds(): Set<MsgId> {
    const ids = new Set<MsgId>();
    for (const [msgId, ref] of this.#known) if (ref.deref()) ids.add(msgId);
    for (const call of this.#calls.known) {
      for (let i = 0; i < call.count; i++) if (!call.isForgotten(i)) ids.add(call.msgIdAt(i));
    }
    return ids;
  }

  find(msgId: MsgId): Job | undefined {
    const job = this.#pending.get(msgId) ?? this.#known.get(msgId)?.deref();
    if (job) return job;
    const call = this.callOf(msgId);
    return call?.jobAt(MsgId.number(msgId) - call.first);
  }

  /** Whether `find` would find it. */
  has(msgId: MsgId): boolean {
    if (this.#pending.has(msgId) || this.#known.get(msgId)?.deref()) return true;
    return this.callOf(msgId) !== undefined;
  }

  /** Whether it is known, and has not ended. */
  isPending(msgId: MsgId): boolean {
    if (this.#pending.has(msgId)) return true;
    const call = this.callOf(msgId);
    return call?.isPendingAt(MsgId.number(msgId) - call.first) === true;
  }

  /** The call of which the task of that id is one. */
  callOf(msgId: MsgId): CallJobs | undefined {
    return this.#calls.of(msgId);
  }

  /** The call of which the task of that number, of this client, is one. */
  callAt(n: number): CallJobs | undefined {
    return this.#calls.at(n);
  }

  /** It is pending from now on. */
  add(job: Job): void {
    this.#pending.set(job.facts.msgId, job);
    this.note(job);
  }

  /** Its tasks are pending from now on. */
  addCall(call: CallJobs): void {
    this.#calls.add(call);
  }

  /** It is found as long as somebody holds it. */
  note(job: Job): void {
    const { msgId } = job.facts;
    this.#known.set(msgId, new WeakRef(job));
    this.#collected.register(job, msgId);
  }

  /** It is going to be settled; undefined when it was not pending. */
  end(msgId: MsgId): Job | undefined {
    const job = this.#pending.get(msgId);
    if (job === undefined) return this.isPending(msgId) ? this.find(msgId) : undefined;
    this.#pending.delete(msgId);
    return job;
  }

  /** It is pending no more, but failed; nothing happens when it was not. `now`: milliseconds since 1970. */
  fail(msgId: MsgId, error: Error, now: number): void {
    this.end(msgId)?.fail(error, now);
  }

  /** All of them are going to be settled. */
  endAll(): readonly Job[] {
    const jobs = this.pending;
    this.#pending.clear();
    return jobs;
  }

  /** Finished ones are not found any more. */
  forget(msgIds: Iterable<MsgId>): void {
    for (const msgId of msgIds) {
      const call = this.callOf(msgId);
      call?.forget(MsgId.number(msgId) - call.first);
      this.#known.delete(msgId);
    }
  }
}
