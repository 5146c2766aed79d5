import { assertExists } from '../../base/assert.ts';
import type { EngineUuid } from '../../protocol/ids.ts';
import { buffersOf } from '../../protocol/requests.ts';
import type { Engine, Task } from '../hub/state.ts';
import type { Scheme } from '../../protocol/hub-options.ts';
import { Turns } from './turns.ts';
import { WaitingLine } from './waiting-line.ts';

export interface BalancedRouteSetup {
  readonly scheme: Scheme;
  /** A task goes only to an engine with less work than this; 0: no limit. */
  readonly hwm: number;
  readonly send: (task: Task, engine: Engine) => void;
  /** Ask the engine for those tasks that it has not begun. */
  readonly recall: (tasks: readonly Task[], engine: Engine) => void;
}

/** A line with fewer tasks for each engine than this is short: all go where there is room, one by one. */
const SHORT_LINE = 2;
/** Tasks that may be given ahead of any line that is not short; more only while each engine would get twice as many. */
const FEW = 16;

/**
 * The load-balanced route. It promises that no task waits while an engine that may run it has room, that those
 * who wait are served in order of arrival, and that engines of equal load take turns.
 *
 * With an `hwm` of 1 an engine would be idle between two tasks for as long as a reply and a request travel, which
 * is many times what a tiny task takes. So while the line is long, an engine that runs tiny tasks is given some
 * more of the same family ahead. When another has room and the line holds nothing for it, they are called back:
 * should one of them not be tiny, those behind it wait for it no longer than its engine's event loop does.
 */
export class BalancedRoute {
  readonly #setup: BalancedRouteSetup;
  readonly waiting = new WaitingLine();
  readonly #turns = new Turns();
  /** All ready engines, the least recently used first. */
  readonly #engines: Engine[] = [];
  // Reused, for they are filled once per task.
  readonly #candidates: Engine[] = [];
  readonly #loads: number[] = [];

  constructor(setup: BalancedRouteSetup) {
    this.#setup = setup;
  }

