import { UNSENDABLE } from '../../protocol/canned.ts';
import type { EngineId } from '../../protocol/ids.ts';
import type { Client } from '../client.ts';
import { signalled } from '../engine-signals.ts';
import type { ClientEnvironment } from '../environment.ts';
import { KeyError, RuntimeError } from '../errors.ts';
import { readOptions } from '../options.ts';
import { spell } from '../spelling.ts';
import type { ClusterHost } from './cluster-host.ts';
import { beginLife, type ClusterLife } from './cluster-life.ts';
import { ClusterLog } from './cluster-log.ts';
import {
  checkEngineCount,
  checkWorkerCount,
  readClusterOptions,
  type ClusterOptions,
} from './cluster-options.ts';
import { EngineSet } from './engine-set.ts';
import type { JoinedCluster } from './join-cluster.ts';
import { takeSteps, takeStepsSync, type Steps } from './steps.ts';

export interface StartOptions {
  /** How many engines. Default: the cluster's `n`. */
  readonly n?: number;
}

export interface ConnectOptions extends StartOptions {
  /** `%px` and its like go to this cluster from now on. Default false. */
  readonly activate?: boolean;
}

const NOT_OURS =
  'This cluster was joined: its controller and engines belong to whoever started them, and are started and stopped ' +
  'there. stopCluster() leaves it. (If they are yours: rc.shutdown(), of a client of it, stops engines.)';
const LEFT =
  'This cluster has been left, or its gateway is gone. Join it again: await Cluster.join(link). A link opens once; the ' +
  'gateway prints the next.';

/**
 * A cluster of one's own: a controller and engines beside those of the notebook, started and stopped from cells.
 *
 *     await using cluster = new Cluster({ n: 2, scheme: 'lru' });   // ends with the cell
 *     const rc = await cluster.startAndConnect();
 *     await rc[':'].apply(() => engine.id);
 *
 * Whatever starts or stops something returns a promise; the same name with `Sync` at its end blocks.
 * The constructor starts nothing. @throws TypeError or ValueError for bad options.
 */
export class Cluster {
  /** Its name; of one that was joined, where its gateway is. */
  readonly clusterId: string;
  readonly #host: ClusterHost;
  readonly #options: ReturnType<typeof readClusterOptions>;
  readonly #log: ClusterLog;
  /** Somebody else's, which is left and not stopped. */
  readonly #isJoined: boolean;
  #running: ClusterLife | null = null;
  /** Sets made so far, in all lives. */
  #setCount = 0;

  /** `joined`: see `joinCluster`. */
  constructor(
    host: ClusterHost,
    clock: ClientEnvironment['clock'],
    options: ClusterOptions = {},
    joined: JoinedCluster | null = null,
  ) {
    this.#host = host;
    this.#options = readClusterOptions(options, { n: host.cores, clusterId: host.newId() });
    this.clusterId = joined?.place.host ?? this.#options.clusterId;
    this.#isJoined = joined !== null;
    this.#running = joined?.life ?? null;
    this.#log = joined?.log ?? new ClusterLog(clock);
  }

  get [UNSENDABLE](): string {
    return 'A cluster stays where it is; its engines are reached from here only.';
  }

  // What there is

  /** How many engines are started when nobody says; of a cluster that was joined, how many it has. */
  get n(): number {
    return this.#isJoined ? (this.#running?.core.ids.length ?? 0) : this.#options.n;
  }

  /** Whether it has a controller, and has not been left. */
  get isRunning(): boolean {
    return this.#running !== null && this.#running.hub.lost === null;
  }

