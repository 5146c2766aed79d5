import type { Clock, Timers } from '../base/clock.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import { carryPromises, keepPrimordials } from '../base/primordials.ts';
import type { Random } from '../base/random.ts';
import type { ImportCallOptions } from '../protocol/module-names.ts';
import { LatestMap } from '../base/latest-map.ts';
import {
  MOST_CALLS,
  type FromEngine,
  type LibraryAnswer,
  type ToEngine,
} from '../protocol/engine-messages.ts';
import type { EngineInfo, WireError } from '../protocol/errors.ts';
import { MsgId, type EngineUuid } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { LentMemory } from '../protocol/lent-memory.ts';
import { ItemClaims } from '../protocol/item-claims.ts';
import { SlateWriter } from '../protocol/reply-slate.ts';
import { isSmall } from '../protocol/runs.ts';
import { payloadOf, type Outcome, type RunFacts } from '../protocol/replies.ts';
import type { Evaluator } from '../realm/evaluator.ts';
import type { MimeBundle } from '../protocol/outputs.ts';
import { AsyncContext } from '../realm/async-context.ts';
import { carryContext } from '../realm/carry-context.ts';
import { explainFetch } from '../realm/explain-fetch.ts';
import { installStacks } from '../realm/error-stacks.ts';
import { installGuards } from '../realm/install-guards.ts';
import { InterruptEar } from '../realm/interrupt-ear.ts';
import { KeyboardInterrupt } from '../realm/keyboard-interrupt.ts';
import { isThenable } from '../realm/mime.ts';
import { PositionMap } from '../realm/position-map.ts';
import { holdThread } from '../realm/sleep.ts';
import { completeCrypto } from '../realm/random-uuid.ts';
import { createReviver } from '../realm/reviver.ts';
import { toWireError } from '../realm/wire-error.ts';
import { NO_FILES, type FilesHost } from '../realm/files/files-host.ts';
import { CommRunner } from './comm/comm-runner.ts';
import { installGlobals, type EngineGlobals } from './engine-globals.ts';
import { DoneItems } from './done-items.ts';
import { EngineOutput, Speaker } from './engine-output.ts';
import { EngineVariables } from './engine-variables.ts';
import { ItemRunner, type Begun, type Replay } from './item-runner.ts';
import { Lingering } from './lingering.ts';
import { outcomeOf, perform, performItem, type Performed, type Performer } from './perform.ts';
import { QueuedItems, RequestQueue, type QueuedRequest } from './request-queue.ts';

/**
 * The room `engine`: one namespace, one request at a time, in order of arrival.
 *
 * It promises:
 * - Every request is answered once, whatever its code does, as long as the realm lives; an async function
 *   holds the engine until it settles.
 * - Output and replies leave before code runs that may hold the thread for long.
 * - Control (abort, interrupt, libraries) does not wait behind queued requests. What holds the thread and hears
 *   nothing (a regular expression, say) is the controller's affair.
 * - An interrupt ends the running request with KeyboardInterrupt and keeps the namespace: it is heard between
 *   turns, and, with shared memory, by guarded loops and by whatever waits with the ear.
 *
 * It knows no worker and no window: the door hands in a link and an evaluator.
 */
export interface EngineHost {
  readonly link: Link<ToEngine, FromEngine>;
  readonly evaluator: Evaluator;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Milliseconds from the realm's time origin until now, for `ready`. */
  readonly bootMs: number;
  /** Evaluates an ES module's text, and a native `import(url)`. */
  importText(source: string): Promise<unknown>;
  importUrl(url: string, options?: ImportCallOptions): Promise<unknown>;
  /** Files beside the notebook. Default: there are none. */
  readonly files?: FilesHost;
  /** Loads packages by the host's own rules, where it has some (Node). Default: bundled ones, else a CDN's. */
  readonly importPackage?: (specifier: string) => Promise<unknown>;
  /**
   * Runs `work` so that the host can break it off from outside, whatever it does; then it throws
   * KeyboardInterrupt. Default: only what hears the interrupt flag can be stopped.
   */
  readonly breakable?: <T>(work: () => T) => T;
  /** Calls back in the next turn of the event loop, as soon as may be. Default: a timer of 0 s. */
  readonly nextTurn?: (callback: () => void) => void;
}

export interface Engine {
  /** An error that no request waited for (an uncaught exception of a timer, an unhandled rejection): goes to the
   * stderr of the request that has started it. */
  reportStray(error: unknown): void;
}

export function createEngine(host: EngineHost): Engine {
  return new RunningEngine(host);
}

