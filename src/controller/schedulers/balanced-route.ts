import { assertExists } from '../../base/assert.ts';
import type { EngineId } from '../../protocol/ids.ts';
import type { Engine, Task } from '../hub/state.ts';
import type { Scheme } from './schemes.ts';
import { WaitingLine } from './waiting-line.ts';

/**
 * The load-balanced route. It promises that no task waits while an engine that may run it has room, that those
 * who wait are served in order of arrival, and that engines of equal load take turns.
 */
export class BalancedRoute {
  readonly #scheme: Scheme;
  readonly #hwm: number;
  readonly #send: (task: Task, engine: Engine) => void;
  readonly waiting = new WaitingLine();
  /** All ready engines, the least recently used first. */
  readonly #engines: Engine[] = [];
  // Reused, for they are filled once per task.
  readonly #candidates: Engine[] = [];
  readonly #loads: number[] = [];

  constructor(scheme: Scheme, hwm: number, send: (task: Task, engine: Engine) => void) {
    this.#scheme = scheme;
    this.#hwm = hwm;
    this.#send = send;
  }

  submit(task: Task): void {
    const engine = this.#choose(task.targets);
    if (engine === null) this.waiting.add(task);
    else this.#assign(task, engine);
  }

  /** New engines are used first. To be followed by `serve`. */
  join(engine: Engine): void {
    this.#engines.unshift(engine);
  }

  leave(engine: Engine): void {
    const place = this.#engines.indexOf(engine);
    if (place >= 0) this.#engines.splice(place, 1);
  }

  /** `engine` may have room now. */
  serve(engine: Engine): void {
    while (this.#hasRoom(engine)) {
      const task = this.waiting.headFor(engine.id);
      if (task === null) return;
      this.waitsNoMore(task);
      this.#assign(task, engine);
    }
  }

  /** Tasks that an engine could not start, back to where they were in line. */
  takeBack(tasks: readonly Task[]): void {
    for (const task of tasks) this.waiting.add(task);
    for (let task = this.#next(); task !== null; task = this.#next()) {
      this.waitsNoMore(task);
      this.submit(task);
    }
  }

  waitsNoMore(task: Task): void {
    task.list?.remove(task);
  }

  /** No task waits that could run. */
  get isServed(): boolean {
    return this.#next() === null;
  }

  get engines(): readonly Engine[] {
    return this.#engines;
  }

  /** The first in line that some engine has room for; always null between two events. */
  #next(): Task | null {
    const heads = this.waiting.heads().sort((a, b) => a.seq - b.seq);
    return heads.find((task) => this.#choose(task.targets) !== null) ?? null;
  }

  #hasRoom(engine: Engine): boolean {
    return engine.barrier === null && (this.#hwm === 0 || engine.load < this.#hwm);
  }

  #choose(targets: readonly EngineId[] | null): Engine | null {
    const candidates = this.#candidates;
    const loads = this.#loads;
    candidates.length = 0;
    loads.length = 0;
    for (const engine of this.#engines) {
      if (!this.#hasRoom(engine) || (targets !== null && !targets.includes(engine.id))) continue;
      candidates.push(engine);
      loads.push(engine.load);
    }
    if (candidates.length === 0) return null;
    return assertExists(candidates[this.#scheme(loads)], 'The scheme chose an engine that is not there.');
  }

  #assign(task: Task, engine: Engine): void {
    const place = this.#engines.indexOf(engine);
    this.#engines.splice(place, 1);
    this.#engines.push(engine);
    this.#send(task, engine);
  }
}
