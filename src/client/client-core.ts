import { assert } from '../base/assert.ts';
import type { CallItems } from '../protocol/calls.ts';
import type { EngineState, Language, Question, ToController } from '../protocol/client-messages.ts';
import { ClientId, MsgId, type EngineId, type RunId } from '../protocol/ids.ts';
import { plainReviver, unpack, type Reviver } from '../protocol/pack.ts';
import type { Packed } from '../protocol/packed.ts';
import { isShownEvent, type StreamEvent } from '../protocol/outputs.ts';
import type { BalancedRoute, EngineRequest, Route } from '../protocol/requests.ts';
import type { Settlement } from '../protocol/replies.ts';
import { outputOfEvent } from './async-result/display.ts';
import { Assignments } from './assignments.ts';
import { blockUntil, outOfReach } from './blocking.ts';
import { CallJobs, type Settling } from './call-jobs.ts';
import type { ToClient } from './client-hub.ts';
import type { ClientEnvironment } from './environment.ts';
import { EngineError, KeyError, RuntimeError, type ClusterError } from './errors.ts';
import { functionFrom } from '../base/function-from.ts';
import { History } from './history.ts';
import { Job, type Explain } from './job.ts';
import { JobBook } from './job-book.ts';
import { explainMissing } from './missing-names.ts';
import { Lender } from './lender.ts';
import { Questions } from './questions.ts';
import { STRANGER } from './request-facts.ts';
import {
  Submitter,
  type Call,
  type CallSubmitOptions,
  type LateOptions,
  type SubmitOptions,
} from './submitter.ts';

const NO_JOBS: readonly Job[] = [];

/** The requests of a result: a list of them, or the tasks of a call of many. */
export type Tasks = readonly Job[] | CallJobs;

/** The clients of this realm: the ids of requests tell whose they are. */
const CLIENTS = new Map<ClientId, WeakRef<ClientCore>>();

/**
 * What all that belongs to one client shares: the requests under way, the engines, the questions asked of the
 * controller. Settlement is synchronous; a request that can no longer be answered (the cluster is gone, the
 * client closed) fails at once, so nothing stays pending for ever.
 */