interface Running {
  readonly item: QueuedRequest;
  readonly started: number;
  readonly speaker: Speaker;
  /** Its client's memory for a large result, if the client blocks for it now. */
  readonly room: () => LentMemory | null;
  /** Rejects when the request is interrupted; null as long as it does not wait, for then nobody can. */
  stop: Deferred<never> | null;
  abandoned: boolean;
}

type ItemTimes = RunFacts & { readonly started: number; readonly completed: number };

/** Milliseconds that answers may stay on the slate while others follow. */
const LONGEST_SILENCE = 1;
/** Milliseconds of queued work after which the engine looks at its messages. */
const LONGEST_TURN = 25;

class RunningEngine implements Engine {
  readonly #host: EngineHost;
  readonly #ear: InterruptEar;
  /** Which request has started the code that runs. */
  readonly #context: AsyncContext<Speaker>;
  readonly #output: EngineOutput;
  readonly #comm: CommRunner;
  readonly #globals: EngineGlobals;
  readonly #variables: EngineVariables;
  readonly #positions = new PositionMap();
  readonly #lingering: Lingering;
  readonly #performer: Performer;
  readonly #queue: RequestQueue;
  readonly #libraries = new Map<string, Deferred<LibraryAnswer>>();
  /** Memory of clients for large results, by client. */
  readonly #lent = new Map<string, LentMemory>();
  /** Null between requests. */
  #running: Running | null = null;
  /** The loop over the queue is under way. */
  #pumping = false;
  #turnBegan = 0;
  readonly #done: DoneItems;
  readonly #items: ItemRunner;
  /** What the latest calls have in common, by client and call. */
  readonly #calls = new LatestMap<string, unknown>(MOST_CALLS);
  /** Requests and items that have come, and messages that were posted. */
  #received = 0;
  #receivedItems = 0;
  #posted = 0;
  /** Null: items are given back when the controller asks for them. */
  #claims: ItemClaims | null = null;
  /** Null: every answer is a message. */
  #slate: SlateWriter | null = null;
  /** When the last answer was posted. */
  #toldAt = 0;
  #isToTell = false;
  #executionCount = 0;

  constructor(given: EngineHost) {
    const host = { ...given, link: this.#counted(given.link) };
    this.#host = host;
    const { evaluator, clock, link } = host;
    this.#ear = new InterruptEar(clock);
    this.#context = new AsyncContext(host.timers);
    this.#output = new EngineOutput(link, clock, this.#context);
    completeCrypto(evaluator.globals);
    explainFetch(evaluator.globals, host.timers);
    carryContext(evaluator.globals, this.#context);
    installStacks(evaluator.globals, this.#positions.map);
    this.#variables = new EngineVariables(host);
    const { namespace, shelf } = this.#variables;
    installGuards(evaluator, namespace, this.#ear);
    this.#lingering = new Lingering(namespace);
    this.#comm = this.#createComm();
    this.#queue = new RequestQueue({
      link,
      comm: this.#comm,
      ear: this.#ear,
      executionCount: () => this.#executionCount,
    });
    this.#done = new DoneItems(link, () => this.#posted);
    this.#globals = this.#installGlobals();
    this.#items = this.#createItems();
    this.#performer = {
      evaluator,
      namespace,
      reviver: createReviver(evaluator, this.#globals.builtins, this.#positions, (source) => {
        this.#lingering.noteFunction(source);
      }),
      positions: this.#positions,
      shelf,
      properties: this.#globals.self.properties,
      clear: () => {
        this.#variables.clear();
      },
      toWire: (thrown) => this.#toWire(thrown),
    };
    carryPromises((promise) => this.#context.bindPromise(promise));
    keepPrimordials();
    link.onMessages((messages) => {
      this.#receive(messages);
    });
    link.post({ type: 'ready', bootMs: host.bootMs });
    link.flush();
  }

  reportStray(error: unknown): void {
    // An interrupted task's own promises reject; that is no news.
    if (error instanceof KeyboardInterrupt) return;
    this.#output.uncaught(`Uncaught ${this.#toWire(error).traceback.join('\n')}\n`);
  }

  /** Counts what is posted: see `SlateWriter`. */
  #counted(link: EngineHost['link']): EngineHost['link'] {
    return {
      post: (message, transfer) => {
        // What had ended before is told before.
        if (message.type !== 'items-done') this.#done.flush();
        this.#posted++;
        link.post(message, transfer);
      },
      flush: () => {
        link.flush();
      },
      onMessages: (handler) => {
        link.onMessages(handler);
      },
      onLost: (handler) => {
        link.onLost(handler);
      },
      close: () => {
        link.close();
      },
    };
  }

