import type { RequeueCause } from '../protocol/client-messages.ts';
import type { EngineInfo, WireError } from '../protocol/errors.ts';
import { MsgId, type EngineId, type EngineUuid, type RunId } from '../protocol/ids.ts';
import {
  goesOn,
  lateMark,
  type Marked,
  type MimeBundle,
  type ShownEvent,
  type StreamEvent,
  type StreamName,
} from '../protocol/outputs.ts';
import { borrowed, unpack, type Reviver } from '../protocol/pack.ts';
import type { Packed } from '../protocol/packed.ts';
import type { MapItem, Settlement } from '../protocol/replies.ts';
import type { TaskTerms } from '../protocol/terms.ts';
import { TaskAborted, type ClusterError } from './errors.ts';
import type { Loan } from './loan.ts';
import { isTypedArray, type TypedArray } from './partition.ts';
import { reviveError } from './revive-error.ts';

/** What is known of a request from the start. */
export interface JobFacts {
  readonly msgId: MsgId;
  /** `apply`, `execute` … */
  readonly method: string;
  /** The function's name, else the method's: for messages. */
  readonly name: string;
  readonly label: string | null;
  /** Milliseconds since 1970; null for a result that another client asked for. */
  readonly submitted: number | null;
  /** The engine of a direct request; null where the scheduler chooses. */
  readonly target: EngineId | null;
  readonly runId: RunId | null;
  /** `sent` says when the engine has the arguments. */
  readonly isTracked: boolean;
  /** Memory among the arguments is shared with the engine until it has ended. */
  readonly isShared: boolean;
  /** Its call wants errors in place of what failed, where its result is got. */
  readonly returnExceptions?: boolean;
  /** Its result is a part of a whole, and is read to be joined. */
  readonly isPart?: boolean;
  /** The text of an `execute`. */
  readonly input?: string | undefined;
  /** The texts of functions that it took along. */
  readonly sources: readonly string[];
  /** What is said besides when a name is not defined. */
  readonly hint?: (() => string) | undefined;
  /** What it asked the scheduler for; null for nothing special. */
  readonly terms?: TaskTerms | null;
  /** Engines that the scheduler may choose; null: any. */
  readonly targets?: readonly EngineId[] | null;
}

/** How a task stands, in numbers. */
export interface TaskFacts {
  readonly facts: Pick<JobFacts, 'submitted'>;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly engineId: EngineId | null;
  /** Milliseconds since 1970; null until it happened. */
  readonly started: number | null;
  readonly completed: number | null;
  readonly received: number | null;
  readonly ownProgress: { readonly done: number; readonly total: number } | null;
}

/** How a task has ended that ended well. */
interface GoodEnd {
  readonly engineId: EngineId | null;
  readonly engineUuid: EngineUuid | null;
  /** Milliseconds since 1970. */
  readonly started: number | null;
  readonly completed: number | null;
  readonly received: number;
  readonly executionCount: number;
  /** Revived. */
  readonly value: unknown;
}

export type JobStatus = 'pending' | 'ok' | 'error' | 'aborted';

/** What is added to an error of a request that took functions of these texts along. */
export type Explain = (error: WireError, facts: JobFacts) => WireError;

const asItIs: Explain = (error) => error;

/** Anything that is printed or shown, in order of arrival. */
export type OutputEvent = ShownEvent;

/**
 * One request from submission to settlement, as its client sees it. Everything changes synchronously, when
 * the message is handled, so that a blocked thread which pumps messages sees it too.
 */
export class Job {
  readonly facts: JobFacts;
  status: JobStatus = 'pending';
  /** Null unless it failed, or was aborted. */
  error: ClusterError | Error | null = null;
  /** Null until an engine has it. */
  engineId: EngineId | null;
  engineUuid: EngineUuid | null = null;
  /** Milliseconds since 1970; null until it happened. */
  started: number | null = null;
  completed: number | null = null;
  received: number | null = null;
  executeResult: MimeBundle | null = null;
  executionCount: number | null = null;
  /** What the items of a map gave, errors in place of those that failed; null unless it failed with them. */
  items: readonly unknown[] | null = null;
  /** `publishData` merged over keys. */
  data: Record<string, unknown> = {};
  /** The task's own `progress(done, total)`; null before the first. */
  ownProgress: { readonly done: number; readonly total: number } | null = null;
  /** The call that it has been waiting in for some time, on its engine; null: it does not wait. */
  waitsFor: string | null = null;
  /** Its result is there, but cannot be had in the present turn: why. */
  outOfReach: string | null = null;
  /** It failed for a reason of this side: no engine has said anything. */
  failedHere = false;
  /** The scheduler has told who runs it. */
  isAssigned = false;
  /** Engines that had it and have it no more: those where it failed, and those that did not suit it. */
  readonly tried: { readonly engineId: EngineId; readonly cause: RequeueCause; readonly why: string }[] = [];
  /** Memory that was lent for its result, until that is out of it; null: none was. */
  #loans: Loan[] | null = null;
  /** The value, or what it can be had of. */
  #read: () => unknown = () => undefined;
  /** A part, where it lies in the memory that was lent for it. */
  #borrowed: TypedArray | null = null;
  readonly #log: OutputEvent[] = [];
  #onAssigned: (() => void)[] = [];
  readonly #onSettled: (() => void)[] = [];
  #onEvent: ((event: StreamEvent) => void)[] = [];

