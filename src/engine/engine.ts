import type { Clock, Timers } from '../base/clock.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import { randomName, type Random } from '../base/random.ts';
import type { FromEngine, LibraryAnswer, ToEngine } from '../protocol/engine-messages.ts';
import type { EngineInfo, WireError } from '../protocol/errors.ts';
import type { EngineUuid, MsgId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { LentMemory } from '../protocol/lent-memory.ts';
import { NEVER_RAN, type Outcome } from '../protocol/replies.ts';
import type { Evaluator } from '../realm/evaluator.ts';
import type { MimeBundle } from '../protocol/outputs.ts';
import { installGuards } from '../realm/install-guards.ts';
import { InterruptEar } from '../realm/interrupt-ear.ts';
import { KeyboardInterrupt } from '../realm/keyboard-interrupt.ts';
import { isThenable } from '../realm/mime.ts';
import { lookUp } from '../realm/looking/look.ts';
import { Shelf } from '../realm/looking/shelf.ts';
import { Survey } from '../realm/looking/survey.ts';
import { Namespace } from '../realm/namespace.ts';
import { PositionMap } from '../realm/position-map.ts';
import { holdThread } from '../realm/sleep.ts';
import { createReviver } from '../realm/reviver.ts';
import { toWireError } from '../realm/wire-error.ts';
import { NO_FILES, type FilesHost } from '../realm/files/files-host.ts';
import { CommRunner } from './comm/comm-runner.ts';
import { installGlobals, type EngineGlobals } from './engine-globals.ts';
import { EngineOutput } from './engine-output.ts';
import { NameReport } from './name-report.ts';
import { perform, type Performed, type Performer } from './perform.ts';

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
  importUrl(url: string): Promise<unknown>;
  /** Files beside the notebook. Default: there are none. */
  readonly files?: FilesHost;
  /** Loads packages by the host's own rules, where it has some (Node). Default: bundled ones, else a CDN's. */
  readonly importPackage?: (specifier: string) => Promise<unknown>;
  /**
   * Runs `work` so that the host can break it off from outside, whatever it does; then it throws
   * KeyboardInterrupt. Default: only what hears the interrupt flag can be stopped.
   */
  readonly breakable?: <T>(work: () => T) => T;
}

export interface Engine {
  /** An error that no request waited for (an uncaught exception of a timer, an unhandled rejection): goes to
   * stderr. */
  reportStray(error: unknown): void;
}

export function createEngine(host: EngineHost): Engine {
  return new RunningEngine(host);
}

type QueuedRequest = Extract<ToEngine, { type: 'request' }>;

interface Running {
  readonly item: QueuedRequest;
  readonly started: number;
  /** Its client's memory for a large result, if it has lent some. */
  readonly room: LentMemory | null;
  /** Rejects when the request is interrupted; null as long as it does not wait, for then nobody can. */
  stop: Deferred<never> | null;
  abandoned: boolean;
}

/** Milliseconds of queued work after which the engine looks at its messages. */
const LONGEST_TURN = 25;

class RunningEngine implements Engine {
  readonly #host: EngineHost;
  readonly #ear: InterruptEar;
  readonly #output: EngineOutput;
  readonly #comm: CommRunner;
  readonly #globals: EngineGlobals;
  readonly #namespace: Namespace;
  readonly #positions = new PositionMap();
  readonly #shelf: Shelf;
  readonly #survey: Survey;
  readonly #names: NameReport;
  readonly #performer: Performer;
  /** Not started, in order of arrival. */
  readonly #queue = new Map<MsgId, QueuedRequest>();
  /** Tokens of `clear`s to be done when what runs has ended. */
  readonly #clears: number[] = [];
  /** Variables to be removed then, and the question that each answers. */
  readonly #forgets: { readonly n: number; readonly name: string }[] = [];
  /** Queued ones that were interrupted before they began: they end with it in their turn. */
  readonly #interrupted = new Set<MsgId>();
  readonly #libraries = new Map<string, Deferred<LibraryAnswer>>();
  /** Memory of clients for large results, by client and number. */
  readonly #lent = new Map<string, LentMemory>();
  /** Null between requests. */
  #running: Running | null = null;
  /** The loop over the queue is under way. */
  #pumping = false;
  #turnBegan = 0;
  #executionCount = 0;

