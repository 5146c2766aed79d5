import type { EngineId } from '../../protocol/ids.ts';
import { clusterAt, readRows, type TaskBatch, type TaskFact } from '../../protocol/task-rows.ts';
import { addBar, earliestStart, forgetClock, newLane, release, take, timesOf } from './lane-runs.ts';
import { countUpTo, insertSorted } from './sorted.ts';
import { isOpen, type Lane, type TaskItem, type TaskState } from './task-items.ts';
import { TaskKinds } from './task-kinds.ts';

type FactOf<Type extends TaskFact['type']> = Extract<TaskFact, { readonly type: Type }>;

/** Tasks kept; beyond, the oldest tenth goes at once. */
export const MOST_TASKS = 100_000;
const TENTH = MOST_TASKS / 10;

/** Milliseconds without anything to do after which what comes is a new stretch of work. */
const PAUSE = 2000;

/** With this an engine fails its tasks that dies. */
const LOST = 'EngineError';
const INTERRUPTED = 'KeyboardInterrupt';

export type Counts = Record<TaskState, number>;

/**
 * Everything that the task stream shows, made of the facts that the frame tells. It knows no clock and draws nothing:
 * facts in, lanes and tasks out. Nothing is forgotten before the reader says so, but for what exceeds `MOST_TASKS`.
 */
export class TaskLog {
  readonly kinds = new TaskKinds();
  readonly #texts: string[] = [];
  /** In the order of their numbers; where some were never told, numbers are missing. */
  #tasks: TaskItem[] = [];
  readonly #byNumber = new Map<number, TaskItem>();
  /** What `#news` was when the oldest were to go last. */
  #dropped = 0;
  /** The number that the next task has if none is missing. */
  #next = 0;
  readonly #lanes = new Map<EngineId, Lane>();
  /** Of clusters that cells have started or joined, by number. */
  readonly #names = new Map<number, string>();
  readonly #counts: Counts = noCounts();
  /** When tasks began to wait for an engine, and when they ceased to, each in order. */
  readonly #waits: number[] = [];
  readonly #leaves: number[] = [];
  /** Tasks that are not here any more, or never were, because there were too many. */
  dropped = 0;
  /** When the first of its tasks was submitted; null while there is none. */
  origin: number | null = null;
  /** When something last ended. */
  lastEnd = -Infinity;
  /** When the present stretch of work began. */
  burst = -Infinity;