  #createItems(): ItemRunner {
    const { clock } = this.#host;
    return new ItemRunner({
      clock,
      ear: this.#ear,
      comm: this.#comm,
      output: this.#output,
      lingering: this.#lingering,
      queue: this.#queue,
      done: this.#done,
      performer: () => this.#performer,
      executionCount: () => this.#executionCount,
      isDisplaying: () => this.#globals.displaysSettled() !== undefined,
      isTimeToPause: (now) => now - this.#turnBegan > LONGEST_TURN,
      isTimeToTell: (now) => now - this.#toldAt > LONGEST_SILENCE,
      tell: (now) => {
        this.#tellItems(now);
      },
      finish: (queued, item, begun, replay) => this.#finishItem(queued, item, begun, replay),
    });
  }

  /** What has ended leaves now: the next may hold the thread. */
  #tellItems(now: number): void {
    this.#toldAt = now;
    this.#done.tell();
    const names = this.#variables.namesAfter('map');
    if (names !== null) this.#host.link.post({ type: 'names', names });
    this.#host.link.flush();
  }

  #createComm(): CommRunner {
    const { link, clock, timers } = this.#host;
    return new CommRunner({
      link,
      clock,
      timers,
      reviver: () => this.#performer.reviver,
      flush: () => {
        this.#output.settle();
        link.flush();
      },
      tell: (on) => {
        this.#output.send({ type: 'waiting', on });
      },
      isInterrupted: () => this.#ear.isAsked,
    });
  }

  #installGlobals(): EngineGlobals {
    const { link } = this.#host;
    return installGlobals({
      ...this.#host,
      importText: (source) => this.#host.importText(source),
      importUrl: (url, options) => this.#host.importUrl(url, options),
      namespace: this.#variables.namespace,
      context: this.#context,
      output: this.#output,
      shelf: this.#variables.shelf,
      comm: this.#comm,
      needLibrary: (name) => this.#needLibrary(name),
      files: this.#host.files ?? NO_FILES,
      hold: (seconds) => {
        holdThread(this.#ear, seconds);
      },
      propertiesChanged: () => {
        link.post({ type: 'properties-changed' });
      },
      exit: (reason) => {
        this.#output.settle();
        link.post({ type: 'exit', reason });
        link.flush();
      },
    });
  }

  #receive(messages: readonly ToEngine[]): void {
    this.#turnBegan = this.#host.clock.now();
    // What comes now is for what waits.
    this.#context.enter(this.#running?.speaker ?? null);
    for (const message of messages) this.#obey(message);
    void this.#pump();
  }

  #obey(message: ToEngine): void {
    switch (message.type) {
      case 'welcome':
        this.#globals.self.id = message.engineId;
        this.#globals.self.uuid = message.engineUuid;
        this.#ear.connect(message.interruptFlag);
        if (message.board) this.#comm.share(message.board.memory, message.board.slot);
        if (message.slate) this.#slate = new SlateWriter(message.slate);
        this.#done.slate = this.#slate;
        if (message.claims) this.#claims = new ItemClaims(message.claims);
        return;
      case 'request':
        this.#queue.add({ ...message, place: this.#received++ });
        return;
      case 'items':
        this.#takeIn(message);
        return;
      case 'abort':
        for (const msgId of message.msgIds) this.#queue.abort(msgId, 'It was aborted before it started.');
        return;
      case 'recall':
        this.#queue.giveBack(message.spans);
        return;
      case 'interrupt':
        this.#interrupt(message.msgId);
        return;
      case 'lend': {
        const { client, n, memory } = message;
        if (memory !== null) this.#lent.set(client, new LentMemory(n, memory));
        else if (this.#lent.get(client)?.n === n) this.#lent.delete(client);
        return;
      }
      case 'comm':
        this.#comm.receive(message.message);
        return;
      case 'comm-wake':
        this.#comm.wake();
        return;
      case 'comm-ended':
        this.#comm.memberEnded(message.group, message.ended);
        return;
      case 'clear':
        this.#variables.askClear(message.token);
        return;
      case 'look':
        this.#variables.look(message);
        return;
      case 'library':
        this.#libraries.get(message.name)?.resolve(message.module);
        this.#libraries.delete(message.name);
        return;
    }
  }

  #takeIn(message: Extract<ToEngine, { readonly type: 'items' }>): void {
    const key = `${message.client}_${String(message.call)}`;
    if (message.items.f !== null) this.#calls.set(key, message.items.f);
    const items = { ...message.items, f: this.#calls.get(key) };
    const queued = new QueuedItems({ ...message, items }, this.#receivedItems, this.#claims);
    this.#receivedItems += queued.count;
    this.#queue.addItems(queued);
  }

  #interrupt(msgId: MsgId): void {
    if (this.#running?.item.msgId !== msgId) {
      this.#queue.interrupt(msgId);
      return;
    }
    this.#running.abandoned = true;
    this.#running.stop?.reject(new KeyboardInterrupt());
    this.#comm.interrupt();
    this.#globals.sleeper.interrupt();
  }

  #needLibrary(name: string): Promise<LibraryAnswer> {
    const known = this.#libraries.get(name);
    if (known) return known.promise;
    const answer = deferred<LibraryAnswer>();
    this.#libraries.set(name, answer);
    this.#host.link.post({ type: 'need-library', name });
    return answer.promise;
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    for (;;) {
      this.#variables.removeAsked();
      const { head } = this.#queue;
      if (!head) break;
      const ended =
        head instanceof QueuedItems && this.#canRunItems(head) ? this.#items.run(head) : this.#runNext();
      if (ended) await ended;
      if (this.#host.clock.now() - this.#turnBegan > LONGEST_TURN) await this.#nextTurn();
    }
    if (!this.#done.isEmpty) this.#tellItems(this.#host.clock.now());
    this.#pumping = false;
  }

  /** Together: where the host breaks work off from outside, and where items leave something behind, each is on its own. */
  #canRunItems(queued: QueuedItems): boolean {
    return this.#host.breakable === undefined && this.#items.canRun(queued);
  }

  #runNext(): Promise<void> | undefined {
    const item = this.#queue.take();
    return item && this.#run(item);
  }

  #finishItem(queued: QueuedItems, item: number, begun: Begun, replay: Replay): Promise<void> | undefined {
    const request = queued.request(item);
    const running = (this.#running = {
      item: request,
      ...begun,
      room: () => this.#roomFor(request),
      stop: null,
      abandoned: false,
    });
    try {
      const work = performItem(queued.items, replay, this.#performer, running);
      const displays = this.#globals.displaysSettled();
      if (isThenable(work) || displays) return this.#await(running, work);
      this.#end(running, outcomeOf(work), null);
    } catch (error) {
      this.#fail(running, error);
    }
    return undefined;
  }

  /** Lets messages in that came meanwhile: an abort of what is queued must not wait for all of it. */
  #nextTurn(): Promise<void> {
    if (this.#queue.isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      this.#host.timers.after(0, () => {
        this.#turnBegan = this.#host.clock.now();
        resolve();
      });
    });
  }

  /** A promise only if the code waits for something. */
  #run(item: QueuedRequest): Promise<void> | undefined {
    const running = this.#begin(item);
    try {
      if (this.#queue.takeInterrupt(item.msgId)) throw new KeyboardInterrupt();
      const work = this.#breakable(() => perform(item.request, this.#performer, running));
      const displays = this.#globals.displaysSettled();
      if (isThenable(work) || displays) return this.#await(running, work);
      this.#comm.check();
      if (this.#lingering.lingers) return this.#endLater(running, work);
      this.#end(running, outcomeOf(work), work.executeResult);
    } catch (error) {
      this.#fail(running, error);
    }
    return undefined;
  }

  /** Its turn ends first, with all that its code has made ready: that is its own, and not the next one's. */
  async #endLater(running: Running, work: Performed): Promise<void> {
    await this.#turnsPass();
    this.#end(running, outcomeOf(work), work.executeResult);
  }

  /** Two: the platform tells of unhandled rejections in a turn of its own. */
  async #turnsPass(): Promise<void> {
    for (let i = 0; i < 2; i++)
      await new Promise<void>((resolve) => {
        this.#inNextTurn(resolve);
      });
  }

  #inNextTurn(callback: () => void): void {
    if (this.#host.nextTurn) this.#host.nextTurn(callback);
    else this.#host.timers.after(0, callback);
  }

  #breakable<T>(work: () => T): T {
    return this.#host.breakable ? this.#host.breakable(work) : work();
  }

  async #await(running: Running, work: Performed | Promise<Performed>): Promise<void> {
    // Nobody knows how long it waits.
    this.#done.flush();
    this.#tellSoon();
    const stop = deferred<never>();
    running.stop = stop;
    try {
      const performed = await Promise.race([this.#withDisplays(work), stop.promise]);
      this.#comm.check();
      this.#end(running, outcomeOf(performed), performed.executeResult);
    } catch (error) {
      this.#fail(running, error);
    }
  }

  async #withDisplays(work: Performed | Promise<Performed>): Promise<Performed> {
    try {
      return await work;
    } finally {
      await this.#globals.displaysSettled();
    }
  }

  #begin(item: QueuedRequest): Running {
    const { link, clock } = this.#host;
    const room = () => this.#roomFor(item);
    this.#ear.begin(item.msgId);
    this.#lingering.begin();
    if (item.request.method === 'execute') this.#lingering.noteCell(item.request.code.source);
    this.#comm.begin(item.membership);
    if (item.request.method === 'execute' && !item.request.silent) this.#executionCount++;
    // What has ended before this one: it may not wait for code that never pauses.
    this.#done.flush();
    link.flush();
    const speaker = new Speaker(MsgId.client(item.msgId), MsgId.number(item.msgId));
    const started = clock.now();
    this.#output.begin(speaker, started);
    const running: Running = { item, started, speaker, room, stop: null, abandoned: false };
    this.#running = running;
    return running;
  }

  #roomFor({ client, msgId }: QueuedRequest): LentMemory | null {
    const memory = this.#lent.get(client);
    return memory?.isOpenFor(MsgId.number(msgId)) === true ? memory : null;
  }

  #fail(running: Running, thrown: unknown): void {
    this.#end(running, { status: 'error', error: this.#toWire(thrown) }, null);
  }

  #end(
    { item, started, speaker, abandoned }: Running,
    outcome: Outcome,
    executeResult: MimeBundle | null,
  ): void {
    const { link, clock } = this.#host;
    if (abandoned) this.#output.abandon(speaker);
    else this.#output.end(speaker);
    this.#running = null;
    this.#ear.end();
    const called = outcome.status === 'ok' ? this.#comm.called : null;
    this.#comm.end();
    const facts = { started, completed: clock.now(), executeResult, executionCount: this.#executionCount };
    const names = this.#variables.namesAfter(item.request.method);
    const isBare = executeResult === null && !names && called === null;
    if (!abandoned && isBare && this.#writeDown(item, outcome, facts)) return;
    this.#toldAt = facts.completed;
    const buffers = payloadOf(outcome)?.buffers ?? [];
    link.post(
      {
        type: 'reply',
        reply: { msgId: item.msgId, outcome, facts, ...(called && { called }) },
        ...(names ? { names } : {}),
      },
      buffers,
    );
    if (outcome.status === 'error' && item.abortsQueueOnError) this.#queue.abortBehind(item, outcome.error);
  }

  /** Of a tiny task that others follow at once, its answer need not be a message. */
  #writeDown({ place, of }: QueuedRequest, outcome: Outcome, facts: ItemTimes): boolean {
    if (this.#queue.isEmpty || outcome.status !== 'ok') return false;
    if (facts.completed - this.#toldAt > LONGEST_SILENCE) return false;
    const { buffers, shared, lent } = outcome.value;
    if (buffers.length > 0 || shared !== undefined || lent !== undefined) return false;
    if (of === undefined) return this.#slate?.write(place, this.#posted, outcome.value, facts) === true;
    const { value, bytes, canned } = outcome.value;
    if (canned || !isSmall(value)) return false;
    const boxed = of.queued.items.method === 'map';
    this.#done.add(of.queued, of.item, boxed ? (value as unknown[])[0] : value, bytes, { ...facts, boxed });
    return true;
  }

  /** What runs waits for something, and what is on the slate should not: if it is still there in the next turn. */
  #tellSoon(): void {
    if (this.#slate?.isEmpty !== false || this.#isToTell) return;
    this.#isToTell = true;
    this.#inNextTurn(() => {
      this.#isToTell = false;
      if (this.#slate?.isEmpty === false) this.#host.link.post({ type: 'slate' });
    });
  }

  #toWire(thrown: unknown): WireError {
    const request = this.#running?.item.request;
    return toWireError(thrown, {
      engineInfo: this.#engineInfo(request?.method ?? 'execute'),
      mapPosition: this.#positions.map,
      ...(request?.method === 'execute' ? { url: request.code.url } : {}),
    });
  }

  #engineInfo(method: string): EngineInfo | null {
    const { id, uuid } = this.#globals.self;
    return id === null ? null : { engineId: id, engineUuid: uuid ?? ('' as EngineUuid), method };
  }
}