  submit(task: Task): void {
    this.#turns.give(task);
    const engine = this.#choose(task);
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
      const task = this.#headFor(engine);
      if (task === null) {
        this.#recallFor(engine);
        return;
      }
      this.waitsNoMore(task);
      this.#assign(task, engine);
    }
    this.#runAhead(engine);
  }

  /** Tasks that an engine could not start, back to where they were in line. */
  takeBack(tasks: readonly Task[]): void {
    for (const task of tasks) this.waiting.add(task);
    for (let task = this.#next(); task !== null; task = this.#next()) {
      this.waitsNoMore(task);
      const engine = this.#choose(task);
      if (engine !== null) this.#assign(task, engine);
    }
    for (const engine of this.#engines) if (this.#hasRoom(engine)) this.#recallFor(engine);
  }

  /** Those that this life has refused may suit it now. */
  forgetRefusals(uuid: EngineUuid): void {
    const refused = this.waiting.ofGroups(({ unmet }) => unmet?.has(uuid) === true);
    for (const task of refused) {
      this.waitsNoMore(task);
      task.unmet?.delete(uuid);
      if (task.unmet?.size === 0) task.unmet = null;
    }
    this.takeBack(refused);
  }

  waitsNoMore(task: Task): void {
    task.list?.remove(task);
  }

  /** No task waits that could run. */
  get isServed(): boolean {
    return this.#next() === null;
  }

  /** No task waits behind another that could run elsewhere, unless it has been called back. */
  get isRecalled(): boolean {
    return this.#engines.every((engine) => !this.#hasRoom(engine) || this.#holdersFor(engine).length === 0);
  }

  get engines(): readonly Engine[] {
    return this.#engines;
  }

  /** The first in line that some engine has room for; always null between two events. */
  #next(): Task | null {
    const free = this.#engines.filter((engine) => this.#hasRoom(engine));
    if (free.length === 0) return null;
    return this.waiting.head((task) => free.some((engine) => this.mayRun(task, engine)));
  }

  #headFor(engine: Engine): Task | null {
    return this.waiting.head((task) => this.mayRun(task, engine));
  }

  /**
   * Whether the task may run there. A retry waits for an engine that has not failed it; when there is none, it
   * goes to one that has, unless its `timeout` says how long it may wait for a better one.
   */
  mayRun(task: Task, { id, uuid }: Engine): boolean {
    const { targets, unmet, failedOn, terms } = task;
    if (targets !== null && !targets.includes(id)) return false;
    if (unmet?.has(uuid) === true) return false;
    if (failedOn?.has(uuid) !== true) return true;
    return terms.timeout === 0 && !this.#engines.some((other) => isFresh(task, other));
  }

  #hasRoom(engine: Engine): boolean {
    const { hwm } = this.#setup;
    return engine.barrier === null && (hwm === 0 || engine.load < hwm);
  }

  #choose(task: Task): Engine | null {
    const candidates = this.#candidates;
    const loads = this.#loads;
    candidates.length = 0;
    loads.length = 0;
    for (const engine of this.#engines) {
      if (!this.#hasRoom(engine) || !this.mayRun(task, engine)) continue;
      candidates.push(engine);
      loads.push(engine.load);
    }
    if (candidates.length === 0) return null;
    const choice = candidates[this.#setup.scheme(loads)];
    return assertExists(choice, 'The scheme chose an engine that is not there.');
  }

  #assign(task: Task, engine: Engine): void {
    const place = this.#engines.indexOf(engine);
    this.#engines.splice(place, 1);
    this.#engines.push(engine);
    this.#turns.served(task);
    this.#setup.send(task, engine);
  }

  // TINY TASKS

  /** Gives a busy engine more than it has room for. Several at once, when half of them are done. */
  #runAhead(engine: Engine): void {
    const { running, sent } = engine;
    if (this.#setup.hwm !== 1 || running === null || !running.balanced || engine.recalling !== null) return;
    const most = Math.min(running.pace.ahead, Math.max(FEW, this.#share));
    if (sent.size - 1 > most / 2) return;
    while (sent.size - 1 < most) {
      const task = this.#laterTask(engine, running);
      if (task === null) return;
      this.waitsNoMore(task);
      this.#assign(task, engine);
    }
  }

  /** Half of what each would get of the line. */
  get #share(): number {
    return Math.floor(this.waiting.size / (2 * this.#engines.length));
  }

  /** The next in line, if it may wait behind `running`: one that can be called back. */
  #laterTask(engine: Engine, { pace }: Task): Task | null {
    if (this.waiting.size <= SHORT_LINE * this.#engines.length) return null;
    if (engine.barrier !== null || engine.waiting.size > 0 || engine.balancedSent < engine.sent.size)
      return null;
    const task = this.#headFor(engine);
    if (task === null || task.pace !== pace || task.abortsQueueOnError || task.request === null) return null;
    return buffersOf(task.request).length === 0 ? task : null;
  }

  /** `engine` has room and the line holds nothing for it. All are asked, for one may be stuck and not answer. */
  #recallFor(engine: Engine): void {
    for (const holder of this.#holdersFor(engine)) {
      this.#setup.recall([...holder.sent].filter(isAhead), holder);
    }
  }

  /** Those who have been given something ahead that `engine` could run, and have not been asked for it. */
  #holdersFor(engine: Engine): Engine[] {
    if (this.#setup.hwm !== 1) return [];
    return this.#engines.filter(({ sent, recalling }) => {
      if (sent.size < 2 || recalling !== null) return false;
      return [...sent].some((task) => isAhead(task) && this.mayRun(task, engine));
    });
  }
}

/** Given to its engine before there was room. */
function isAhead(task: Task): boolean {
  return task.balanced && task.state === 'sent' && task.wish === null;
}

/** It may run there, and has not failed there. */
function isFresh({ targets, unmet, failedOn }: Task, { id, uuid }: Engine): boolean {
  if (targets !== null && !targets.includes(id)) return false;
  return unmet?.has(uuid) !== true && failedOn?.has(uuid) !== true;
}