export class ClientCore {
  readonly environment: ClientEnvironment;
  /** Jobs whose results come when this thread gives up its turn, and not before. */
  readonly #outOfReach = new Set<Job>();
  readonly clientId: ClientId;
  readonly history: History;
  readonly assignments = new Assignments();
  readonly #reviver: Reviver;
  readonly #jobs = new JobBook();
  readonly #questions = new Questions((n, question) => {
    this.post({ type: 'ask', clientId: this.clientId, n, question });
  });
  /** Who waits now, in which cell's run, and how what it waits for is ended. */
  readonly #waits = new Set<{ readonly run: RunId | null; readonly cancel: () => void }>();
  /** What an interrupted cell waits for is cancelled. */
  cancelOnInterrupt = true;
  readonly #lender: Lender;
  readonly #submitter: Submitter;
  #engineListeners: ((engines: readonly EngineState[]) => void)[] = [];
  #endListeners: ((error: ClusterError) => void)[] = [];
  #ids: readonly EngineId[] = [];
  #idsFrom: readonly EngineState[] | null = null;
  #isClosed = false;

  constructor(environment: ClientEnvironment) {
    this.environment = environment;
    this.clientId = ClientId.create(environment.random);
    this.history = new History(this.clientId);
    const plain = plainReviver((source, name) => functionFrom(source, name, environment.evaluate));
    this.#reviver = { ...plain, ...environment.reviver };
    const { clientId, history } = this;
    const post: ClientCore['post'] = (message, transfer) => {
      this.post(message, transfer);
    };
    this.#lender = new Lender(clientId, post, environment.timers);
    const place = { clientId, environment, history, jobs: this.#jobs, lender: this.#lender, post };
    this.#submitter = new Submitter(place);
    CLIENTS.set(clientId, new WeakRef(this));
    environment.hub.connect(this.clientId, this);
  }

  // Engines

  get engines(): readonly EngineState[] {
    return this.environment.hub.engines;
  }

  /** Ids of all engines that take work, sorted; a new array each time. */
  get ids(): EngineId[] {
    return [...this.#sortedIds];
  }

  /** Made once for each list of engines. */
  get #sortedIds(): readonly EngineId[] {
    const { engines } = this;
    if (this.#idsFrom !== engines) {
      const living = engines.filter((engine) => engine.status !== 'dead');
      this.#ids = living.map((engine) => engine.id).sort((a, b) => a - b);
      this.#idsFrom = engines;
    }
    return this.#ids;
  }

  /** Of those that run this language; sorted, a new array each time. */
  idsOf(language: Language): EngineId[] {
    const speaks = (id: EngineId): boolean =>
      (this.engines.find((engine) => engine.id === id)?.language ?? 'javascript') === language;
    return this.ids.filter(speaks);
  }

  /** Called at every change, until the returned function is. */
  onEngines(listener: (engines: readonly EngineState[]) => void): () => void {
    this.#engineListeners.push(listener);
    return () => {
      this.#engineListeners = this.#engineListeners.filter((other) => other !== listener);
    };
  }

  /** Called once, with the reason, when the cluster is gone or the client closed, unless the returned function is. */
  onEnd(listener: (error: ClusterError) => void): () => void {
    this.#endListeners.push(listener);
    return () => {
      this.#endListeners = this.#endListeners.filter((other) => other !== listener);
    };
  }

  // Requests

  /**
   * Hands requests in, all in one message.
   * @throws RuntimeError when the client is closed; EngineError when the cluster is gone.
   */
  submit(calls: readonly Call[], options: SubmitOptions = {}): Job[] {
    this.checkOpen();
    return this.#submitter.submit(calls, options);
  }

  /** Hands in a call of many tasks. @throws as `submit`. */
  submitCall(route: BalancedRoute, items: CallItems, options: CallSubmitOptions): CallJobs {
    this.checkOpen();
    return this.#submitter.submitCall(route, items, options);
  }

  /**
   * Hands in one request for each route when its text is there; the tasks are there at once, and fail if the text
   * cannot be had.
   * @throws as `submit`.
   */
  submitLater(routes: readonly Route[], request: Promise<EngineRequest>, options: LateOptions): Job[] {
    this.checkOpen();
    return this.#submitter.submitLater(routes, request, options);
  }

  /** Hands remembered requests in again, under new ids. @throws as `submit`. */
  resubmit(msgIds: readonly MsgId[]): Job[] {
    this.checkOpen();
    return this.#submitter.resubmit(msgIds);
  }

  /** An error with what the client knows about it: the cures for names that did not travel. */
  readonly explain: Explain = (error, facts) => {
    const { freeNames, evaluate } = this.environment;
    return explainMissing(error, facts, freeNames, evaluate);
  };

  get pending(): readonly Job[] {
    return this.#jobs.pending;
  }

  get outstanding(): Set<MsgId> {
    return this.#jobs.outstanding;
  }

  /** Those that are pending, and the finished ones whose results somebody holds; in no special order. */
  get knownJobs(): readonly Job[] {
    return this.#jobs.known;
  }

  /** Their ids. */
  get knownIds(): Set<MsgId> {
    return this.#jobs.knownIds;
  }

  /** Whether the request of that id is known, and has not ended. */
  isPending(msgId: MsgId): boolean {
    return this.#jobs.isPending(msgId);
  }

  /** The request of that id, if it is pending or somebody holds its result. */
  find(msgId: MsgId): Job | undefined {
    return this.#jobs.find(msgId);
  }

  /** The client that reaches the request: this one, unless it is one of another cluster's in this realm. */
  reaching(msgId: MsgId): ClientCore {
    const owner = CLIENTS.get(MsgId.client(msgId))?.deref();
    return owner && owner.environment.hub !== this.environment.hub && !this.#jobs.has(msgId) ? owner : this;
  }

  /** Whether it is a request of this client that has ended, and whose result nobody holds. */
  isForgotten(msgId: MsgId): boolean {
    return MsgId.client(msgId) === this.clientId && !this.#jobs.has(msgId);
  }

  /** Requests of any client, by id; what is not known here is asked of the hub. */
  recall(msgIds: readonly MsgId[]): Job[] {
    const strangers: Job[] = [];
    const jobs = msgIds.map((msgId) => {
      const known = this.find(msgId);
      if (known) return known;
      const other = this.reaching(msgId);
      if (other !== this) return other.#recallOne(msgId);
      // Before it is noted as pending: nobody could answer.
      this.checkOpen();
      const job = new Job({ ...STRANGER, msgId });
      strangers.push(job);
      this.#jobs.add(job);
      return job;
    });
    if (strangers.length > 0) this.#askForResults(strangers);
    return jobs;
  }

  #recallOne(msgId: MsgId): Job {
    const [job] = this.recall([msgId]);
    assert(job !== undefined, 'Each id has a job.');
    return job;
  }

  /** The finished ones leave; ids stay in `history`. */
  forget(msgIds: Iterable<MsgId>): void {
    this.#jobs.forget(msgIds);
  }

  /** A value that the hub has given out packed. */
  revive(packed: Packed): unknown {
    return unpack(packed, this.#reviver);
  }

  /** Ends those that are pending; of whichever cluster. */
  cancel(tasks: Tasks): void {
    if (tasks instanceof CallJobs) {
      if (tasks.pending > 0) this.post({ type: 'cancel', msgIds: tasks.pendingIds });
      return;
    }
    for (const { facts, isPending } of tasks) {
      if (isPending) this.reaching(facts.msgId).post({ type: 'cancel', msgIds: [facts.msgId] });
    }
  }

  // Waiting

  /** Somebody waits until the returned function is called; `cancel` ends what is waited for. */
  awaiting(cancel: () => void): () => void {
    const wait = { run: this.environment.currentRun?.() ?? null, cancel };
    this.#waits.add(wait);
    return () => this.#waits.delete(wait);
  }

  /** The cell of that run was interrupted: what it waits for is cancelled, unless it is to go on. */
  interrupted(run: RunId): void {
    if (!this.cancelOnInterrupt) return;
    for (const wait of [...this.#waits]) {
      if (wait.run !== run) continue;
      this.#waits.delete(wait);
      wait.cancel();
    }
  }

  /**
   * Blocks until `until()`, or for `timeout` seconds; true if it came true. `tasks`: those that are waited for.
   * @throws BlockingUnavailableError, naming `twin`, where nothing can block.
   */
  block(until: () => boolean, timeout: number | undefined, twin: string, tasks: Tasks = NO_JOBS): boolean {
    const { blocker, hub } = this.environment;
    if (blocker && !until()) {
      this.#lender.lend(tasks);
      hub.flush();
    }
    const barred = () => [...this.#outOfReach].find((job) => job.isPending && tasks.includes(job));
    // An interrupt is thrown out of the wait: what was waited for is still known then.
    const endWait = this.awaiting(() => {
      this.cancel(tasks);
    });
    let isOver = false;
    try {
      isOver = blockUntil(blocker, () => until() || barred() !== undefined, timeout, twin) && until();
    } finally {
      endWait();
    }
    const job = isOver ? undefined : barred();
    if (job) throw outOfReach(job.facts.name, job.outOfReach ?? '', twin);
    return isOver;
  }

  /** Resolves to the controller's answer; rejects with its error. */
  ask(question: Question): Promise<unknown> {
    this.checkOpen();
    return this.#questions.ask(question);
  }

  /** The same, blocking. @throws the controller's error; BlockingUnavailableError, naming `twin`. */
  askSync(question: Question, twin: string): unknown {
    this.checkOpen();
    return this.#questions.askSync(question, (until) => {
      this.block(until, undefined, twin);
    });
  }

  post(message: ToController, transfer?: readonly ArrayBuffer[]): void {
    this.environment.hub.post(message, transfer);
  }

  // The hub's calls

  receive(message: ToClient): void {
    switch (message.type) {
      case 'answer':
        this.#questions.answered(message.n, message.answer);
        return;
      case 'settled':
        this.#settle(message.settlement, message);
        return;
      case 'items-settled':
        this.#settleItems(message);
        return;
      case 'items-assigned':
        for (const n of message.numbers) this.#assign(MsgId.create(this.clientId, n), message);
        return;
      case 'out-of-reach':
        this.#withJob(message.msgId, message, (job) => {
          job.outOfReach = message.reason;
          this.#outOfReach.add(job);
        });
        return;
      case 'assigned':
        this.#assign(message.msgId, message);
        return;
      case 'requeued':
        this.#withJob(message.msgId, message, (job) => {
          job.requeue(message.engineId, message.cause, message.why);
        });
        return;
      case 'event':
        this.#hear(message);
    }
  }

  /** Values that cannot be revived are as good as the reason for that. */
  #published({ values, canned = false }: Extract<StreamEvent, { type: 'data' }>): unknown {
    try {
      return this.revive({ value: values, buffers: [], bytes: 0, canned });
    } catch (error) {
      return Object.fromEntries(Object.keys(values as object).map((key) => [key, error]));
    }
  }

  /** What is said late, or caught by nobody, is shown where nobody listens: its cell may have ended long ago. */
  #hear(message: Extract<ToClient, { type: 'event' }>): void {
    const { msgId, event, engineId, late } = message;
    const job = this.find(msgId);
    const isShown = job?.hasListeners === true;
    if (job) job.tell(event.type === 'data' ? { ...event, values: this.#published(event) } : event);
    else if (!late) this.environment.onStray?.(message);
    const isUncaught = event.type === 'stream' && event.isUncaught === true;
    if (isShown || !(late || isUncaught) || !isShownEvent(event)) return;
    const output = outputOfEvent(event, engineId);
    if (output) this.environment.showLate?.(job?.facts.runId ?? late?.runId ?? null, output);
  }

  enginesChanged(engines: readonly EngineState[]): void {
    this.#lender.enginesChanged(engines);
    for (const listener of [...this.#engineListeners]) listener(engines);
  }

  lost(reason: string): void {
    this.#endAll(new EngineError(`The cluster is gone: ${reason}`));
    this.enginesChanged([]);
  }

  // Ending

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    CLIENTS.delete(this.clientId);
    this.#endAll(new RuntimeError('The client was closed while this was pending'));
    this.environment.hub.disconnect(this.clientId);
  }

  /** @throws RuntimeError when the client is closed; EngineError when the cluster is gone. */
  checkOpen(): void {
    if (this.#isClosed) throw new RuntimeError('Client cannot be used after its sockets have been closed');
    this.checkReachable();
  }

  /** @throws EngineError when the cluster is gone: a better reason than that there are no engines. */
  checkReachable(): void {
    const lost = this.environment.hub.lost;
    if (lost !== null) throw new EngineError(`The cluster is gone: ${lost}`);
  }

  /** Nothing stays pending. */
  #endAll(error: ClusterError): void {
    for (const job of this.#jobs.endAll()) job.fail(error, this.environment.clock.now());
    this.#questions.failAll(error);
    for (const listener of this.#endListeners.splice(0)) listener(error);
  }

  #settle(settlement: Settlement, message: ToClient): void {
    const { msgId } = settlement;
    const call = this.#jobs.callOf(msgId);
    if (call?.settle(MsgId.number(msgId) - call.first, settlement, this.#settling)) return;
    const job = this.#jobs.end(msgId);
    if (job) this.#outOfReach.delete(job);
    if (job) job.settle(settlement, this.environment.clock.now(), this.#reviver, this.explain);
    else this.environment.onStray?.(message);
  }

  #settleItems(message: Extract<ToClient, { type: 'items-settled' }>): void {
    const call = this.#jobs.callAt(message.numbers[0] ?? NaN);
    if (call) call.settleItems(message, this.#settling);
    else this.environment.onStray?.(message);
  }

  get #settling(): Settling {
    return { received: this.environment.clock.now(), reviver: this.#reviver, explain: this.explain };
  }

  #assign(msgId: MsgId, message: Extract<ToClient, { type: 'assigned' | 'items-assigned' }>): void {
    const call = this.#jobs.callOf(msgId);
    if (call) {
      call.assign(MsgId.number(msgId) - call.first, message.engineId);
      return;
    }
    this.#withJob(msgId, message, (job) => {
      job.assign(message.engineId);
    });
  }

  #withJob(msgId: MsgId, message: ToClient, use: (job: Job) => void): void {
    const job = this.find(msgId);
    if (job) use(job);
    else this.environment.onStray?.(message);
  }

  #askForResults(strangers: readonly Job[]): void {
    const { clock } = this.environment;
    const msgIds = strangers.map((job) => job.facts.msgId);
    const failAll = (why: (msgId: MsgId) => Error) => {
      for (const msgId of msgIds) this.#jobs.fail(msgId, why(msgId), clock.now());
    };
    this.#questions.put(
      { type: 'results', msgIds },
      {
        resolve: (settlements) => {
          for (const settlement of settlements as readonly Settlement[]) this.#settleStranger(settlement);
          failAll((msgId) => new KeyError(`No such message: ${msgId}`));
        },
        reject: (error) => {
          failAll(() => error as Error);
        },
      },
    );
  }

  #settleStranger(settlement: Settlement): void {
    this.#jobs.end(settlement.msgId)?.settle(settlement, this.environment.clock.now(), this.#reviver);
  }
}
