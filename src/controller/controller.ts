import { assertNever } from '../base/assert.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import type { Random } from '../base/random.ts';
import type { Adapt } from '../protocol/adapt.ts';
import type {
  Answer,
  EngineState,
  FromController,
  Question,
  ToController,
} from '../protocol/client-messages.ts';
import { ClientId, MsgId, type EngineId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import type { LookQuestion } from '../protocol/looking.ts';
import type { StoredTask } from '../protocol/stored-task.ts';
import { TuttiError } from '../protocol/tutti-error.ts';
import { ClientDesk } from './client-desk.ts';
import { EngineDesk, type EngineDeskSetup } from './engine-desk.ts';
import { timerKey, type HubEffect, type HubEvent, type Timer } from './events.ts';
import type { Places } from './places.ts';
import { LendingDesk } from './lending-desk.ts';
import { isStoredTask } from './guards.ts';
import { upgradedTask } from './hub/upgrade-stored.ts';
import { createHub, type Hub } from './hub/hub.ts';
import type { StoryLine } from './hub/story.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';

export interface ControllerSetup extends EngineDeskSetup {
  readonly random: Random;
  readonly options?: HubOptionsSpec;
  /** Shared with other controllers of this host: how many engines they have at most together. */
  readonly places?: Places;
  /** The list of engines, by id, whenever it changes. */
  onEngines?(engines: readonly EngineState[]): void;
  /** Sentences for the reader. `losesNames`: an engine's variables are gone. */
  onNotice?(level: 'info' | 'warning', text: string, losesNames: boolean): void;
  /** How the number of engines is adapted to the queue, when somebody has said so; null: by hand. */
  onAdapt?(adapt: Adapt | null): void;
  /** Where tasks are kept that are to outlive the page; the database `indexeddb` needs it. */
  onRecord?(kept: readonly StoredTask[], gone: readonly MsgId[]): void;
}

/** The controller refused what its host asked for; `name` says why (`IndexError`, `EngineError` …). */
export class ControllerError extends TuttiError {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
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
  readonly #engines: EngineDesk;
  readonly #lending: LendingDesk;
  readonly #clients: ClientDesk;
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
    const { random, options, places } = setup;
    if (options?.database === 'indexeddb' && setup.onRecord === undefined) {
      throw new TypeError("There is no IndexedDB here; database must be 'memory' or 'none'.");
    }
    const canTakeBack = typeof SharedArrayBuffer !== 'undefined';
    this.#hub = createHub({ random, canTakeBack, ...(options && { options }), ...(places && { places }) });
    this.#engines = new EngineDesk(setup, (events) => {
      this.#handle(events);
    });
    this.#lending = new LendingDesk((message) => {
      this.#engines.tellAll(message);
    });
    this.#clients = new ClientDesk(this.#lending);
    this.#host = ClientId.create(random);
    this.#handle([{ type: 'client-connected', at: this.#now(), clientId: this.#host }]);
  }

  /** A link on which one or more clients speak. Their queued work is dropped when it is lost. */
  attachClient(link: Link<ToController, FromController>): void {
    link.onMessages((batch) => {
      this.#handle(this.#clients.hear(link, batch, this.#now()));
    });
    link.onLost(() => {
      this.#handle(this.#clients.lost(link, this.#now()));
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
    return this.#engines.look(engine, n, question);
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
    // Those of one call have one time: they are numbered.
    const known = tasks
      .filter(isStoredTask)
      .map(upgradedTask)
      .sort(
        (a, b) => a.header.submitted - b.header.submitted || MsgId.number(a.msgId) - MsgId.number(b.msgId),
      );
    this.#handle([{ type: 'history-restored', at: this.#now(), tasks: known }]);
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
        this.#engines.send(effect);
        break;
      case 'tell':
        this.#tell(effect.clientId, effect.message, effect.transfer);
        break;
      case 'start-engine':
        this.#engines.start(
          { id: effect.engineId, uuid: effect.uuid, generation: effect.generation },
          this.#lending.welcome(),
        );
        break;
      case 'terminate-engine':
        this.#engines.terminate(effect.uuid);
        break;
      case 'set-timer':
        this.#setTimer(effect.timer, effect.delay);
        break;
      case 'cancel-timer':
        this.#cancelTimer(effect.timer);
        break;
      case 'publish':
        this.#clients.publish(effect.engines);
        return this.#setup.onEngines?.(effect.engines);
      case 'adapting':
        return this.#setup.onAdapt?.(effect.adapt);
      case 'record':
        return this.#setup.onRecord?.(effect.kept, effect.gone);
      case 'member-ended':
        this.#engines.memberEnded(effect);
        break;
      case 'notice':
        return this.#setup.onNotice?.(effect.level, effect.text, effect.losesNames === true);
      default:
        return assertNever(effect);
    }
  }

  #tell(clientId: ClientId, message: FromController, transfer: readonly ArrayBuffer[]): void {
    if (clientId !== this.#host) this.#clients.tell(clientId, message, transfer);
    else if (message.type === 'answer') {
      this.#hostAnswers.get(message.n)?.resolve(message.answer);
      this.#hostAnswers.delete(message.n);
    }
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
}
