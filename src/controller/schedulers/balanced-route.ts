import { assertExists } from '../../base/assert.ts';
import type { EngineUuid } from '../../protocol/ids.ts';
import { LinkedList } from '../hub/linked-list.ts';
import { ItemRange, type Engine, type Task, type Work } from '../hub/state.ts';
import type { Scheme } from '../../protocol/hub-options.ts';
import { leastload } from './schemes.ts';
import type { Share } from './share.ts';
import { Turns } from './turns.ts';
import { WaitingLine } from './waiting-line.ts';

export interface BalancedRouteSetup {
  readonly scheme: Scheme;
  /** A task goes only to an engine with less work than this; 0: no limit. */
  readonly hwm: number;
  /** It stands in no list. */
  readonly send: (work: Work, engine: Engine) => void;
  /** Ask the engine for those that it has not begun. */
  readonly recall: (works: readonly Work[], engine: Engine) => void;
  /** Two ranges of one call that follow each other in line become one. */
  readonly join: (range: ItemRange, next: ItemRange) => void;
  /** Items from this one on are a range of their own, which is returned. */
  readonly split: (range: ItemRange, item: number) => ItemRange;
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
 * is many times what a tiny task takes. So while the line is long, an engine that runs items of a call which are tiny is
 * given some more ahead. When another has room and the line holds nothing for it, they are called back.
 */
export class BalancedRoute {
  readonly #setup: BalancedRouteSetup;
  readonly waiting: WaitingLine;
  readonly #turns = new Turns();
  /** All ready engines, the least recently used first. */
  readonly #engines = new LinkedList<Engine>();
  /** All that have something ahead are among them. */
  readonly #holders = new Set<Engine>();

  constructor(setup: BalancedRouteSetup) {
    this.#setup = setup;
    this.waiting = new WaitingLine(setup.join);
  }

  submit(task: Task): void {
    this.#turns.give(task);
    const engine = this.#choose(task);
    if (engine === null) this.waiting.add(task);
    else this.#assign(task, engine);
  }

  /** Turns for `n` tasks of a share: the first. */
  turnsFor(share: Share, n: number): number {
    return this.#turns.take(share, n);
  }

  /** Whether items are handed out in ranges: with other limits than one task for each engine they go one by one. */
  get takesItems(): boolean {
    return this.#setup.hwm === 1;
  }

  submitItems(range: ItemRange): void {
    this.waiting.add(range);
    this.#spread(this.#withRoom());
  }

  /** New engines are used first. To be followed by `serve`. */
  join(engine: Engine): void {
    this.#engines.insertAfter(null, engine);
  }

  leave(engine: Engine): void {
    if (engine.list === this.#engines) this.#engines.remove(engine);
    this.#holders.delete(engine);
  }

  /** `engine` may have room now. */
  serve(engine: Engine): void {
    while (this.#hasRoom(engine)) {
      const work = this.#headFor(engine);
      if (work === null) {
        this.#recallFor(engine);
        return;
      }
      this.#hand(work, engine);
    }
    this.#runAhead(engine);
  }

  /** What an engine could not start, back to where it was in line. */
  takeBack(works: readonly Work[]): void {
    for (const work of works) this.waiting.add(work);
    const free = this.#withRoom();
    this.#spread(free);
    for (const engine of free) if (this.#hasRoom(engine)) this.#recallFor(engine);
  }

  /** Those that this life has refused may suit it now. */
  forgetRefusals(uuid: EngineUuid): void {
    // Items of calls have been refused by nobody: they would have left.
    const refused = this.waiting.ofGroups(({ unmet }) => unmet?.has(uuid) === true) as Task[];
    for (const task of refused) {
      this.waitsNoMore(task);
      task.unmet?.delete(uuid);
      if (task.unmet?.size === 0) task.unmet = null;
    }
    this.takeBack(refused);
  }

  waitsNoMore(work: Work): void {
    work.list?.remove(work);
  }

  /** No task waits that could run. */
  get isServed(): boolean {
    return this.#next(this.#withRoom()) === null;
  }

  /** No task waits behind another that could run elsewhere, unless it has been called back. */
  get isRecalled(): boolean {
    return this.#withRoom().every((engine) => this.#holdersFor(engine).length === 0);
  }

  get engines(): Iterable<Engine> {
    return this.#engines;
  }

  #withRoom(): Engine[] {
    const free: Engine[] = [];
    for (let engine = this.#engines.first; engine !== null; engine = engine.next)
      if (this.#hasRoom(engine)) free.push(engine);
    return free;
  }

  /** Gives those engines what they have room for. */
  #spread(free: readonly Engine[]): void {
    const rest = [...free];
    for (let work = this.#next(rest); work !== null; work = this.#next(rest)) {
      const engine = assertExists(this.#choose(work), 'Nobody has room for what somebody has room for.');
      this.#hand(work, engine);
      // With the usual scheme it is the first of them.
      if (!this.#hasRoom(engine)) rest.splice(rest.indexOf(engine), 1);
    }
  }

  /** The first in line that one of these may run; null with all that have room, between two events. */
  #next(free: readonly Engine[]): Work | null {
    if (free.length === 0) return null;
    return this.waiting.head((work) => free.some((engine) => this.mayRun(work, engine)));
  }

  #headFor(engine: Engine): Work | null {
    return this.waiting.head((work) => this.mayRun(work, engine));
  }

  /**
   * Whether the task may run there. A retry waits for an engine that has not failed it; when there is none, it
   * goes to one that has, unless its `timeout` says how long it may wait for a better one.
   */
  mayRun(work: Work, { id, uuid }: Engine): boolean {
    const { targets, unmet, failedOn, terms } = work;
    if (targets !== null && !targets.includes(id)) return false;
    if (unmet?.has(uuid) === true) return false;
    if (failedOn?.has(uuid) !== true) return true;
    if (terms.timeout > 0) return false;
    for (const other of this.#engines) if (isFresh(work, other)) return false;
    return true;
  }

  #hasRoom(engine: Engine): boolean {
    const { hwm } = this.#setup;
    return engine.barrier === null && (hwm === 0 || engine.load < hwm);
  }

  #choose(work: Work): Engine | null {
    const { scheme } = this.#setup;
    const candidates: Engine[] = [];
    const loads: number[] = [];
    for (let engine = this.#engines.first; engine !== null; engine = engine.next) {
      if (!this.#hasRoom(engine) || !this.mayRun(work, engine)) continue;
      // Among equals the first: it need not look at all of them.
      if (scheme === leastload && engine.load === 0) return engine;
      candidates.push(engine);
      loads.push(engine.load);
    }
    if (candidates.length === 0) return null;
    const choice = candidates[scheme(loads)];
    return assertExists(choice, 'The scheme chose an engine that is not there.');
  }

  /** It stands in line; of a range the first items, as many as the engine should have. */
  #hand(work: Work, engine: Engine, most = Math.max(1, this.#mostFor(work, engine))): void {
    if (work instanceof ItemRange && work.count > most) this.#setup.split(work, work.from + most);
    this.waitsNoMore(work);
    this.#assign(work, engine);
  }

  #assign(work: Work, engine: Engine): void {
    this.#engines.remove(engine);
    this.#engines.push(engine);
    this.#turns.served(work);
    this.#setup.send(work, engine);
    if (engine.sent.count > 1) this.#holders.add(engine);
  }