  hear(batch: TaskBatch): void {
    batch.texts.forEach((text, i) => (this.#texts[batch.firstText + i] = text));
    readRows(batch, this.#texts, this.#fold);
    // What is open stays: as long as little has come or ended since, looking through it again would free nothing.
    if (this.#tasks.length <= MOST_TASKS || this.#news < this.#dropped + TENTH) return;
    this.#dropOldest(this.#tasks.length - MOST_TASKS + TENTH);
    this.#dropped = this.#news;
  }

  /** By cluster and id. */
  get lanes(): readonly Lane[] {
    return [...this.#lanes.values()].sort((a, b) => a.engine - b.engine);
  }

  get counts(): Readonly<Counts> {
    return this.#counts;
  }

  /** In the order of submission. */
  get tasks(): readonly TaskItem[] {
    return this.#tasks;
  }

  /** Something is to be done still. */
  get isActive(): boolean {
    return this.#open > 0;
  }

  get #open(): number {
    return this.#counts.waiting + this.#counts.sent + this.#counts.running;
  }

  /** Of the tasks that are here: grows with each that comes, and once more when it ends. */
  get #news(): number {
    return 2 * this.#tasks.length - this.#open;
  }

  task(n: number): TaskItem | undefined {
    return this.#byNumber.get(n);
  }

  /** The name of the cluster of cells that an engine is in; null: it is the notebook's own. */
  clusterOf(place: EngineId): string | null {
    const cluster = clusterAt(place);
    return cluster === 0 ? null : (this.#names.get(cluster) ?? `cluster ${String(cluster)}`);
  }

  /** How many tasks waited for an engine at that time. */
  waitingAt(at: number): number {
    return Math.max(0, countUpTo(this.#waits, at) - countUpTo(this.#leaves, at));
  }

  /** What has ended is forgotten. */
  clear(): void {
    this.#dropped = 0;
    this.#keep(this.#tasks.filter(isOpen));
    for (const lane of this.#lanes.values()) {
      lane.bars.length = 0;
      lane.marks.length = 0;
      lane.never.length = 0;
      if (lane.life === 'dead') this.#lanes.delete(lane.engine);
    }
    this.#startAgain();
  }

  readonly #fold = (fact: TaskFact): void => {
    switch (fact.type) {
      case 'submitted':
        this.#submitted(fact);
        break;
      case 'engine':
        this.#engineIs(fact);
        break;
      case 'cluster':
        for (const place of this.#lanes.keys()) if (clusterAt(place) === 0) this.#lanes.delete(place);
        // What waits for an engine is of a cluster that it does not tell.
        this.#keep(this.#tasks.filter(({ engine }) => engine !== null && clusterAt(engine) > 0));
        this.#startAgain();
        break;
      case 'named':
        this.#names.set(fact.cluster, fact.name);
        break;
      case 'depends':
      case 'again':
      case 'assigned':
      case 'requeued':
      case 'running':
      case 'settled': {
        const task = this.#byNumber.get(fact.n);
        if (task !== undefined) this.#happened(task, fact);
      }
    }
  };

  #happened(
    task: TaskItem,
    fact: FactOf<'depends' | 'again' | 'assigned' | 'requeued' | 'running' | 'settled'>,
  ): void {
    switch (fact.type) {
      case 'depends':
        this.#depends(task, fact);
        break;
      case 'again':
        this.#again(task, fact);
        break;
      case 'assigned':
        this.#assigned(task, fact);
        break;
      case 'requeued':
        this.#requeued(task, fact);
        break;
      case 'running':
        this.#running(task, fact);
        break;
      case 'settled':
        this.#settled(task, fact);
    }
  }

  #submitted({ n, at, name, label, cell, aim, msgId, method, retries, bytes }: FactOf<'submitted'>): void {
    if (n < this.#next) return;
    this.dropped += n - this.#next;
    this.#next = n + 1;
    if (!this.isActive && at - this.lastEnd > PAUSE) this.burst = at;
    this.origin ??= at;
    const task: TaskItem = {
      n,
      msgId,
      kind: this.kinds.of(name, label, cell),
      name,
      label,
      method,
      cell,
      aim,
      retries,
      state: 'waiting',
      engine: aim,
      submitted: at,
      sent: NaN,
      started: NaN,
      completed: NaN,
      settled: NaN,
      bytesOut: bytes,
      bytesIn: null,
      ename: null,
      byHub: false,
      left: false,
      links: [],
      heirs: [],
      from: null,
      again: null,
      tries: [],
    };
    this.#tasks.push(task);
    this.#byNumber.set(n, task);
    task.kind.total++;
    this.#counts.waiting++;
    insertSorted(this.#waits, at, identity);
  }

  #depends(task: TaskItem, { on, how }: FactOf<'depends'>): void {
    task.links.push({ on, how });
    this.#byNumber.get(on)?.heirs.push(task.n);
  }

  /** It is what the earlier one was. */
  #again(task: TaskItem, { from }: FactOf<'again'>): void {
    task.from = from;
    const earlier = this.#byNumber.get(from);
    if (earlier === undefined) return;
    earlier.again = task.n;
    task.kind.total--;
    Object.assign(task, { kind: earlier.kind, name: earlier.name, label: earlier.label });
    Object.assign(task, { method: earlier.method, bytesOut: earlier.bytesOut });
    task.kind.total++;
  }

  #assigned(task: TaskItem, { at, engine }: FactOf<'assigned'>): void {
    if (!isOpen(task)) return;
    const lane = this.#lane(engine);
    task.engine = engine;
    task.sent = at;
    this.#waitsNoMore(task, at);
    take(lane, task);
    this.#become(task, 'sent');
    this.#begin(lane, at);
  }

  #running(task: TaskItem, { engine, since }: FactOf<'running'>): void {
    if (!isOpen(task)) return;
    const lane = this.#lane(engine);
    const before = lane.running?.task;
    if (before === task) return;
    if (before !== undefined) this.#become(before, 'sent');
    task.engine = engine;
    this.#waitsNoMore(task, since);
    take(lane, task);
    lane.running = { task, start: since };
    this.#become(task, 'running');
  }

  #requeued(task: TaskItem, { at, engine, cause }: FactOf<'requeued'>): void {
    if (!isOpen(task)) return;
    const lane = this.#lane(engine);
    const start = Math.min(earliestStart(lane, task), at);
    if (cause === 'failed') {
      const sent = Number.isNaN(task.sent) ? start : Math.min(task.sent, start);
      addBar(lane, { task, start, end: at, look: 'retried', sent: Math.max(sent, start), got: at });
    }
    task.tries.push({ engine, at, cause });
    task.engine = task.aim;
    task.sent = NaN;
    task.left = false;
    insertSorted(this.#waits, at, identity);
    this.#become(task, 'waiting');
    if (release(lane, task)) this.#begin(lane, at);
  }

  #settled(task: TaskItem, fact: FactOf<'settled'>): void {
    if (!isOpen(task)) return;
    const { at, started, completed, ename } = fact;
    const engine = fact.engine ?? task.engine;
    const lane = engine === null ? null : this.#lane(engine);
    const state = endOf(fact);
    task.engine = engine;
    task.settled = at;
    task.ename = ename?.slice(0, LONGEST_NAME) ?? null;
    task.bytesIn = fact.bytes;
    const gap = lane === null ? at : (lane.bars.at(-1)?.end ?? -Infinity);
    const wasRunning = lane !== null && release(lane, task);
    if (lane === null || started === null || completed === null) {
      lane?.never.push(task);
      this.#waitsNoMore(task, at);
    } else {
      const { start, end, byHub } = timesOf(lane, task, { started, completed, heard: at });
      Object.assign(task, { started: start, completed: end, byHub });
      this.#waitsNoMore(task, start);
      const known = Number.isNaN(task.sent) ? task.submitted : task.sent;
      const sent = Math.min(Math.max(known, gap), start);
      addBar(lane, { task, start, end, look: state, sent, got: at });
      task.kind.runs++;
      task.kind.spent += end - start;
    }
    this.#become(task, state);
    this.lastEnd = Math.max(this.lastEnd, at);
    if (wasRunning) this.#begin(lane, at);
  }

  #engineIs({ at, engine, generation, life }: FactOf<'engine'>): void {
    const isNew = !this.#lanes.has(engine);
    const lane = this.#lane(engine);
    if (life === 'dead' && lane.life !== 'dead') lane.marks.push({ at, what: 'died' });
    else if (isNew && this.origin !== null && at > this.origin) lane.marks.push({ at, what: 'started' });
    else if (generation > lane.generation) lane.marks.push({ at, what: 'renewed' });
    if (generation !== lane.generation) forgetClock(lane);
    lane.generation = generation;
    lane.life = life;
  }

