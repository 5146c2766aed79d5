import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Clock, Timers } from '../../base/clock.ts';
import type { EngineState } from '../../protocol/client-messages.ts';
import type { LookAnswer } from '../../protocol/looking.ts';
import type { Lane } from '../../protocol/outputs.ts';
import type { RuntimeEvent } from '../../protocol/runtime-messages.ts';
import type { Looking } from '../../ui/output/looking.ts';
import type { ClusterView } from '../../ui/stores/cluster-store.ts';
import type { KnownVariable, LaneVariables, Variables, VariablesView } from '../../ui/variables/variables.ts';

/** Seconds: between two looks at one namespace, and between looks without an occasion (timers change variables, too). */
const REST = 0.5;
const LONGEST_REST = 5;
const POLL = 3;
/** A look costs the one that is looked at at most this part of its time. */
const SHARE = 0.1;
/** Seconds after which one that has not answered is called busy. */
const PATIENCE = 0.6;

interface Parts {
  readonly looking: Looking;
  readonly cluster: Pick<StoreApi<ClusterView>, 'getState' | 'subscribe'>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Nobody sees a page in the background. */
  readonly isVisible: () => boolean;
  /** Brings many changes of one moment together. */
  readonly batch: (job: () => void) => void;
}

type Answer = Extract<LookAnswer, { type: 'variables' }>;

/** One life of the kernel or of an engine. */
interface Watched {
  readonly life: string;
  view: LaneVariables;
  /** What would be different if something had run there. */
  mark: string;
  /** The last round that was heard to its end. */
  since: number;
  /** There is an occasion to look. */
  due: boolean;
  phase: 'idle' | 'asking' | 'resting';
  cancel: () => void;
}

/**
 * Keeps the matrix of variables true while somebody looks at it: kernel and engines are asked, past their queues, when
 * something has ended there, at a bounded rate. Whoever holds its thread answers late, and is called busy until then.
 */
