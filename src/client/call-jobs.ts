import { settlementAt, type ItemsSettled } from '../protocol/calls.ts';
import { MsgId, type ClientId, type EngineId, type EngineUuid } from '../protocol/ids.ts';
import { unpack, type Reviver } from '../protocol/pack.ts';
import type { Settlement } from '../protocol/replies.ts';
import { Job, type Explain, type JobFacts, type TaskFacts } from './job.ts';
import type { Loan } from './loan.ts';

/** What settles a task. */
export interface Settling {
  /** Milliseconds since 1970. */
  readonly received: number;
  readonly reviver: Reviver;
  readonly explain: Explain;
}

interface CallOptions {
  readonly clientId: ClientId;
  /** Number of the first; the others follow. */
  readonly first: number;
  readonly count: number;
  /** What is known of each. */
  readonly facts: Omit<JobFacts, 'msgId'>;
  /** Told of each job that is made. */
  readonly onMade: (job: Job) => void;
}

/** Of the tasks that have no job. */
const PENDING = 0;
const DONE = 1;

/**
 * The tasks of one call, a map with a task for each item, as columns: one entry in the client's book, and nothing for a
 * task alone. A job is made for one of them when somebody asks for it, and when something happens to it that is not common
 * (it fails, prints, is tried again): from then on that job tells how the task stands.
 */
export class CallJobs {
  readonly clientId: ClientId;
  readonly first: number;
  readonly count: number;
  readonly facts: Omit<JobFacts, 'msgId'>;
  readonly #onMade: (job: Job) => void;
  readonly #columns: Columns;
  /** By place; null: none has been made. */
  #made: (Job | undefined)[] | null = null;
  #all: readonly Job[] | null = null;
  #pending: number;
  #failures = 0;
  /** Places in the order in which they have ended; null: nobody has asked. */
  #ended: number[] | null = null;
  /** The client's book knows them no more. */
  #forgotten: Set<number> | null = null;
  #listeners: (() => void)[] = [];
  /** Memory that results may come in, and the first place for which the last of it has not been looked at. */
  readonly #loans: Loan[] = [];
  #nextBorrower = 0;

  constructor({ clientId, first, count, facts, onMade }: CallOptions) {
    this.clientId = clientId;
    this.first = first;
    this.count = count;
    this.facts = facts;
    this.#onMade = onMade;
    this.#columns = new Columns(count);
    this.#pending = count;
  }

  // How they are

  /** How many have not ended. */
  get pending(): number {
    return this.#pending;
  }

  /** How many have failed, or were aborted. */
  get failures(): number {
    return this.#failures;
  }

  isPendingAt(place: number): boolean {
    const made = this.#made?.[place];
    return made ? made.isPending : this.#columns.state[place] === PENDING;
  }

  msgIdAt(place: number): MsgId {
    return MsgId.create(this.clientId, this.first + place);
  }

  get msgIds(): MsgId[] {
    return Array.from({ length: this.count }, (_, place) => this.msgIdAt(place));
  }