  constructor(facts: JobFacts) {
    this.facts = facts;
    this.engineId = facts.target;
  }

  /** The arguments have left, and the caller may do what it likes with what is still its own. */
  get isSent(): boolean {
    if (!this.facts.isTracked || !this.isPending) return true;
    return this.isAssigned && !this.facts.isShared;
  }

  get isPending(): boolean {
    return this.status === 'pending';
  }

  /** Where its result is got, its error takes the place of a value, unless that is said otherwise there. */
  get returnsError(): boolean {
    return this.facts.returnExceptions === true || this.items !== null;
  }

  /** The revived value; meaningful when `status` is `ok`. */
  get value(): unknown {
    this.unborrow();
    return this.#read();
  }

  /** The same, of a part perhaps in lent memory: to be copied from at once, and `joined` to be told. */
  get part(): unknown {
    return this.#borrowed ?? this.value;
  }

  /** The part has been copied; `read` gives its value. No effect on what was not borrowed. */
  joined(read: () => TypedArray): void {
    if (this.#borrowed === null) return;
    this.#borrowed = null;
    let value: TypedArray | null = null;
    this.#read = () => (value ??= read());
    this.#endLoan();
  }

  /** Its result may come in that memory. */
  borrows(loan: Loan | null): boolean {
    return loan !== null && this.#loans?.includes(loan) === true;
  }

  /** Its result may come in that memory as long as it is pending. False: it may not, too many do. */
  borrow(loan: Loan): boolean {
    if (!loan.begin(MsgId.number(this.facts.msgId))) return false;
    (this.#loans ??= []).push(loan);
    return true;
  }

  /** The same, as has been said in that memory before there was this job. */
  inherit(loan: Loan): void {
    if (loan.serves(MsgId.number(this.facts.msgId))) (this.#loans ??= []).push(loan);
  }

  /** Its value is its own from now on. */
  unborrow(): void {
    const part = this.#borrowed;
    if (part === null) return;
    this.#borrowed = null;
    this.#keep(part.slice());
    this.#endLoan();
  }

  /** Who has, or had, it; null until that is known. */
  get engineInfo(): EngineInfo | null {
    const { engineId, engineUuid } = this;
    if (engineId === null || engineUuid === null) return null;
    return { engineId, engineUuid, method: this.facts.method };
  }

  /** All that it printed or showed, in order; consecutive text of one stream is one event. */
  get log(): readonly OutputEvent[] {
    return this.#log;
  }

  assign(engineId: EngineId): void {
    this.engineId = engineId;
    this.isAssigned = true;
    for (const listener of this.#onAssigned.splice(0)) listener();
  }

  /** It waits for an engine again. */
  requeue(engineId: EngineId, cause: RequeueCause, why: string): void {
    this.tried.push({ engineId, cause, why });
    this.engineId = null;
    this.isAssigned = false;
  }

  /** The outcome; revives the value. Later ones are ignored: a request ends once. */
  settle(settlement: Settlement, received: number, reviver: Reviver, explain = asItIs): void {
    if (!this.isPending) return;
    const { outcome, facts } = settlement;
    this.engineId = settlement.engineId ?? this.engineId;
    this.engineUuid = settlement.engineUuid;
    this.started = facts.started;
    this.completed = facts.completed;
    this.received = received;
    this.executeResult = facts.executeResult;
    this.executionCount = facts.executionCount;
    if (this.#log.length === 0) for (const event of settlement.shown ?? []) this.tell(event);
    const { engineInfo } = this;
    switch (outcome.status) {
      case 'ok':
        this.#succeed(outcome.value, reviver);
        return;
      case 'error':
        if (outcome.items) this.items = this.#revivedItems(outcome.items, reviver, explain);
        this.#end('error', reviveError(explain(outcome.error, this.facts), engineInfo));
        return;
      case 'aborted':
        this.#end('aborted', new TaskAborted(outcome.reason, { engineInfo }));
    }
  }

  /** It had ended before there was this job. */
  endedWell({ value, ...end }: GoodEnd): void {
    Object.assign(this, end, { status: 'ok' satisfies JobStatus });
    this.#keep(value);
  }

  /** Ends it here, for a reason that the cluster could not tell. */
  fail(error: Error, received: number): void {
    if (!this.isPending) return;
    this.received = received;
    this.failedHere = true;
    this.#end('error', error);
  }

  tell(event: StreamEvent): void {
    if (event.type === 'data') Object.assign(this.data, event.values);
    else if (event.type === 'progress') this.ownProgress = { done: event.done, total: event.total };
    else if (event.type === 'waiting') this.waitsFor = event.on;
    else this.#record(event);
    for (const listener of [...this.#onEvent]) listener(event);
  }

  /** Called once, when the scheduler tells who runs it; not at all when that has been told. */
  onAssigned(listener: () => void): void {
    if (this.isPending && !this.isAssigned) this.#onAssigned.push(listener);
  }

  /** Called once, synchronously, when it settles; not at all when it has already. */
  onSettled(listener: () => void): void {
    if (this.isPending) this.#onSettled.push(listener);
  }

  /** Somebody hears what it says. */
  get hasListeners(): boolean {
    return this.#onEvent.length > 0;
  }

  /** Called for every event from now on. The returned function ends that. */
  onEvent(listener: (event: StreamEvent) => void): () => void {
    this.#onEvent.push(listener);
    return () => {
      this.#onEvent = this.#onEvent.filter((other) => other !== listener);
    };
  }

  /** Only what is marked late, or is not; undefined: both. */
  text(stream: StreamName, isLate?: boolean): string {
    return this.#log
      .filter((event) => event.type === 'stream')
      .filter((event) => event.name === stream)
      .filter((event) => isLate === undefined || (event.isLate === true) === isLate)
      .map(({ text }) => text)
      .join('');
  }

  /** What it displayed and did not clear or replace. */
  get displays(): MimeBundle[] {
    return this.displayed.map(({ bundle }) => bundle);
  }

  get displayed(): readonly ({ readonly bundle: MimeBundle } & Marked)[] {
    let shown: ({ readonly id: string | undefined; bundle: MimeBundle } & Marked)[] = [];
    let isStale = false;
    for (const event of this.#log) {
      if (event.type === 'clear-output') {
        isStale = true;
        if (!event.wait) shown = [];
      } else if (event.type === 'display') {
        const former = event.update ? shown.find(({ id }) => id === event.displayId) : undefined;
        if (former) former.bundle = event.bundle;
        else if (!event.update)
          shown = [
            ...(isStale ? [] : shown),
            { id: event.displayId, bundle: event.bundle, ...lateMark(event) },
          ];
        isStale = false;
      }
    }
    return shown;
  }

  #record(event: OutputEvent): void {
    const last = this.#log.at(-1);
    if (event.type === 'stream' && last?.type === 'stream' && goesOn(event, last)) {
      this.#log[this.#log.length - 1] = { ...last, text: last.text + event.text };
    } else {
      this.#log.push(event);
    }
  }

  #succeed(packed: Packed, reviver: Reviver): void {
    const lent = this.#loans?.map(({ memory }) => memory);
    const part = this.facts.isPart === true ? borrowed(packed, lent) : null;
    try {
      if (isTypedArray(part)) this.#borrowed = part;
      else this.#keep(unpack(packed, reviver, lent));
    } catch (error) {
      this.#end('error', error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#end('ok', null);
  }

  /** Null for what cannot be brought to life: then the error stands for all. */
  #revivedItems(packed: Packed, reviver: Reviver, explain: Explain): readonly unknown[] | null {
    try {
      const items = unpack(packed, reviver) as readonly MapItem[];
      return items.map((item) =>
        item.ok ? item.value : reviveError(explain(item.error, this.facts), this.engineInfo),
      );
    } catch {
      return null;
    }
  }

  #keep(value: unknown): void {
    this.#read = () => value;
  }

  #endLoan(): void {
    const loans = this.#loans;
    this.#loans = null;
    // What was tried on an engine that is gone may still be written by it.
    const isClean = this.status === 'ok' && this.tried.length === 0;
    for (const loan of loans ?? []) loan.end(MsgId.number(this.facts.msgId), isClean);
  }

  #end(status: JobStatus, error: ClusterError | Error | null): void {
    this.status = status;
    this.error = error;
    if (this.#borrowed === null) this.#endLoan();
    this.#onAssigned = [];
    for (const listener of this.#onSettled.splice(0)) listener();
  }
}