  /** The sets of engines that have engines, by set id. */
  get engines(): Readonly<Record<string, EngineSet>> {
    const sets = this.isRunning ? [...(this.#running?.sets.values() ?? [])] : [];
    return Object.fromEntries(sets.filter(({ n }) => n > 0).map((set) => [set.id, set]));
  }

  /** The first set: most clusters have only one. Null when there is none. */
  get engineSet(): EngineSet | null {
    return Object.values(this.engines)[0] ?? null;
  }

  /** What happened to controller and engines since the beginning, a line each with its time. */
  getOutput(): string {
    return this.#log.textOf(null);
  }

  // Starting

  /** The controller alone. Rejects with RuntimeError when there is one. */
  startController(): Promise<void> {
    return takeSteps(this.#startController());
  }

  /**
   * Starts `n` engines (default: the cluster's `n`); resolves with the id of the set, a key of `engines`, when they
   * are ready. Rejects with RuntimeError without a controller, EngineError when no engine gets ready.
   */
  startEngines(n: number = this.n): Promise<string> {
    return takeSteps(this.#startEngines(n));
  }

  startEnginesSync(n: number = this.n): string {
    return takeStepsSync(this.#startEngines(n), 'await cluster.startEngines(n)');
  }

  /** Controller and engines; resolves when they are ready. Rejects as its two parts do, and leaves nothing behind. */
  startCluster(options?: number | StartOptions): Promise<this> {
    return takeSteps(this.#startCluster(countOf(options, 'startCluster')));
  }

  startClusterSync(options?: number | StartOptions): this {
    return takeStepsSync(
      this.#startCluster(countOf(options, 'startCluster')),
      'await cluster.startCluster(n)',
    );
  }

  /** `startCluster`, and a client of it. */
  async startAndConnect(options?: ConnectOptions): Promise<Client> {
    const { n, activate = false } = readOptions(options, ['n', 'activate'], 'startAndConnect');
    await this.startCluster(n);
    return this.#connected(activate);
  }

  startAndConnectSync(options?: ConnectOptions): Client {
    const { n, activate = false } = readOptions(options, ['n', 'activate'], 'startAndConnect');
    takeStepsSync(this.#startCluster(n), 'await cluster.startAndConnect()');
    return this.#connected(activate);
  }

  /** A client of this cluster. Rejects with RuntimeError when it does not run. */
  async connectClient(): Promise<Client> {
    return Promise.resolve(this.connectClientSync());
  }

  connectClientSync(): Client {
    return this.#connected(false);
  }

  /** The world of its clients, for `new Client(cluster)`. @throws RuntimeError when it does not run. */
  get environment(): ClientEnvironment {
    return this.#alive().core.environment;
  }

  // Stopping

  /**
   * Stops the engines of a set (default: all). Rejects with KeyError for a set that is not there, RuntimeError for
   * engines of a cluster that was joined.
   */
  stopEngines(setId?: string): Promise<void> {
    return takeSteps(this.#stopEngines(setId));
  }

  stopEnginesSync(setId?: string): void {
    takeStepsSync(this.#stopEngines(setId), 'await cluster.stopEngines(setId)');
  }

  /** One engine, for good. Rejects with IndexError when it does not exist. */
  stopEngine(id: EngineId): Promise<void> {
    return takeSteps(this.#shutdown([id], false));
  }

  /**
   * The controller, and with it all engines. Without effect when there is none. A cluster that was joined is left: its
   * controller and engines belong to whoever started them, and go on.
   */
  stopController(): Promise<void> {
    return takeSteps(this.#stopController());
  }

  /**
   * Everything. What is pending fails with EngineError; clients of this cluster are of no more use. A cluster that was
   * joined is left, and goes on without us.
   */
  stopCluster(): Promise<void> {
    return takeSteps(this.#stopController());
  }

  stopClusterSync(): void {
    takeStepsSync(this.#stopController(), 'await cluster.stopCluster()');
  }

  /**
   * The engines of a set (default: all) are replaced by as many new ones, under new ids: ids are never used again.
   * Sets keep their names. Rejects with KeyError.
   */
  restartEngines(setId?: string): Promise<void> {
    return takeSteps(this.#restartEngines(setId));
  }

  restartEnginesSync(setId?: string): void {
    takeStepsSync(this.#restartEngines(setId), 'await cluster.restartEngines(setId)');
  }

  /** One engine comes back empty, under its id. Rejects with IndexError when it does not exist. */
  restartEngine(id: EngineId): Promise<void> {
    return takeSteps(this.#shutdown([id], true));
  }

  /**
   * SIGINT interrupts what runs on the engines of a set (default: all); SIGTERM and SIGKILL end them, and they come
   * back empty. Rejects with KeyError for the set, ValueError for another signal.
   */
  async signalEngines(signal: string | number, setId?: string): Promise<void> {
    const { core } = this.#alive();
    const what = signalled(signal, this.#idsOf(setId));
    if ('post' in what) core.post(what.post);
    else await core.ask(what.ask);
  }

  /** SIGINT and the like for one engine. */
  async signalEngine(signal: string | number, id: EngineId): Promise<void> {
    const { core } = this.#alive();
    const what = signalled(signal, [id]);
    if ('post' in what) core.post(what.post);
    else await core.ask(what.ask);
  }

  // For a while

  /**
   * Runs `work` with a client of this cluster, which is started before and stopped after it, also when it throws.
   * All `n` engines are ready when `work` begins. Resolves to what `work` returns.
   */
  async use<R>(work: (rc: Client) => R | Promise<R>): Promise<R> {
    const rc = await this.startAndConnect();
    try {
      return await work(rc);
    } finally {
      await this.stopCluster();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopCluster();
  }

  // Showing it

  toString(): string {
    const parts = [`clusterId=${JSON.stringify(this.clusterId)}`];
    if (this.isRunning) parts.push(this.#isJoined ? 'controller=<joined>' : 'controller=<running>');
    const sets = Object.keys(this.engines);
    if (sets.length > 0) parts.push(`engineSets=${JSON.stringify(sets)}`);
    return `<Cluster(${parts.join(', ')})>`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  // Inside

  *#startController(): Steps<void> {
    if (this.#isJoined) throw new RuntimeError(this.isRunning ? NOT_OURS : LEFT);
    if (this.isRunning) {
      throw new RuntimeError('The controller of this cluster runs already. Stop it first: stopCluster()');
    }
    const sets = new Map<string, EngineSet>();
    const size = () => [...sets.values()].reduce((sum, { n }) => sum + n, 0) || this.n;
    const line = this.#host.open(this.#options.hub, this.clusterId);
    const life = beginLife(this.#host, line, { log: this.#log, sets, size });
    this.#running = life;
    this.#log.note('The controller starts');
    // An answer shows that it is there; where it could not be started, the loss of its port says why.
    yield { ask: { type: 'history' }, of: life.core };
  }

  *#startEngines(n: number, setId?: string): Steps<string> {
    const { core, sets } = this.#alive();
    checkWorkerCount(n, 0, core.ids.length);
    const started = (yield { ask: { type: 'start-engines', n }, of: core }) as readonly EngineId[];
    const known = () => {
      const there = new Set(core.engines.map(({ id }) => id));
      return core.environment.hub.lost !== null || started.every((id) => there.has(id));
    };
    yield { until: known, of: core };
    const id = setId ?? `engines-${String(++this.#setCount)}`;
    const owner = {
      living: (ids: readonly EngineId[]) => core.ids.filter((id) => ids.includes(id)),
      outputOf: (ids: readonly EngineId[]) => this.#log.textOf(ids),
    };
    sets.set(id, new EngineSet(id, started, owner));
    return id;
  }

  *#startCluster(n: number = this.n): Steps<this> {
    checkEngineCount(n, 0);
    // Its engines are started elsewhere, and come when they come.
    if (this.#isJoined && this.#running !== null && this.isRunning) {
      const { core, hub } = this.#running;
      yield { until: () => core.ids.length >= n || hub.lost !== null, of: core };
      this.#alive();
      return this;
    }
    yield* this.#startController();
    try {
      yield* this.#startEngines(n);
    } catch (error) {
      yield* this.#stopController();
      throw error;
    }
    return this;
  }

  *#stopEngines(setId: string | undefined): Steps<void> {
    const engines = this.#idsOf(setId);
    if (this.isRunning) yield* this.#shutdown(engines, false);
  }

  *#restartEngines(setId: string | undefined): Steps<void> {
    this.#idsOf(setId);
    const sets = Object.values(this.engines).filter(({ id }) => setId === undefined || id === setId);
    const counts = sets.map(({ id, n }) => ({ id, n }));
    yield* this.#stopEngines(setId);
    for (const { id, n } of counts) yield* this.#startEngines(n, id);
  }

  *#shutdown(engines: readonly EngineId[] | null, restart: boolean): Steps<void> {
    const { core } = this.#alive();
    if (this.#isJoined && !restart) throw new RuntimeError(NOT_OURS);
    yield { ask: { type: 'shutdown', engines, restart }, of: core };
    if (restart) return;
    const gone = () => core.ids.every((id) => engines !== null && !engines.includes(id));
    yield { until: gone, of: core };
  }

  *#stopController(): Steps<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    if (running.hub.lost === null) {
      running.line.close();
      yield { until: () => running.hub.lost !== null, of: running.core };
    }
    running.core.close();
  }

  #connected(activate: boolean): Client {
    const rc = this.#host.connect(this.environment);
    if (activate) rc.activate();
    return rc;
  }

  /** @throws RuntimeError. */
  #alive(): ClusterLife {
    if (this.#running !== null && this.isRunning) return this.#running;
    if (this.#isJoined) throw new RuntimeError(LEFT);
    throw new RuntimeError('This cluster has no controller. Start it first: startCluster()');
  }

  /** Null: all engines. @throws KeyError. */
  #idsOf(setId: string | undefined): readonly EngineId[] | null {
    if (setId === undefined) return null;
    const set = this.engines[setId];
    if (set) return set.engineIds;
    const known = Object.keys(this.engines).join(', ') || 'none';
    throw new KeyError(`No such engine set: ${setId}. There are: ${known}`);
  }
}

function countOf(options: number | StartOptions | undefined, method: string): number | undefined {
  if (typeof options === 'number' || options === undefined) return options;
  return readOptions(options, ['n'], method).n;
}

spell(Cluster, ['clusterId']);
