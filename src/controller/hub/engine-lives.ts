import { assert } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import { EngineUuid, type EngineId } from '../../protocol/ids.ts';
import type { Outcome } from '../../protocol/replies.ts';
import {
  ABORTED,
  aborted,
  argumentsGone,
  deathSentence,
  endedBeforeStart,
  ENDED_BY_SIGNAL,
  endedWhileRunning,
  failure,
  givenUpNotice,
  impossible,
  killedNotice,
  notReplacedNotice,
  ranTooLong,
  replacedNotice,
  type Ending,
} from '../sentences.ts';
import type { BalancedRoute } from '../schedulers/balanced-route.ts';
import type { DependencyGraph } from '../schedulers/dependency-graph.ts';
import type { Places } from '../places.ts';
import type { Context } from './context.ts';
import type { Payloads } from './payloads.ts';
import type { Publisher } from './publisher.ts';
import type { SecondTries } from './second-tries.ts';
import type { Settler } from './settler.ts';
import type { Pending } from './pending.ts';
import { Engine, ItemRange, type Task, type Work } from './state.ts';

/** Seconds: a life that ends sooner after `ready`, with nothing completed, counts as short. */
const SHORT_LIFE = 10;
/** So many short lives in a row, and the engine is left dead. */
const SHORT_LIVES = 3;

/** An engine that was left dead; it can be restarted. */
interface Fallen {
  readonly generation: number;
  /** A sentence. */
  readonly death: string;
}

/** Who waits for engines to be ready or cleared. */
export interface LifeListener {
  engineReady(engine: Engine): void;
  /** This life has ended; another may follow. */
  lifeEnded(engine: Engine): void;
  engineGone(id: EngineId): void;
}

/** Parts of the hub that an engine's death concerns. */
export interface LifeParts {
  readonly context: Context;
  readonly random: Random;
  readonly engines: Map<EngineId, Engine>;
  readonly places: Places;
  readonly balanced: BalancedRoute;
  readonly payloads: Payloads;
  readonly pending: Pending;
  readonly graph: DependencyGraph;
  readonly tries: SecondTries;
  readonly publisher: Publisher;
  readonly settler: Settler;
  readonly listener: LifeListener;
}

/**
 * Starts engines and ends their lives. An ended life leaves no task behind: what ran fails, what was aimed at
 * it fails, load-balanced tasks that had not started go back into line.
 */
export class EngineLives {
  readonly #parts: LifeParts;
  readonly #byUuid = new Map<EngineUuid, Engine>();
  readonly #fallen = new Map<EngineId, Fallen>();
  /** Never given before, except on request. */
  #nextId: EngineId = 0;

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  /** The engine whose present life this is. */
  find(uuid: EngineUuid): Engine | undefined {
    return this.#byUuid.get(uuid);
  }

  /** Why the engine is dead, if it was left so. */
  deathOf(id: EngineId): string | null {
    return this.#fallen.get(id)?.death ?? null;
  }

  get fallen(): EngineId[] {
    return [...this.#fallen.keys()];
  }

  /** A new engine, under the id asked for if that is free. There must be a place for it. */
  start(requestedId: EngineId | null): EngineId {
    const id = requestedId !== null && !this.#isTaken(requestedId) ? requestedId : this.#newId();
    this.#begin(id, 1);
    return id;
  }

  ready(engine: Engine): void {
    if (engine.phase === 'ready') return;
    const { context, balanced, publisher, listener } = this.#parts;
    engine.phase = 'ready';
    engine.readyAt = context.at;
    context.cancelTimer({ type: 'boot', uuid: engine.uuid });
    context.note('engine-ready', null, engine.id);
    publisher.livesChanged();
    balanced.join(engine);
    listener.engineReady(engine);
  }

  /** By itself: crashed, exited, did not start. */
  lost(engine: Engine, reason: string): void {
    const { context } = this.#parts;
    engine.shortLives = this.#wasShort(engine) ? engine.shortLives + 1 : 0;
    const givenUp = engine.shortLives >= SHORT_LIVES;
    const text = !context.options.respawn
      ? notReplacedNotice(engine.id, reason)
      : givenUp
        ? givenUpNotice(engine.id, engine.shortLives, reason)
        : replacedNotice(engine.id, reason);
    context.emit({ type: 'notice', level: 'warning', text, losesNames: true });
    const ending: Ending = { type: 'died', reason };
    if (context.options.respawn && !givenUp) this.#replace(engine, ending);
    else this.#fall(engine, ending);
  }

  /** It did not obey an interrupt. */
  kill(engine: Engine): void {
    const { context } = this.#parts;
    const { grace } = context.options;
    context.emit({
      type: 'notice',
      level: 'warning',
      text: killedNotice(engine.id, grace),
      losesNames: true,
    });
    engine.shortLives = 0;
    this.#replace(engine, { type: 'killed', grace });
  }

  /** By a signal from outside: as if it had died of it. */
  end(engines: readonly Engine[]): void {
    if (this.#parts.context.options.respawn) this.restart(engines);
    else for (const engine of engines) this.lost(engine, ENDED_BY_SIGNAL);
  }

  /** For good. */
  stop(engines: readonly Engine[], ending: Ending = { type: 'stopped' }): void {
    this.#closeToNewWork(engines);
    for (const engine of engines) this.#remove(engine, ending);
  }

  restart(engines: readonly Engine[]): void {
    this.#closeToNewWork(engines);
    for (const engine of engines) {
      engine.shortLives = 0;
      this.#replace(engine, { type: 'restarted' });
    }
  }

  /** An engine that was left dead. There must be a place for it. */
  revive(id: EngineId): void {
    const fallen = this.#fallen.get(id);
    if (fallen === undefined) return;
    this.#fallen.delete(id);
    this.#begin(id, fallen.generation + 1);
  }

  forgetFallen(id: EngineId): void {
    this.#fallen.delete(id);
  }

  /** So that what one of them leaves behind is not given to the next. */
  #closeToNewWork(engines: readonly Engine[]): void {
    for (const engine of engines) this.#parts.balanced.leave(engine);
  }

  #isTaken(id: EngineId): boolean {
    return this.#parts.engines.has(id) || this.#fallen.has(id);
  }