  get pendingIds(): MsgId[] {
    const ids: MsgId[] = [];
    if (this.#pending === 0) return ids;
    for (let i = 0; i < this.count; i++) if (this.isPendingAt(i)) ids.push(this.msgIdAt(i));
    return ids;
  }

  /** Each in turn, to be read before the next: those without a job are one object. */
  *rows(): Generator<TaskFacts, void> {
    const { engines, started, completed, received, state } = this.#columns;
    const row = { ...NO_ROW, facts: this.facts };
    for (let i = 0; i < this.count; i++) {
      const made = this.#made?.[i];
      if (made) yield made;
      else {
        const engine = engines[i] ?? -1;
        row.isPending = state[i] === PENDING;
        row.engineId = engine < 0 ? null : engine;
        row.started = timeOf(started[i]);
        row.completed = timeOf(completed[i]);
        row.received = timeOf(received[i]);
        yield row;
      }
    }
  }

  // What they gave

  /** The items that the task at that place gave. `read`: those of a job; may throw. */
  itemsAt(place: number, read: (job: Job) => readonly unknown[]): readonly unknown[] {
    const made = this.#made?.[place];
    return made ? read(made) : [this.#columns.values[place]];
  }

  /** All items; the list is the caller's. */
  items(read: (job: Job) => readonly unknown[]): unknown[] {
    const { values } = this.#columns;
    if (this.#made === null) return values.slice();
    const items: unknown[] = [];
    for (let i = 0; i < this.count; i++) {
      const made = this.#made[i];
      if (made) for (const item of read(made)) items.push(item);
      else items.push(values[i]);
    }
    return items;
  }

  /** Places of those that have ended, then, as it happens, of each that does: the list grows. */
  get ended(): readonly number[] {
    if (this.#ended === null) {
      this.#ended = [];
      for (let i = 0; i < this.count; i++) if (!this.isPendingAt(i)) this.#ended.push(i);
    }
    return this.#ended;
  }

  // As jobs

  /** All of them, in order. */
  get jobs(): readonly Job[] {
    return (this.#all ??= Array.from({ length: this.count }, (_, place) => this.jobAt(place)));
  }

  /** Those that have failed, in order. */
  get failed(): readonly Job[] {
    if (this.#failures === 0 || this.#made === null) return NO_JOBS;
    return this.#made.filter((job): job is Job => job !== undefined && job.error !== null);
  }

  /** Whether it is one of them. */
  includes(job: Job): boolean {
    return this.#made?.[MsgId.number(job.facts.msgId) - this.first] === job;
  }

  /** Made, if it was not. */
  jobAt(place: number): Job {
    const known = this.#made?.[place];
    if (known) return known;
    const job = new Job({ ...this.facts, msgId: this.msgIdAt(place) });
    const { state, engines } = this.#columns;
    this.#made ??= new Array<Job | undefined>(this.count);
    this.#made[place] = job;
    if (state[place] === PENDING) {
      const engine = engines[place] ?? -1;
      if (engine >= 0) job.assign(engine);
      for (const loan of this.#loans) job.inherit(loan);
      job.onSettled(() => {
        this.#jobSettled(job, place);
      });
    } else job.endedWell(this.#columns.endAt(place));
    if (!this.isForgotten(place)) this.#onMade(job);
    return job;
  }

  // What happens

  /** Calls back whenever some have ended, until the returned function is called. */
  onSettled(listener: () => void): () => void {
    if (this.#pending > 0) this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  assign(place: number, engineId: EngineId): void {
    if (!this.isPendingAt(place)) return;
    const made = this.#made?.[place];
    if (made) made.assign(engineId);
    else this.#columns.engines[place] = engineId;
  }

  /** False: it is no common end, so its job is to be told. */
  settle(place: number, settlement: Settlement, settling: Settling): boolean {
    const { outcome, facts, engineId, engineUuid, shown = [] } = settlement;
    if (!this.isPendingAt(place) || this.#made?.[place] || outcome.status !== 'ok') return false;
    if (facts.executeResult !== null || shown.length > 0 || outcome.value.lent || engineId === null)
      return false;
    try {
      const list = unpack(outcome.value, settling.reviver);
      if (!Array.isArray(list) || list.length !== 1) return false;
      this.#columns.values[place] = list[0];
    } catch {
      return false;
    }
    const { started, completed, executionCount } = facts;
    this.#columns.end(place, started ?? NaN, completed ?? NaN, settling.received, executionCount);
    this.#columns.ranOn(place, engineId, this.#columns.lifeOf(engineUuid));
    this.#endWell(place);
    this.#told();
    return true;
  }

  /** Some that have ended well. */
  settleItems(told: ItemsSettled, settling: Settling): void {
    const { numbers, ends, engineId } = told;
    const columns = this.#columns;
    const life = columns.lifeOf(told.engineUuid);
    for (let i = 0; i < numbers.length; i++) {
      const place = (numbers[i] ?? NaN) - this.first;
      if (!(place >= 0 && place < this.count) || !this.isPendingAt(place)) continue;
      if (this.#made?.[place] || !this.#take(place, told, i, settling.reviver)) {
        this.jobAt(place).settle(
          settlementAt(told, i),
          settling.received,
          settling.reviver,
          settling.explain,
        );
        continue;
      }
      const { started, completed, counts } = ends;
      columns.end(place, started[i] ?? NaN, completed[i] ?? NaN, settling.received, counts[i] ?? 0);
      columns.ranOn(place, engineId, life);
      this.#endWell(place);
    }
    this.#told();
  }

  /** The value of one of them. False: it cannot be brought to life. */
  #take(place: number, { ends }: ItemsSettled, i: number, reviver: Reviver): boolean {
    const { values, boxed, canned } = ends;
    const value: unknown = values[i];
    if (!canned && boxed) {
      this.#columns.values[place] = value;
      return true;
    }
    try {
      const packed = { value: boxed ? [value] : value, buffers: [], bytes: 0, canned };
      [this.#columns.values[place]] = unpack(packed, reviver) as readonly [unknown];
      return true;
    } catch {
      return false;
    }
  }

  // What the client's book knows

  forget(place: number): void {
    (this.#forgotten ??= new Set()).add(place);
  }

  isForgotten(place: number): boolean {
    return this.#forgotten?.has(place) === true;
  }

  /** How many of them the book has forgotten. */
  get forgotten(): number {
    return this.#forgotten?.size ?? 0;
  }

  // Lent memory

  /** Whether one of them may have its result put into memory, and not yet into this. */
  hasBorrowerFor(loan: Loan | null): boolean {
    if (loan === null || this.#loans.at(-1) !== loan) return this.#pending > 0;
    while (this.#nextBorrower < this.count && !this.isPendingAt(this.#nextBorrower)) this.#nextBorrower++;
    return this.#nextBorrower < this.count;
  }

  /** Results may come in that memory, of as many as it takes. */
  borrow(loan: Loan): void {
    if (this.#loans.at(-1) !== loan) {
      this.#loans.push(loan);
      this.#nextBorrower = 0;
    }
    for (; this.#nextBorrower < this.count; this.#nextBorrower++) {
      const place = this.#nextBorrower;
      if (!this.isPendingAt(place)) continue;
      const made = this.#made?.[place];
      if (!(made ? made.borrow(loan) : loan.begin(this.first + place))) return;
    }
  }

  #endWell(place: number): void {
    this.#pending -= 1;
    this.#ended?.push(place);
    for (const loan of this.#loans) loan.end(this.first + place, true);
  }

  #jobSettled(job: Job, place: number): void {
    this.#pending -= 1;
    if (job.error !== null) this.#failures += 1;
    this.#ended?.push(place);
    this.#told();
  }

  #told(): void {
    const listeners = this.#listeners;
    if (this.#pending === 0) {
      this.#listeners = [];
      this.#loans.length = 0;
    }
    for (const listener of [...listeners]) listener();
  }
}

const NO_JOBS: readonly Job[] = [];

const NO_ROW = {
  error: null,
  ownProgress: null,
  isPending: true,
  engineId: null as EngineId | null,
  started: null as number | null,
  completed: null as number | null,
  received: null as number | null,
};

/** How tasks are that have no job, by place. */
class Columns {
  readonly state: Uint8Array;
  readonly values: unknown[];
  /** -1: none. */
  readonly engines: Int32Array;
  /** Milliseconds since 1970; NaN: null. */
  readonly started: Float64Array;
  readonly completed: Float64Array;
  readonly received: Float64Array;
  readonly #counts: Float64Array;
  /** Of `#uuids`. */
  readonly #lives: Int32Array;
  readonly #uuids: (EngineUuid | null)[] = [];

  constructor(count: number) {
    this.state = new Uint8Array(count);
    this.values = new Array<unknown>(count).fill(undefined);
    this.engines = new Int32Array(count).fill(-1);
    this.started = new Float64Array(count);
    this.completed = new Float64Array(count);
    this.received = new Float64Array(count);
    this.#counts = new Float64Array(count);
    this.#lives = new Int32Array(count);
  }

  lifeOf(uuid: EngineUuid | null): number {
    const known = this.#uuids.lastIndexOf(uuid);
    return known >= 0 ? known : this.#uuids.push(uuid) - 1;
  }

  end(place: number, started: number, completed: number, received: number, count: number): void {
    this.state[place] = DONE;
    this.started[place] = started;
    this.completed[place] = completed;
    this.received[place] = received;
    this.#counts[place] = count;
  }

  ranOn(place: number, engineId: EngineId, life: number): void {
    this.engines[place] = engineId;
    this.#lives[place] = life;
  }

  endAt(place: number) {
    return {
      engineId: this.engines[place] ?? null,
      engineUuid: this.#uuids[this.#lives[place] ?? -1] ?? null,
      started: timeOf(this.started[place]),
      completed: timeOf(this.completed[place]),
      received: this.received[place] ?? 0,
      executionCount: this.#counts[place] ?? 0,
      value: [this.values[place]],
    };
  }
}

function timeOf(time = NaN): number | null {
  return Number.isNaN(time) ? null : time;
}
