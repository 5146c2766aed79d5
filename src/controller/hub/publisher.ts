import type { EngineState } from '../../protocol/client-messages.ts';
import { deathSentence, type Ending } from '../sentences.ts';
import type { Context } from './context.ts';
import { ItemRange, type Engine, type Work } from './state.ts';

/** Seconds between two lists that differ in counts and running tasks only. */
const INTERVAL = 0.05;

/**
 * Tells the list of engines: at the end of the turn when engines come, go or change their life; at most every
 * `INTERVAL` when only their work has changed, for that changes with every task.
 */
export class Publisher {
  readonly #context: Context;
  readonly #engines: Iterable<Engine>;
  #changed: 'no' | 'work' | 'lives' = 'no';
  /** Time of the last list. */
  #last = -Infinity;
  /** Engines that are gone and have not been told of. */
  #departed: EngineState[] = [];
  /** One of them was stopped on purpose: it is told once that it has ended, and soon not listed any more. */
  #hasStopped = false;

  constructor(context: Context, engines: ReadonlyMap<number, Engine>) {
    this.#context = context;
    this.#engines = { [Symbol.iterator]: () => engines.values() };
  }

  workChanged(): void {
    if (this.#changed === 'no') this.#changed = 'work';
  }

  livesChanged(): void {
    this.#changed = 'lives';
  }

  departed(engine: Engine, ending: Ending): void {
    if (ending.type === 'stopped') this.#hasStopped = true;
    this.#departed.push({ ...stateOf(engine), status: 'dead', death: deathSentence(ending) });
    this.livesChanged();
  }

  turnEnded(): void {
    if (this.#changed === 'no') return;
    const wait = this.#last + INTERVAL * 1000 - this.#context.at;
    if (this.#changed === 'lives' || wait <= 0) this.#publish();
    else this.#context.setTimer({ type: 'publish' }, wait / 1000);
  }

  #publish(): void {
    this.#changed = 'no';
    this.#last = this.#context.at;
    this.#context.cancelTimer({ type: 'publish' });
    this.#context.emit({ type: 'publish', engines: this.#list() });
    if (!this.#hasStopped) return;
    this.#hasStopped = false;
    this.#changed = 'work';
    this.#context.setTimer({ type: 'publish' }, INTERVAL);
  }

  /** By id; of two lives with one id, the present one. */
  #list(): EngineState[] {
    const list = [...this.#engines].map(stateOf);
    const present = new Set(list.map((engine) => engine.id));
    const departed = this.#departed.filter((engine) => !present.has(engine.id));
    this.#departed = [];
    return [...list, ...departed].sort((a, b) => a.id - b.id);
  }
}

function stateOf(engine: Engine): EngineState {
  const { running } = engine;
  return {
    id: engine.id,
    uuid: engine.uuid,
    generation: engine.generation,
    status: engine.phase === 'starting' ? 'starting' : engine.sent.count > 0 ? 'busy' : 'idle',
    outstanding: engine.sent.count,
    queued: engine.waiting.count,
    completed: engine.completed,
    failed: engine.failed,
    running: running && runningOf(running),
    death: null,
    names: engine.names,
  };
}

function runningOf(work: Work): EngineState['running'] {
  const since = work.started ?? work.submitted;
  if (!(work instanceof ItemRange)) return { msgId: work.msgId, name: work.label ?? work.name, since };
  const { call, from } = work;
  return { msgId: call.idOf(from), name: call.submission.label ?? call.name, since };
}