  /** With the oldest of what the engine has. */
  #begin(lane: Lane, at: number): void {
    const [task] = lane.held;
    if (lane.running !== null || task === undefined) return;
    lane.running = { task, start: at };
    this.#become(task, 'running');
  }

  #become(task: TaskItem, state: TaskState): void {
    this.#counts[task.state]--;
    this.#counts[state]++;
    task.state = state;
    if (state === 'done' || state === 'failed' || state === 'lost' || state === 'cancelled')
      task.kind[state]++;
  }

  #waitsNoMore(task: TaskItem, at: number): void {
    if (task.left) return;
    task.left = true;
    insertSorted(this.#leaves, Math.max(at, task.submitted), identity);
  }

  #lane(engine: EngineId): Lane {
    const known = this.#lanes.get(engine);
    if (known !== undefined) return known;
    const lane = newLane(engine);
    this.#lanes.set(engine, lane);
    return lane;
  }

  // FORGETTING

  #dropOldest(count: number): void {
    const end = this.#tasks[count]?.n ?? Infinity;
    const goes = (task: TaskItem) => task.n < end && !isOpen(task);
    for (const lane of this.#lanes.values()) {
      drop(lane.bars, ({ task }) => goes(task));
      drop(lane.never, goes);
    }
    const left = this.#tasks.filter((task) => !goes(task));
    const dropped = this.dropped + this.#tasks.length - left.length;
    this.#keep(left);
    this.dropped = dropped;
    this.origin = this.#tasks[0]?.submitted ?? null;
  }

  /** These, and what is counted is counted again. */
  #keep(tasks: TaskItem[]): void {
    this.#tasks = tasks;
    this.#byNumber.clear();
    Object.assign(this.#counts, noCounts());
    for (const kind of this.kinds.all) {
      Object.assign(kind, { total: 0, done: 0, failed: 0, lost: 0, cancelled: 0, spent: 0, runs: 0 });
    }
    this.#waits.length = 0;
    this.#leaves.length = 0;
    for (const task of tasks) {
      const { n, kind, state, started, completed } = task;
      this.#byNumber.set(n, task);
      this.#counts[state]++;
      kind.total++;
      if (!isOpen(task) && state in kind) kind[state as 'done']++;
      if (!Number.isNaN(completed)) {
        kind.runs++;
        kind.spent += completed - started;
      }
      this.#waits.push(task.submitted);
      if (task.left) this.#leaves.push(leftAt(task));
    }
    this.#waits.sort(ascending);
    this.#leaves.sort(ascending);
    this.kinds.prune();
  }

  #startAgain(): void {
    this.dropped = 0;
    this.origin = this.#tasks[0]?.submitted ?? null;
    this.burst = this.origin ?? -Infinity;
    this.lastEnd = -Infinity;
  }
}

/** Of an error, in a table and a tooltip. */
const LONGEST_NAME = 200;

function endOf({ outcome, ename }: FactOf<'settled'>): 'done' | 'failed' | 'lost' | 'cancelled' {
  if (outcome === 'ok') return 'done';
  if (outcome === 'aborted' || ename === INTERRUPTED) return 'cancelled';
  return ename === LOST ? 'lost' : 'failed';
}

function leftAt({ sent, started, settled }: TaskItem): number {
  return [sent, started, settled].find((time) => !Number.isNaN(time)) ?? Infinity;
}

function noCounts(): Counts {
  return { waiting: 0, sent: 0, running: 0, done: 0, failed: 0, lost: 0, cancelled: 0 };
}

function drop<T>(list: T[], goes: (item: T) => boolean): void {
  const kept = list.filter((item) => !goes(item));
  list.length = 0;
  for (const item of kept) list.push(item);
}

const identity = (value: number): number => value;
const ascending = (a: number, b: number): number => a - b;