export class VariableWatch implements Variables {
  readonly store = createStore<VariablesView>(() => ({ lanes: [] }));
  readonly #parts: Parts;
  /** By engine; the kernel under null. */
  readonly #lanes = new Map<Lane, Watched>();
  #watchers = 0;
  #unsubscribe: () => void = () => undefined;
  #kernelLife = 0;
  #kernelRuns = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  watch(): () => void {
    if (this.#watchers++ === 0) {
      this.#unsubscribe = this.#parts.cluster.subscribe(() => {
        this.#notice();
      });
      for (const watched of this.#lanes.values()) watched.due = true;
      this.#notice();
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      if (--this.#watchers > 0) return;
      this.#unsubscribe();
      for (const watched of this.#lanes.values()) {
        if (watched.phase === 'resting') watched.phase = 'idle';
        watched.cancel();
      }
    };
  }

  async forget(lane: Lane, name: string): Promise<void> {
    await this.#parts.looking.look(lane, { type: 'forget', name });
    const watched = this.#lanes.get(lane);
    if (watched) this.#occasion(watched);
  }

  hear(event: RuntimeEvent): void {
    if (event.type === 'kernel-status' && (event.status === 'starting' || event.status === 'dead')) {
      this.#kernelLife++;
    } else if (event.type === 'kernel' && event.event.type === 'cell-finished') this.#kernelRuns++;
    else return;
    this.#notice();
  }

  /** Something may have happened to somebody. */
  #notice(): void {
    if (this.#watchers === 0) return;
    const { engines, join } = this.#parts.cluster.getState();
    const living = new Set<Lane>([null, ...engines.map(({ id }) => id)]);
    for (const [lane, watched] of this.#lanes) {
      if (living.has(lane)) continue;
      watched.cancel();
      this.#lanes.delete(lane);
    }
    this.#see(null, `kernel ${String(this.#kernelLife)}`, String(this.#kernelRuns), 'fresh');
    for (const engine of engines) {
      const state = engine.status === 'dead' ? 'dead' : join === null ? 'fresh' : 'closed';
      this.#see(engine.id, `${engine.uuid} ${state}`, markOf(engine), state);
      if (state === 'closed') this.#tell(engine);
    }
    this.#publish();
  }

  #see(lane: Lane, life: string, mark: string, state: LaneVariables['state']): void {
    let watched = this.#lanes.get(lane);
    if (watched?.life !== life) {
      watched?.cancel();
      watched = newLife(lane, life, state);
      this.#lanes.set(lane, watched);
    }
    if (watched.mark === mark && !watched.due) return;
    watched.mark = mark;
    this.#occasion(watched);
  }

  /** Of a joined cluster's engine the names are known that came with its replies. */
  #tell({ id, names }: EngineState): void {
    const watched = this.#lanes.get(id);
    if (watched && watched.view.names !== names) watched.view = { ...watched.view, names };
  }

  #occasion(watched: Watched): void {
    watched.due = true;
    if (watched.phase === 'idle') this.#ask(watched);
  }

  #ask(watched: Watched): void {
    const { state } = watched.view;
    if (this.#watchers === 0 || state === 'closed' || state === 'dead') return;
    watched.cancel();
    if (!this.#parts.isVisible()) {
      this.#after(watched, POLL);
      return;
    }
    watched.due = false;
    watched.phase = 'asking';
    const { clock, timers } = this.#parts;
    const began = clock.now();
    watched.cancel = timers.after(PATIENCE, () => {
      watched.view = { ...watched.view, state: 'busy' };
      this.#publish();
    });
    void this.#goRound(watched).then((isThere) => {
      watched.cancel();
      watched.phase = 'idle';
      if (!this.#isCurrent(watched)) return;
      const now = clock.now();
      watched.view = isThere
        ? { ...watched.view, asOf: now, state: 'fresh' }
        : { ...newLife(watched.view.lane, '', 'fresh').view, asOf: now };
      if (!isThere) watched.since = 0;
      this.#publish();
      if (this.#watchers === 0) return;
      this.#after(watched, Math.min(LONGEST_REST, Math.max(REST, (now - began) / 1000 / SHARE)));
    });
  }

  /** False: there was nobody to ask. */
  async #goRound(watched: Watched): Promise<boolean> {
    const { since } = watched;
    let round: number | null = null;
    // One copy in a round: a matrix of thousands comes in many answers.
    let draft: Map<string, KnownVariable> | null = null;
    for (let from: number | null = 0; from !== null;) {
      const answer: LookAnswer = await this.#parts.looking.look(watched.view.lane, {
        type: 'variables',
        since,
        from,
      });
      if (answer.type !== 'variables') return false;
      round ??= answer.round;
      if (answer.names !== null || answer.changed.length > 0) {
        draft ??= new Map(watched.view.known);
        this.#take(draft, answer, since === 0);
        watched.view = { ...watched.view, names: answer.names ?? watched.view.names, known: draft };
      }
      from = answer.next;
    }
    watched.since = round ?? since;
    return true;
  }

  #take(known: Map<string, KnownVariable>, { names, changed }: Answer, isFirst: boolean): void {
    const changedAt = isFirst ? null : this.#parts.clock.now();
    for (const variable of changed) known.set(variable.name, { ...variable, changedAt });
    if (names === null) return;
    const living = new Set(names);
    for (const name of [...known.keys()]) if (!living.has(name)) known.delete(name);
  }

  /** Rests, looks again if there was an occasion meanwhile, and else after a while all the same. */
  #after(watched: Watched, rest: number): void {
    watched.phase = 'resting';
    watched.cancel = this.#parts.timers.after(rest, () => {
      watched.phase = 'idle';
      if (watched.due) this.#ask(watched);
      else {
        watched.cancel = this.#parts.timers.after(POLL, () => {
          this.#ask(watched);
        });
      }
    });
  }

  #isCurrent(watched: Watched): boolean {
    return this.#lanes.get(watched.view.lane) === watched;
  }

  #publish(): void {
    this.#parts.batch(() => {
      const lanes = [...this.#lanes.values()].map(({ view }) => view);
      lanes.sort((a, b) => (a.lane ?? -1) - (b.lane ?? -1));
      const before = this.store.getState().lanes;
      if (lanes.length === before.length && lanes.every((lane, i) => lane === before[i])) return;
      this.store.setState({ lanes });
    });
  }
}

function newLife(lane: Lane, life: string, state: LaneVariables['state']): Watched {
  return {
    life,
    view: { lane, names: [], known: new Map(), asOf: null, state },
    mark: '',
    since: 0,
    due: false,
    phase: 'idle',
    cancel: () => undefined,
  };
}

function markOf({ completed, failed, status }: EngineState): string {
  return `${String(completed)} ${String(failed)} ${status}`;
}