  // TINY TASKS

  /** Gives a busy engine more than it has room for. Several at once, when half of them are done. */
  #runAhead(engine: Engine): void {
    const { running, sent } = engine;
    if (!(running instanceof ItemRange) || sent.count - 1 > this.#ahead(running) / 2) return;
    for (;;) {
      const work = this.#headFor(engine);
      const most = work === null ? 0 : this.#mostFor(work, engine);
      if (work === null || most <= 0) return;
      this.#hand(work, engine, most);
    }
  }

  /** How many more of them it may have now, ahead of those for which there is room; 0 or less: none. */
  #mostFor(work: Work, engine: Engine): number {
    const { sent, waiting } = engine;
    if (!(work instanceof ItemRange) || this.#setup.hwm !== 1 || engine.isRecalling) return 0;
    if (engine.barrier !== null || waiting.count > 0 || engine.balancedSent < sent.count) return 0;
    const room = this.#hasRoom(engine) ? 1 : 0;
    // The last of a line go where there is room.
    const most = this.waiting.size - SHORT_LINE * this.#engines.count;
    return Math.min(this.#ahead(work) + 1 - sent.count, Math.max(room, most));
  }

  /** At most half of what each would get of the line. */
  #ahead({ call }: ItemRange): number {
    const { ahead } = call.pace;
    return ahead === 0
      ? 0
      : Math.min(ahead, Math.max(FEW, Math.floor(this.waiting.size / (2 * this.#engines.count))));
  }

  /** `engine` has room and the line holds nothing for it. All are asked, for one may be stuck and not answer. */
  #recallFor(engine: Engine): void {
    for (const holder of this.#holdersFor(engine)) {
      const { running } = holder;
      if (running instanceof ItemRange && !running.isRecalled) this.#setup.split(running, running.from + 1);
      this.#setup.recall([...holder.sent].filter(isAhead), holder);
    }
  }

  /** Those who have been given something ahead that `engine` could run, and have not been asked for it. */
  #holdersFor(engine: Engine): Engine[] {
    const found: Engine[] = [];
    if (this.#setup.hwm !== 1) return found;
    for (const holder of this.#holders) {
      if (holder.sent.count < 2) this.#holders.delete(holder);
      else if (!holder.isRecalling && this.#hasAheadFor(holder, engine)) found.push(holder);
    }
    return found;
  }

  #hasAheadFor({ sent }: Engine, engine: Engine): boolean {
    for (let work = sent.first; work !== null; work = work.next) {
      const isPartAhead = isAhead(work) || (work instanceof ItemRange && work.count > 1 && !work.isRecalled);
      if (isPartAhead && this.mayRun(work, engine)) return true;
    }
    return false;
  }
}

/** Given to its engine before there was room, and not asked for: an item, though it may have left its call. */
function isAhead(work: Work): boolean {
  return work.balanced && work.state === 'sent' && !work.isRecalled;
}

/** It may run there, and has not failed there. */
function isFresh({ targets, unmet, failedOn }: Work, { id, uuid }: Engine): boolean {
  if (targets !== null && !targets.includes(id)) return false;
  return unmet?.has(uuid) !== true && failedOn?.has(uuid) !== true;
}
