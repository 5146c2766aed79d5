import type { Controller, ControllerSetup } from '../controller/controller.ts';
import type { Adapt } from '../protocol/adapt.ts';
import type { EngineState, FromController, ToController } from '../protocol/client-messages.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { Switchboard, type BoardEar, type ClusterEnd } from './switchboard.ts';

/** What the page may ask of a real cluster that the notebook has joined. */
export interface JoinedCluster extends ClusterEnd {
  interruptEngines(engines: readonly EngineId[] | null): void;
  startEngines(): Promise<never>;
  restartEngines(): Promise<never>;
  /** Leaves it. */
  close(): void;
}

/** What it tells. */
export interface JoinedEars {
  onEngines(engines: readonly EngineState[]): void;
  onNotice(level: 'info' | 'warning', text: string): void;
  /** `reason`: a sentence. */
  onEnded(reason: string): void;
}

/** The text of a module, evaluated, gives this: see `src/cluster.ts`. */
export interface ClusterModule {
  joinCluster(port: MessagePort, told: JoinedEars): JoinedCluster;
}

export interface NotebookClusterHost {
  /** A controller without engines. */
  create(told: Pick<ControllerSetup, 'onEngines' | 'onAdapt'>): Controller;
  onEngines(engines: readonly EngineState[]): void;
  /** How the number of engines is adapted; null: by hand, or another cluster is joined. */
  onAdapt(adapt: Adapt | null): void;
  onNotice(level: 'info' | 'warning', text: string): void;
  /** Hears what clients and cluster say to each other. */
  readonly ear: BoardEar;
}

/**
 * The cluster of the notebook: engines of this frame, until the reader joins a real cluster, and again when that is
 * left or gone. Clients live on through both changes; what was pending has been settled by the cluster that goes.
 */
export class NotebookCluster {
  readonly #host: NotebookClusterHost;
  readonly #board: Switchboard;
  /** The frame's own; null while another is joined. */
  #own: Controller | null;
  #joined: JoinedCluster | null = null;
  /** Controllers made here. */
  #lives = 0;
  /** How many engines there are here, or were when another was joined. */
  #count: number;

  constructor(host: NotebookClusterHost, engines: number) {
    this.#host = host;
    this.#count = engines;
    this.#own = this.#create();
    this.#board = new Switchboard(this.#own, host.ear);
  }

  /** Null while a real cluster is joined. */
  get own(): Controller | null {
    return this.#own;
  }

  attachClient(link: Link<ToController, FromController>): void {
    this.#board.attachClient(link);
  }

  /** Starts the engines that it is to have. */
  async start(): Promise<void> {
    await this.#own?.startEngines(this.#count);
  }

  async startEngines(n: number): Promise<void> {
    await (this.#own ? this.#own.startEngines(n) : this.#joined?.startEngines());
  }

  async restartEngines(engines: readonly EngineId[] | null): Promise<void> {
    await (this.#own ? this.#own.restartEngines(engines) : this.#joined?.restartEngines());
  }

  async stopEngines(engines: readonly EngineId[]): Promise<void> {
    await this.#own?.stopEngines(engines);
  }

  /** Null: from now on by hand. */
  async adaptEngines(adapt: Adapt | null): Promise<void> {
    await this.#own?.ask({ type: 'adapt', adapt });
  }

  interruptEngines(engines: readonly EngineId[] | null): void {
    (this.#own ?? this.#joined)?.interruptEngines(engines);
  }

  join(module: ClusterModule, port: MessagePort): void {
    this.#joined?.close();
    const joined: JoinedCluster = module.joinCluster(port, {
      onEngines: (engines) => {
        if (this.#joined === joined) this.#host.onEngines(engines);
      },
      onNotice: (level, text) => {
        this.#host.onNotice(level, text);
      },
      onEnded: () => {
        if (this.#joined === joined) this.#comeBack();
      },
    });
    this.#joined = joined;
    const own = this.#own;
    this.#own = null;
    own?.close();
    this.#host.onEngines([]);
    this.#host.onAdapt(null);
    this.#board.switchTo(joined);
  }

  #comeBack(): void {
    this.#joined = null;
    this.#own = this.#create();
    this.#board.switchTo(this.#own);
    this.start().catch((error: unknown) => {
      this.#host.onNotice('warning', error instanceof Error ? error.message : String(error));
    });
  }

  #create(): Controller {
    const life = ++this.#lives;
    // The last words of one that has been closed are not heard.
    const isPresent = (): boolean => life === this.#lives && !this.#joined;
    return this.#host.create({
      onEngines: (engines) => {
        if (!isPresent()) return;
        if (engines.length > 0) this.#count = engines.length;
        this.#host.onEngines(engines);
      },
      onAdapt: (adapt) => {
        if (isPresent()) this.#host.onAdapt(adapt);
      },
    });
  }
}
