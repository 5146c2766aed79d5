import { assertNever } from '../base/assert.ts';
import type { Clock, Timers } from '../base/clock.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import type { Random } from '../base/random.ts';
import type {
  Answer,
  EngineState,
  FromController,
  Question,
  ToController,
} from '../protocol/client-messages.ts';
import type { FromEngine, LibraryAnswer, ToEngine } from '../protocol/engine-messages.ts';
import { ClientId, type EngineId, type EngineUuid, type MsgId } from '../protocol/ids.ts';
import { askInterrupt, createInterruptFlag, type InterruptFlag } from '../protocol/interrupt-flag.ts';
import type { Link } from '../protocol/link.ts';
import type { LookAnswer, LookQuestion } from '../protocol/looking.ts';
import type { EngineRequest } from '../protocol/requests.ts';
import type { StoredTask } from '../protocol/stored-task.ts';
import { TuttiError } from '../protocol/tutti-error.ts';
import { CommDesk } from './comm-desk.ts';
import { timerKey, type HubEffect, type HubEvent, type Timer } from './events.ts';
import { LendingDesk } from './lending-desk.ts';
import { isFromEngine, isStoredTask, isToController } from './guards.ts';
import { createHub, type Hub } from './hub/hub.ts';
import type { StoryLine } from './hub/story.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';
import { clientEvents, engineEvent } from './translate.ts';

/** One life of an engine, to be launched. */
export interface EngineSpec {
  readonly id: EngineId;
  readonly uuid: EngineUuid;
  /** 1 for the first life. */
  readonly generation: number;
}

export interface ControllerSetup {
  /** Starts a worker. A throw counts as the engine's death. The link is closed when the engine is to end. */
  launch(spec: EngineSpec): Link<FromEngine, ToEngine>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly options?: HubOptionsSpec;
  /** Memory that engines can share (`boardMemory()`), so that they can wait for each other's messages. Without it
   * messages go through here, and can only be awaited. */
  readonly memory?: SharedArrayBuffer | null;
  /** The list of engines, by id, whenever it changes. */
  onEngines?(engines: readonly EngineState[]): void;
  /** Sentences for the reader. `losesNames`: an engine's variables are gone. */
  onNotice?(level: 'info' | 'warning', text: string, losesNames: boolean): void;
  /** The answer to `look`. */
  onSeen?(n: number, answer: LookAnswer): void;
  /** Where tasks are kept that are to outlive the page; the database `indexeddb` needs it. */
  onRecord?(kept: readonly StoredTask[], gone: readonly MsgId[]): void;
  /** Text of the bundled library, for engines that import it. */
  readLibrary?(name: string): Promise<LibraryAnswer>;
}

/** The controller refused what its host asked for; `name` says why (`IndexError`, `EngineError` …). */
export class ControllerError extends TuttiError {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** One life of an engine, as the shell knows it. */
interface EngineLine {
  readonly id: EngineId;
  readonly link: Link<FromEngine, ToEngine>;
  /** Null without shared memory. */
  readonly interruptFlag: InterruptFlag | null;
  /** The last request posted. */
  last: EngineRequest | null;
}

/**
 * The hub's shell: it turns messages into events, performs the effects, and decides nothing. All messages of a
 * batch are handled before the first effect is performed, and links send once per turn.
 *
 * Throws RangeError or TypeError for bad options.
 */
export class Controller {
  readonly #setup: ControllerSetup;
  readonly #hub: Hub;
  readonly #comm: CommDesk;
  readonly #lending: LendingDesk;
  readonly #engines = new Map<EngineUuid, EngineLine>();
  /** Several clients may share one link. */
  readonly #clients = new Map<ClientId, Link<ToController, FromController>>();
  /** By `timerKey`: how to cancel it. */
  readonly #timers = new Map<string, () => void>();
  /** The host asks as a client of its own. */
  readonly #host: ClientId;
  readonly #hostAnswers = new Map<number, Deferred<Answer>>();
  #questions = 0;
  /** Not yet handled. */
  #events: HubEvent[] = [];
  #handling = false;