  constructor(host: EngineHost) {
    this.#host = host;
    const { evaluator, clock, link } = host;
    this.#ear = new InterruptEar(clock);
    this.#output = new EngineOutput(link, clock);
    this.#namespace = new Namespace(evaluator);
    installGuards(evaluator, this.#namespace, this.#ear);
    this.#shelf = new Shelf(
      () => randomName(host.random, 16),
      (path) => lookUp(evaluator.globals, path),
    );
    this.#survey = new Survey(
      evaluator.globals,
      () => this.#namespace.keys(),
      () => clock.now(),
    );
    this.#comm = this.#createComm();
    this.#globals = this.#installGlobals();
    this.#names = new NameReport(this.#namespace, clock);
    this.#performer = {
      evaluator,
      namespace: this.#namespace,
      reviver: createReviver(evaluator, this.#globals.builtins, this.#positions),
      positions: this.#positions,
      shelf: this.#shelf,
      properties: this.#globals.self.properties,
      clear: () => {
        this.#empty();
      },
      toWire: (thrown) => this.#toWire(thrown),
    };
    link.onMessages((messages) => {
      this.#receive(messages);
    });
    link.post({ type: 'ready', bootMs: host.bootMs });
    link.flush();
  }

  reportStray(error: unknown): void {
    // An interrupted task's own promises reject; that is no news.
    if (error instanceof KeyboardInterrupt) return;
    this.#output.stray(`Uncaught ${this.#toWire(error).traceback.join('\n')}\n`);
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
      importUrl: (url) => this.#host.importUrl(url),
      namespace: this.#namespace,
      output: this.#output,
      shelf: this.#shelf,
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
        return;
      case 'request':
        this.#queue.set(message.msgId, message);
        return;
      case 'abort':
        for (const msgId of message.msgIds) this.#abort(msgId, 'It was aborted before it started.');
        return;
      case 'recall':
        this.#giveBack(message.msgIds);
        return;
      case 'interrupt':
        this.#interrupt(message.msgId);
        return;
      case 'lend': {
        const key = lentKey(message.client, message.n);
        if (message.memory === null) this.#lent.delete(key);
        else this.#lent.set(key, new LentMemory(message.n, message.memory));
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
        this.#clears.push(message.token);
        return;
      case 'look':
        this.#look(message);
        return;
      case 'library':
        this.#libraries.get(message.name)?.resolve(message.module);
        this.#libraries.delete(message.name);
        return;
    }
  }

  #look({ n, question }: Extract<ToEngine, { type: 'look' }>): void {
    if (question.type === 'forget') {
      this.#forgets.push({ n, name: question.name });
      return;
    }
    const answer =
      question.type === 'variables' ? this.#survey.answer(question) : this.#shelf.answer(question);
    this.#host.link.post({ type: 'seen', n, answer });
  }

  #abort(msgId: MsgId, reason: string): void {
    const item = this.#queue.get(msgId);
    if (!this.#queue.delete(msgId)) return;
    this.#comm.dismiss(item?.membership);
    this.#interrupted.delete(msgId);
    const facts = { ...NEVER_RAN, executionCount: this.#executionCount };
    this.#host.link.post({ type: 'reply', reply: { msgId, outcome: { status: 'aborted', reason }, facts } });
  }

  #giveBack(msgIds: readonly MsgId[]): void {
    const returned = msgIds.filter((msgId) => this.#queue.delete(msgId));
    for (const msgId of returned) this.#interrupted.delete(msgId);
    this.#host.link.post({ type: 'returned', msgIds: returned });
  }

  #interrupt(msgId: MsgId): void {
    if (this.#queue.has(msgId)) this.#interrupted.add(msgId);
    if (this.#running?.item.msgId !== msgId) return;
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
      this.#clear();
      const [item] = this.#queue.values();
      if (!item) break;
      this.#queue.delete(item.msgId);
      const ended = this.#run(item);
      if (ended) await ended;
      if (this.#host.clock.now() - this.#turnBegan > LONGEST_TURN) await this.#nextTurn();
    }
    this.#pumping = false;
  }

  /** Lets messages in that came meanwhile: an abort of what is queued must not wait for all of it. */
  #nextTurn(): Promise<void> {
    if (this.#queue.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#host.timers.after(0, () => {
        this.#turnBegan = this.#host.clock.now();
        resolve();
      });
    });
  }

  #clear(): void {
    for (const token of this.#clears.splice(0)) {
      this.#empty();
      this.#host.link.post({ type: 'cleared', token });
    }
    for (const { n, name } of this.#forgets.splice(0)) {
      this.#namespace.forget(name);
      this.#names.forget();
      this.#host.link.post({ type: 'seen', n, answer: { type: 'forgotten' } });
    }
  }

  #empty(): void {
    this.#namespace.clear();
    this.#names.forget();
    this.#shelf.clear();
  }

  /** A promise only if the code waits for something. */
  #run(item: QueuedRequest): Promise<void> | undefined {
    const running = this.#begin(item);
    try {
      if (this.#interrupted.delete(item.msgId)) throw new KeyboardInterrupt();
      const work = this.#breakable(() => perform(item.request, this.#performer, running));
      const displays = this.#globals.displaysSettled();
      if (isThenable(work) || displays) return this.#await(running, work);
      this.#end(running, { status: 'ok', value: work.value }, work.executeResult);
    } catch (error) {
      this.#fail(running, error);
    }
    return undefined;
  }

  #breakable<T>(work: () => T): T {
    return this.#host.breakable ? this.#host.breakable(work) : work();
  }

  async #await(running: Running, work: Performed | Promise<Performed>): Promise<void> {
    const stop = deferred<never>();
    running.stop = stop;
    try {
      const { value, executeResult } = await Promise.race([this.#withDisplays(work), stop.promise]);
      this.#end(running, { status: 'ok', value }, executeResult);
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
    const { client, lent } = item;
    const room = lent === undefined ? null : (this.#lent.get(lentKey(client, lent)) ?? null);
    const running: Running = { item, started: clock.now(), room, stop: null, abandoned: false };
    this.#running = running;
    this.#ear.begin(item.msgId);
    this.#comm.begin(item.membership);
    if (item.request.method === 'execute' && !item.request.silent) this.#executionCount++;
    // The reply before this one: it may not wait for code that never pauses.
    link.flush();
    this.#output.begin(item.msgId);
    return running;
  }

  #fail(running: Running, thrown: unknown): void {
    this.#end(running, { status: 'error', error: this.#toWire(thrown) }, null);
  }

  #end({ item, started, abandoned }: Running, outcome: Outcome, executeResult: MimeBundle | null): void {
    const { link, clock } = this.#host;
    if (abandoned) this.#output.abandon();
    else this.#output.settle();
    this.#running = null;
    this.#ear.end();
    this.#comm.end();
    const facts = { started, completed: clock.now(), executeResult, executionCount: this.#executionCount };
    const names = this.#names.after(item.request.method);
    const buffers = outcome.status === 'ok' ? outcome.value.buffers : [];
    link.post(
      { type: 'reply', reply: { msgId: item.msgId, outcome, facts }, ...(names ? { names } : {}) },
      buffers,
    );
    if (outcome.status === 'error' && item.abortsQueueOnError) this.#abortQueueOf(item, outcome.error);
  }

  #abortQueueOf({ msgId, client }: QueuedRequest, error: WireError): void {
    const reason = `It was queued behind ${msgId}, which failed: ${error.ename}: ${error.evalue}`;
    for (const queued of [...this.#queue.values()]) {
      if (queued.client === client) this.#abort(queued.msgId, reason);
    }
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

function lentKey(client: string, n: number): string {
  return `${client} ${String(n)}`;
}
