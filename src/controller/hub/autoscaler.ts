import type { Adapt } from '../../protocol/adapt.ts';
import type { EngineId, EngineUuid } from '../../protocol/ids.ts';
import type { BalancedRoute } from '../schedulers/balanced-route.ts';
import type { DependencyGraph } from '../schedulers/dependency-graph.ts';
import type { Places } from '../places.ts';
import type { Context } from './context.ts';
import type { EngineLives } from './engine-lives.ts';
import type { Engine } from './state.ts';

/** Seconds that load-balanced tasks must have been waiting before an engine is started for them: a burst of tiny
 * tasks is over before an engine is there. */
const PATIENCE = 0.5;

export interface AutoscalerParts {
  readonly context: Context;
  readonly places: Places;
  readonly engines: ReadonlyMap<EngineId, Engine>;
  readonly balanced: BalancedRoute;
  readonly graph: DependencyGraph;
  readonly lives: EngineLives;
}

/**
 * Adapts the number of engines to the line of load-balanced tasks, between `min` and `max`: an engine for each task
 * that has been waiting for a while, and none that has been idle for `idle` seconds, the latest first. Engines that
 * were left dead count, so that those which do not start are not started for ever.
 */
export class Autoscaler {
  readonly #parts: AutoscalerParts;
  #adapt: Adapt | null;
  /** Before the first engine there is nothing to adapt: whoever made the cluster is about to start some. */
  #hasBegun = false;
  /** Since when tasks have been waiting without a break; null: none does. */
  #waitingSince: number | null = null;
  /** Since when each life has had nothing to do. */
  readonly #idleSince = new Map<EngineUuid, number>();
  /** When the timer is due that is set; Infinity: none is. */
  #due = Infinity;

  constructor(parts: AutoscalerParts) {
    this.#parts = parts;
    this.#adapt = parts.context.options.adapt;
  }

  get adapt(): Adapt | null {
    return this.#adapt;
  }

  /** From now on; null: engines are started and stopped by hand. */
  set adapt(adapt: Adapt | null) {
    this.#adapt = adapt;
    this.#parts.context.emit({ type: 'adapting', adapt });
    this.#hasBegun = true;
    this.#waitingSince = null;
    this.#idleSince.clear();
    this.look();
  }

  timerReached(): void {
    this.#due = Infinity;
    this.look();
  }

  /** Something may have changed. */
  look(): void {
    this.#hasBegun ||= this.#count > 0;
    if (this.#adapt === null || !this.#hasBegun) return;
    this.#grow(this.#adapt);
    this.#shrink(this.#adapt);
    this.#wake(this.#adapt);
  }

  get #count(): number {
    return this.#parts.engines.size + this.#parts.lives.fallen.length;
  }

  #grow({ min, max }: Adapt): void {
    const { balanced, context, engines } = this.#parts;
    const waiting = balanced.waiting.size;
    if (waiting === 0) this.#waitingSince = null;
    else this.#waitingSince ??= context.at;
    const starting = [...engines.values()].filter(({ phase }) => phase === 'starting').length;
    const isLong = this.#waitingSince !== null && context.at - this.#waitingSince >= PATIENCE * 1000;
    const wanted = isLong ? this.#count + Math.max(0, waiting - starting) : this.#count;
    const missing = Math.min(max, Math.max(min, wanted)) - this.#count;
    const more = Math.min(missing, this.#parts.places.free);
    for (let i = 0; i < more; i++) this.#parts.lives.start(null);
    if (more > 0) context.note('adapt', null, null, `${String(more)} more engines`);
  }

  #shrink({ min, max, idle }: Adapt): void {
    const { context, engines, lives, balanced } = this.#parts;
    const lazy = [...engines.values()].filter((engine) => this.#noteIdle(engine));
    this.#forgetGone();
    // Tasks that wait for others may be bound to where those ran.
    if (balanced.waiting.size > 0 || this.#parts.graph.held.count > 0) return;
    const tooMany = this.#count - min;
    const overdue = lazy
      .filter(({ uuid }) => context.at - (this.#idleSince.get(uuid) ?? context.at) >= idle * 1000)
      .sort((a, b) => b.id - a.id)
      .slice(0, Math.max(0, tooMany));
    const overMax = lazy.sort((a, b) => b.id - a.id).slice(0, Math.max(0, this.#count - max));
    const leaving = [...new Set([...overMax, ...overdue])];
    if (leaving.length === 0) return;
    context.note('adapt', null, null, `${String(leaving.length)} engines fewer`);
    lives.stop(leaving);
    this.#forgetGone();
  }

  /** Whether it is idle, and if so since when. */
  #noteIdle({ phase, load, uuid }: Engine): boolean {
    const isIdle = phase === 'ready' && load === 0;
    if (!isIdle) this.#idleSince.delete(uuid);
    else if (!this.#idleSince.has(uuid)) this.#idleSince.set(uuid, this.#parts.context.at);
    return isIdle;
  }

  #forgetGone(): void {
    for (const uuid of this.#idleSince.keys())
      if (!this.#parts.lives.find(uuid)) this.#idleSince.delete(uuid);
  }

  /** At the next moment when something may be due, if nothing happens before. */
  #wake({ min, max, idle }: Adapt): void {
    const { context } = this.#parts;
    const times: number[] = [];
    if (this.#waitingSince !== null && this.#count < max) times.push(this.#waitingSince + PATIENCE * 1000);
    if (this.#count > min) for (const since of this.#idleSince.values()) times.push(since + idle * 1000);
    const next = times.filter((time) => time > context.at).reduce((a, b) => Math.min(a, b), Infinity);
    if (next >= this.#due) return;
    context.cancelTimer({ type: 'adapt' });
    context.setTimer({ type: 'adapt' }, (next - context.at) / 1000);
    this.#due = next;
  }
}