  constructor(setup: ControllerSetup) {
    this.#setup = setup;
    const { random, options } = setup;
    if (options?.database === 'indexeddb' && setup.onRecord === undefined) {
      throw new TypeError("There is no IndexedDB here; database must be 'memory' or 'none'.");
    }
    this.#hub = createHub(options === undefined ? { random } : { random, options });
    this.#comm = new CommDesk(setup.memory ?? null, (uuid, message) => {
      this.#engines.get(uuid)?.link.post(message);
    });
    this.#lending = new LendingDesk((message) => {
      for (const { link } of this.#engines.values()) link.post(message);
    });
    this.#host = ClientId.create(random);
    this.#handle([{ type: 'client-connected', at: this.#now(), clientId: this.#host }]);
  }

  /** A link on which one or more clients speak. Their queued work is dropped when it is lost. */
  attachClient(link: Link<ToController, FromController>): void {
    link.onMessages((batch) => {
      this.#hearClients(link, batch);
    });
    link.onLost(() => {
      const gone = [...this.#clients].filter(([, other]) => other === link).map(([clientId]) => clientId);
      for (const clientId of gone) this.#forget(clientId);
      this.#handle(gone.map((clientId) => ({ type: 'client-disconnected', at: this.#now(), clientId })));
    });
  }

  /** Resolves with the ids of those that are ready, when all are ready or given up. Rejects when none is. */
  async startEngines(n: number): Promise<readonly EngineId[]> {
    return (await this.ask({ type: 'start-engines', n })) as readonly EngineId[];
  }

  /** One engine, under the id asked for if that is free, else under the next. */
  startEngine(requestedId: EngineId | null = null): void {
    this.#handle([{ type: 'engine-asked', at: this.#now(), requestedId }]);
  }

  /** Null: all. What runs there fails with EngineError. */
  async stopEngines(engines: readonly EngineId[] | null): Promise<void> {
    await this.ask({ type: 'shutdown', engines, restart: false });
  }

  /** New lives under the same ids; null: all, those left dead too. Resolves when they are ready or given up. */
  async restartEngines(engines: readonly EngineId[] | null): Promise<void> {
    await this.ask({ type: 'shutdown', engines, restart: true });
  }

  /** Null: all. What has not stopped within the grace is terminated and started anew. */
  interruptEngines(engines: readonly EngineId[] | null): void {
    this.#handle([{ type: 'interrupt-asked', at: this.#now(), engines }]);
  }

  /** Looks into a value of an engine; `onSeen` is told the answer. False: there is no such engine. */
  look(engine: EngineId, n: number, question: LookQuestion): boolean {
    const line = [...this.#engines.values()].find(({ id }) => id === engine);
    line?.link.post({ type: 'look', n, question });
    return line !== undefined;
  }

  /** Any question a client may ask; see `Questions` for the values. Rejects with `ControllerError`. */
  async ask(question: Question): Promise<unknown> {
    const n = this.#questions++;
    const waiting = deferred<Answer>();
    this.#hostAnswers.set(n, waiting);
    this.#handle([{ type: 'asked', at: this.#now(), clientId: this.#host, n, question }]);
    const answer = await waiting.promise;
    if (answer.ok) return answer.value;
    throw new ControllerError(answer.ename, answer.evalue);
  }

  /** The life of one task, oldest line first. */
  story(msgId: MsgId): readonly StoryLine[] {
    return this.#hub.story(msgId);
  }

  /** Tasks of earlier visits, as `onRecord` got them; others are left out. */
  restoreHistory(tasks: readonly unknown[]): void {
    this.#handle([{ type: 'history-restored', at: this.#now(), tasks: tasks.filter(isStoredTask) }]);
  }

  /** Finished tasks are forgotten here; the store keeps them. */
  closeHistory(): void {
    this.#handle([{ type: 'history-closed', at: this.#now() }]);
  }

  /** Ends all engines. What was pending fails, and so does what comes later. */
  close(): void {
    this.#handle([{ type: 'closed', at: this.#now() }]);
  }

  /** For tests: throws when the hub contradicts itself. */
  validate(): void {
    this.#hub.validate();
  }

  #now(): number {
    return this.#setup.clock.now();
  }

  // WHAT HAPPENS

  #hearClients(link: Link<ToController, FromController>, batch: readonly unknown[]): void {
    const at = this.#now();
    const messages = batch.filter(isToController);
    const events: HubEvent[] = [];
    for (const message of messages) {
      if (message.type === 'disconnect') this.#forget(message.clientId);
      else if (message.type === 'lend') this.#lending.lend(message);
      else if (message.type === 'connect') this.#clients.set(message.clientId, link);
      else {
        const clientId = speaker(message);
        if (clientId === null || this.#clients.get(clientId) === link) continue;
        this.#clients.set(clientId, link);
        events.push({ type: 'client-connected', at, clientId });
      }
    }
    this.#handle([...events, ...clientEvents(messages, at)]);
  }

  #forget(clientId: ClientId): void {
    this.#clients.delete(clientId);
    this.#lending.forget(clientId);
  }

  #hearEngine(uuid: EngineUuid, batch: readonly unknown[]): void {
    if (!this.#engines.has(uuid)) return;
    const at = this.#now();
    const events: HubEvent[] = [];
    for (const message of batch) {
      if (!isFromEngine(message)) continue;
      if (message.type === 'need-library') void this.#provide(uuid, message.name);
      else if (message.type === 'seen') this.#setup.onSeen?.(message.n, message.answer);
      else if (message.type === 'comm-wake') this.#comm.wake(message.slot);
      else if (message.type === 'comm') {
        const { to, message: letter } = message;
        this.#engines.get(to)?.link.post({ type: 'comm', message: letter }, letter.value.buffers);
      } else events.push(engineEvent(message, uuid, at));
    }
    this.#handle(events);
  }

  async #provide(uuid: EngineUuid, name: string): Promise<void> {
    const readLibrary = this.#setup.readLibrary?.bind(this.#setup);
    const module = readLibrary
      ? await readLibrary(name).catch((error: unknown): LibraryAnswer => ({
          ok: false,
          reason: String(error),
        }))
      : ({ ok: false, reason: `There is no library named ${name} here.` } as const);
    this.#engines.get(uuid)?.link.post({ type: 'library', name, module });
  }

  /** A broken invariant is thrown when all else has been done: one bad event must not take others with it. */
  #handle(events: readonly HubEvent[]): void {
    for (const event of events) this.#events.push(event);
    if (this.#handling) return;
    this.#handling = true;
    const errors: unknown[] = [];
    while (this.#events.length > 0) {
      const batch = this.#events;
      this.#events = [];
      for (const effects of batch.map((event) => this.#react(event, errors))) this.#perform(effects, errors);
    }
    this.#perform(this.#react({ type: 'turn-ended', at: this.#now() }, errors), errors);
    this.#handling = false;
    if (errors.length > 0) throw errors[0];
  }

  #react(event: HubEvent, errors: unknown[]): readonly HubEffect[] {
    try {
      return this.#hub.handle(event);
    } catch (error) {
      errors.push(error);
      return [];
    }
  }

  // WHAT IS DONE

  #perform(effects: readonly HubEffect[], errors: unknown[]): void {
    for (const effect of effects) {
      try {
        this.#performOne(effect);
      } catch (error) {
        errors.push(error);
      }
    }
  }

  #performOne(effect: HubEffect): void {
    switch (effect.type) {
      case 'send':
        this.#send(effect);
        break;
      case 'tell':
        this.#tell(effect.clientId, effect.message, effect.transfer);
        break;
      case 'start-engine':
        this.#startEngine({ id: effect.engineId, uuid: effect.uuid, generation: effect.generation });
        break;
      case 'terminate-engine':
        this.#terminate(effect.uuid);
        break;
      case 'set-timer':
        this.#setTimer(effect.timer, effect.delay);
        break;
      case 'cancel-timer':
        this.#cancelTimer(effect.timer);
        break;
      case 'publish':
        this.#publish(effect.engines);
        break;
      case 'record':
        return this.#setup.onRecord?.(effect.kept, effect.gone);
      case 'member-ended':
        this.#comm.memberEnded(effect.group, effect.ended, effect.uuid, effect.others);
        break;
      case 'notice':
        return this.#setup.onNotice?.(effect.level, effect.text, effect.losesNames === true);
      default:
        return assertNever(effect);
    }
  }

  #send({ uuid, message, beside, transfer, now }: Extract<HubEffect, { readonly type: 'send' }>): void {
    const line = this.#engines.get(uuid);
    if (line === undefined) return;
    if (message.type === 'request') {
      // Two messages cloned together would share what they have in common.
      if (message.request === line.last) line.link.flush();
      line.last = message.request;
    }
    if (message.type === 'interrupt') {
      if (line.interruptFlag) askInterrupt(line.interruptFlag, message.msgId);
      this.#comm.ring(uuid);
    }
    const whole =
      beside && message.type === 'request'
        ? { ...message, membership: this.#comm.membership(uuid, beside) }
        : message;
    line.link.post(whole, transfer);
    if (now) line.link.flush();
  }

  #tell(clientId: ClientId, message: FromController, transfer: readonly ArrayBuffer[]): void {
    if (clientId !== this.#host) this.#clients.get(clientId)?.post(message, transfer);
    else if (message.type === 'answer') {
      this.#hostAnswers.get(message.n)?.resolve(message.answer);
      this.#hostAnswers.delete(message.n);
    }
  }

  #startEngine(spec: EngineSpec): void {
    const { id, uuid } = spec;
    const lost = (reason: string) => {
      this.#handle([{ type: 'engine-lost', at: this.#now(), uuid, reason }]);
    };
    try {
      const link = this.#setup.launch(spec);
      const interruptFlag = createInterruptFlag();
      this.#engines.set(uuid, { id, link, interruptFlag, last: null });
      link.onLost(lost);
      link.onMessages((batch) => {
        this.#hearEngine(uuid, batch);
      });
      const board = this.#comm.welcome(uuid, id);
      link.post({ type: 'welcome', engineId: id, engineUuid: uuid, interruptFlag, ...board });
      for (const message of this.#lending.welcome()) link.post(message);
    } catch (error) {
      lost(`it could not be launched: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #terminate(uuid: EngineUuid): void {
    const line = this.#engines.get(uuid);
    this.#engines.delete(uuid);
    line?.link.close();
    this.#comm.gone(uuid);
  }

  #setTimer(timer: Timer, delay: number): void {
    const key = timerKey(timer);
    const cancel = this.#setup.timers.after(delay, () => {
      this.#timers.delete(key);
      this.#handle([{ type: 'timer-reached', at: this.#now(), timer }]);
    });
    this.#timers.set(key, cancel);
  }

  #cancelTimer(timer: Timer): void {
    const key = timerKey(timer);
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }

  #publish(engines: readonly EngineState[]): void {
    for (const link of new Set(this.#clients.values())) link.post({ type: 'engines', engines });
    this.#setup.onEngines?.(engines);
  }
}

/** The client that a message names as its own, if it does. */
function speaker(message: ToController): ClientId | null {
  if (message.type === 'submit') return message.submission.clientId;
  return message.type === 'ask' || message.type === 'resubmit' ? message.clientId : null;
}
