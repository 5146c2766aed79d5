import type { Timers } from '../base/clock.ts';
import type { EngineState, ToController } from '../protocol/client-messages.ts';
import type { ClientId, EngineUuid } from '../protocol/ids.ts';
import { lendableMemory, LentMemory } from '../protocol/lent-memory.ts';
import type { EngineRequest, Submission } from '../protocol/requests.ts';
import type { Job } from './job.ts';
import { RunningLoan } from './loan.ts';

/** Bytes of memory that are kept for the next time, and not given up when they have not been used for a while. */
const KEPT = 16 << 20;
/** Seconds of that while. */
const WHILE = 10;

/**
 * Lends engines memory for the results of requests that are waited for without `await`. Whether a request is, shows in
 * the moment in which somebody blocks: requests that have not left yet take the loan along. (Those that have left are
 * answered with buffers, which a blocked thread gets in pieces: one copy more.)
 *
 * One piece of memory serves one call after the other. It is given up when an engine that is gone may still be writing
 * in it, when a call that was left waits for it, and, if it is large, when nobody has used it for a while.
 */
export class Lender {
  readonly #clientId: ClientId;
  readonly #post: (message: ToController) => void;
  readonly #timers: Timers;
  /** Requests that may not have left: their messages are still here. */
  readonly #fresh = new Map<Job, Submission>();
  #current: RunningLoan | null = null;
  #count = 0;
  #known: ReadonlySet<EngineUuid> = new Set();
  #cancelGivingUp: (() => void) | null = null;

  constructor(clientId: ClientId, post: (message: ToController) => void, timers: Timers) {
    this.#clientId = clientId;
    this.#post = post;
    this.#timers = timers;
  }

  /** It is posted in this turn, and leaves at its end, or when somebody blocks. */
  submitted(job: Job, submission: Submission): void {
    if (!hasValue(submission.request)) return;
    if (this.#fresh.size === 0) queueMicrotask(() => this.#fresh.clear());
    this.#fresh.set(job, submission);
  }

  /** Somebody is going to block until these have ended; what has been posted is sent then. */
  lend(jobs: readonly Job[]): void {
    const borrowers = jobs.filter((job) => this.#fresh.has(job));
    const loan = borrowers.length > 0 ? this.#loan() : null;
    if (loan !== null) {
      for (const job of borrowers) {
        const submission = this.#fresh.get(job);
        if (submission) submission.lent = loan.memory.n;
        job.loan = loan.begin();
      }
    }
    this.#fresh.clear();
  }

  /** All of them new: it is another controller's, which has been lent nothing. */
  enginesChanged(engines: readonly EngineState[]): void {
    const uuids = engines.map(({ uuid }) => uuid);
    if (!uuids.some((uuid) => this.#known.has(uuid))) this.#current = null;
    this.#known = new Set(uuids);
  }

  /** Null: there is no memory to be had. */
  #loan(): RunningLoan | null {
    this.#cancelGivingUp?.();
    this.#cancelGivingUp = null;
    // What a request that was left behind has written there must stay until it has been read.
    if (this.#current?.isUsed === true && this.#current.memory.isTouched) this.#current = null;
    return (this.#current ??= this.#open());
  }

  #open(): RunningLoan | null {
    const memory = lendableMemory();
    if (memory === null) return null;
    const loan = new RunningLoan(new LentMemory(++this.#count, memory), (isClean) => {
      this.#returned(loan, isClean);
    });
    this.#tell(loan.memory.n, memory);
    return loan;
  }

  #returned(loan: RunningLoan, isClean: boolean): void {
    if (loan !== this.#current || !isClean) this.#giveUp(loan);
    else {
      loan.memory.reset();
      if (loan.memory.size <= KEPT) return;
      this.#cancelGivingUp = this.#timers.after(WHILE, () => {
        if (!loan.isUsed) this.#giveUp(loan);
      });
    }
  }

  #giveUp(loan: RunningLoan): void {
    if (loan === this.#current) this.#current = null;
    this.#tell(loan.memory.n, null);
  }

  #tell(n: number, memory: SharedArrayBuffer | null): void {
    this.#post({ type: 'lend', clientId: this.#clientId, n, memory });
  }
}

/** The others' results are null. */
function hasValue({ method }: EngineRequest): boolean {
  return method === 'apply' || method === 'map' || method === 'pull';
}
