import type { Timers } from '../base/clock.ts';
import type { EngineState, ToController } from '../protocol/client-messages.ts';
import type { ClientId, EngineUuid } from '../protocol/ids.ts';
import { lendableMemory, LentMemory } from '../protocol/lent-memory.ts';
import type { EngineRequest } from '../protocol/requests.ts';
import { CallJobs } from './call-jobs.ts';
import type { Job } from './job.ts';
import { Loan } from './loan.ts';

/** Bytes of memory that are kept for the next time, and not given up when they have not been used for a while. */
const KEPT = 16 << 20;
/** Seconds of that while. */
const WHILE = 10;

/**
 * Lends engines memory for the results of requests that are waited for without `await`. Which those are shows in the
 * moment in which somebody blocks, and engines see it in the memory itself; so they know it from before the first
 * request on.
 *
 * One piece of memory serves one call after the other. It is given up when an engine that is gone may still be writing
 * in it, when a call that was left waits for it, and, if it is large, when nobody has used it for a while.
 */
export class Lender {
  readonly #clientId: ClientId;
  readonly #post: (message: ToController) => void;
  readonly #timers: Timers;
  #current: Loan | null = null;
  /** How many of a list have been looked at, for which memory: loops block for one list many times. */
  readonly #lent = new WeakMap<readonly Job[], { readonly loan: Loan; readonly next: number }>();
  #count = 0;
  /** There is no memory to be had. */
  #isPoor = false;
  #known: ReadonlySet<EngineUuid> = new Set();
  #cancelGivingUp: (() => void) | null = null;

  constructor(clientId: ClientId, post: (message: ToController) => void, timers: Timers) {
    this.#clientId = clientId;
    this.#post = post;
    this.#timers = timers;
  }

  /** A request is going to be posted, whose result may be waited for: engines have to know the memory before it. */
  offer(method: EngineRequest['method']): void {
    if (hasValue(method)) this.#current ??= this.#open();
  }

  /** Somebody is going to block for these: their results come in lent memory, whenever they come. */
  lend(tasks: readonly Job[] | CallJobs): void {
    if (tasks instanceof CallJobs) this.#lendCall(tasks);
    else this.#lendJobs(tasks);
  }

  #lendCall(call: CallJobs): void {
    if (call.clientId !== this.#clientId || !hasValue(call.facts.method)) return;
    const loan = call.hasBorrowerFor(this.#current) ? this.#loan() : null;
    if (loan !== null) call.borrow(loan);
  }

  #lendJobs(jobs: readonly Job[]): void {
    const before = this.#current;
    const known = this.#lent.get(jobs);
    const first = this.#nextBorrower(jobs, known?.loan === before ? known.next : 0, before);
    const loan = first < jobs.length ? this.#loan() : before;
    if (loan === null) return;
    let next = loan === before ? first : this.#nextBorrower(jobs, 0, loan);
    while (jobs[next]?.borrow(loan) === true) next = this.#nextBorrower(jobs, next + 1, loan);
    this.#lent.set(jobs, { loan, next });
  }

  /** The index of the next that may borrow and has not; that of the end if there is none. */
  #nextBorrower(jobs: readonly Job[], from: number, loan: Loan | null): number {
    for (let i = from; i < jobs.length; i++) {
      const job = jobs[i];
      if (job && this.#mayBorrow(job) && !job.borrows(loan)) return i;
    }
    return jobs.length;
  }

  /** All of them new: it is another controller's, which has been lent nothing. */
  enginesChanged(engines: readonly EngineState[]): void {
    const uuids = engines.map(({ uuid }) => uuid);
    if (!uuids.some((uuid) => this.#known.has(uuid))) this.#current = null;
    this.#known = new Set(uuids);
  }

  #mayBorrow({ isPending, facts }: Job): boolean {
    return isPending && hasValue(facts.method) && facts.msgId.startsWith(`${this.#clientId}_`);
  }

  /** Null: there is no memory to be had. */
  #loan(): Loan | null {
    this.#cancelGivingUp?.();
    this.#cancelGivingUp = null;
    // What a request that was left behind has written there must stay until it has been read.
    if (this.#current?.isUsed === true && this.#current.memory.isTouched) this.#current = null;
    return (this.#current ??= this.#open());
  }

  #open(): Loan | null {
    const memory = this.#isPoor ? null : lendableMemory();
    if (memory === null) {
      this.#isPoor = true;
      return null;
    }
    const loan = new Loan(new LentMemory(++this.#count, memory), (isClean) => {
      this.#returned(loan, isClean);
    });
    this.#tell(loan.memory.n, memory);
    return loan;
  }

  #returned(loan: Loan, isClean: boolean): void {
    if (loan !== this.#current) return;
    if (!isClean) this.#giveUp(loan);
    else {
      loan.memory.reset();
      if (loan.memory.size <= KEPT) return;
      this.#cancelGivingUp = this.#timers.after(WHILE, () => {
        if (!loan.isUsed) this.#giveUp(loan);
      });
    }
  }

  #giveUp(loan: Loan): void {
    if (loan !== this.#current) return;
    this.#current = null;
    this.#tell(loan.memory.n, null);
  }

  #tell(n: number, memory: SharedArrayBuffer | null): void {
    this.#post({ type: 'lend', clientId: this.#clientId, n, memory });
  }
}

/** The others' results are null. */
function hasValue(method: string): boolean {
  return method === 'apply' || method === 'map' || method === 'pull';
}