  #newId(): EngineId {
    while (this.#isTaken(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }

  #begin(id: EngineId, generation: number): void {
    assert(this.#parts.places.take(), `There is no place for engine ${String(id)}.`);
    const engine = new Engine(id, EngineUuid.create(this.#parts.random), generation);
    this.#parts.engines.set(id, engine);
    this.#launch(engine);
  }

  #launch(engine: Engine): void {
    const { context, publisher } = this.#parts;
    const { id, uuid, generation } = engine;
    this.#byUuid.set(uuid, engine);
    context.note('start-engine', null, id, `generation ${String(generation)}`);
    context.emit({ type: 'start-engine', engineId: id, uuid, generation });
    context.setTimer({ type: 'boot', uuid }, context.options.startTimeout);
    publisher.livesChanged();
  }

  #replace(engine: Engine, ending: Ending): void {
    const homeless = this.#endLife(engine, ending);
    engine.uuid = EngineUuid.create(this.#parts.random);
    engine.generation++;
    engine.phase = 'starting';
    engine.readyAt = null;
    engine.completedBefore = engine.completed;
    engine.names = [];
    engine.isRecalling = false;
    this.#launch(engine);
    this.#parts.balanced.takeBack(homeless);
  }

  #fall(engine: Engine, ending: Ending): void {
    this.#fallen.set(engine.id, { generation: engine.generation, death: deathSentence(ending) });
    this.#remove(engine, ending);
  }

  #remove(engine: Engine, ending: Ending): void {
    const { engines, places, balanced, publisher, settler, listener } = this.#parts;
    const homeless = this.#endLife(engine, ending);
    engines.delete(engine.id);
    places.giveBack();
    balanced.takeBack(homeless);
    const isLost = ({ targets }: Work) => targets !== null && !targets.some((id) => engines.has(id));
    const lost = [...balanced.waiting.ofGroups(isLost), ...[...this.#parts.graph.held].filter(isLost)];
    for (const task of this.#parts.pending.tasksOf(lost)) {
      settler.decided(task, impossible(task.targets ?? []));
    }
    publisher.departed(engine, ending);
    listener.engineGone(engine.id);
  }

  /** Returns what is to run elsewhere. */
  #endLife(engine: Engine, ending: Ending): Work[] {
    const { context, balanced, listener, settler, tries, pending } = this.#parts;
    context.note('terminate-engine', null, engine.id, deathSentence(ending));
    context.emit({ type: 'terminate-engine', uuid: engine.uuid });
    context.cancelTimer({ type: 'boot', uuid: engine.uuid });
    context.cancelTimer({ type: 'grace', uuid: engine.uuid });
    balanced.leave(engine);
    const homeless: Work[] = [];
    const { running } = engine;
    // It has a fate of its own.
    if (running instanceof ItemRange) pending.get(running.call.idOf(running.from));
    for (const task of [...engine.sent]) {
      if (task instanceof ItemRange) {
        tries.releaseItems(task, engine);
        homeless.push(task);
      } else if (task.state === 'ended') engine.take(task);
      else if (task.state === 'running') {
        if (
          ending.type !== 'closed' &&
          tries.died(task, engine, endedWhileRunning(engine.id, task.name, ending))
        )
          homeless.push(task);
        else settler.decided(task, failureOf(task, engine, ending));
      } else if (!this.#evict(task, engine, ending)) {
        homeless.push(task);
      }
    }
    for (const task of pending.tasksOf([...engine.waiting])) {
      settler.decided(task, failure('EngineError', endedBeforeStart(engine.id, task.name, ending)));
    }
    this.#byUuid.delete(engine.uuid);
    listener.lifeEnded(engine);
    return homeless;
  }

  /** A task that was sent and had not begun: settled (true), or free to run elsewhere (false). */
  #evict(task: Task, engine: Engine, ending: Ending): boolean {
    const { payloads, settler } = this.#parts;
    if (task.wish !== null) {
      settler.decided(task, aborted(ABORTED));
    } else if (!task.balanced) {
      settler.decided(task, failure('EngineError', endedBeforeStart(engine.id, task.name, ending)));
    } else if (task.request === null || payloads.hasMoved(task.request)) {
      settler.decided(task, failure('EngineError', argumentsGone(engine.id, task.name, ending)));
    } else {
      this.#parts.tries.release(task, engine, 'returned');
      return false;
    }
    return true;
  }

  #wasShort(engine: Engine): boolean {
    if (engine.completed > engine.completedBefore) return false;
    return engine.readyAt === null || this.#parts.context.at - engine.readyAt < SHORT_LIFE * 1000;
  }
}

/** Of the task that ran when the life ended. */
function failureOf(task: Task, engine: Engine, ending: Ending): Outcome {
  if (task.overran) return failure('TaskTimeout', ranTooLong(task.name, task.terms.runTimeout));
  return failure('EngineError', endedWhileRunning(engine.id, task.name, ending));
}
