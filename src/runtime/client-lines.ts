import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';
import type { ClusterNumber, FromKernel, JoinedPlace, ToKernel } from '../protocol/kernel-messages.ts';
import type { RunId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { PartLink } from '../protocol/part-link.ts';
import type { InterpretedScheme } from './scheme-source.ts';

/** What of the kernel's messages is for a controller. */
interface ForController {
  readonly type: 'controller' | 'open-cluster' | 'join-cluster' | 'close-cluster';
}

/** Each has a controller, with memory of its own. */
const MOST_CLUSTERS = 128;

type Line = PartLink<ToController, FromController>;

/** Where the clusters of cells come from. Both give what ends the cluster, for us. */
export interface ClusterSource {
  /** @throws an error that says why it cannot be. */
  openCluster(
    options: HubOptionsSpec,
    clusterId: string,
    link: Link<ToController, FromController>,
  ): () => void;
  /** A scheme of a cell's own, from its text. Rejects with what is wrong with it. */
  interpretScheme(source: string): Promise<InterpretedScheme>;
  /** Who listens to a cluster of that name; without it nobody does. */
  readonly listen?: (name: string) => CellClusterEar;
  /** A real one, if the reader agrees: one of the two is told, `lost` perhaps after `joined`. */
  joinCluster(
    asked: { readonly link: string; readonly runId: RunId | null },
    link: Link<ToController, FromController>,
    told: {
      readonly joined: (place: JoinedPlace) => void;
      /** `reason`: a sentence. */
      readonly lost: (reason: string) => void;
    },
  ): () => void;
}

/** Listens to what passes between cells and a cluster of theirs, before it is handled. */
export interface CellClusterEar {
  asked(batch: readonly ToController[]): void;
  told(message: FromController): void;
  gone(): void;
}

interface OpenedCluster {
  readonly line: Line;
  end: () => void;
  /** Null: nobody, or not yet. */
  ear: CellClusterEar | null;
  /** What its clients hear when a cell ends it. */
  readonly farewell: string;
}

/** The clients of one kernel, on the one channel that it has: those of the notebook's cluster and of its cells' own. */
export class ClientLines {
  readonly #channel: Link<FromKernel, ToKernel>;
  readonly #source: ClusterSource;
  readonly #own: Pick<OpenedCluster, 'line' | 'ear'>;
  readonly #clusters = new Map<ClusterNumber, OpenedCluster>();
  /** For one controller, not delivered yet. */
  #to: Pick<OpenedCluster, 'line' | 'ear'> | null = null;
  #batch: ToController[] = [];

  constructor(channel: Link<FromKernel, ToKernel>, source: ClusterSource) {
    this.#channel = channel;
    this.#source = source;
    // Whoever the notebook's clients are attached to listens by himself.
    this.#own = { line: lineOn(channel), ear: null };
  }

  /** Of the notebook's cluster. */
  get own(): Link<ToController, FromController> {
    return this.#own.line;
  }

  hear(message: Extract<FromKernel, ForController>): void {
    if (message.type !== 'controller') {
      this.deliver();
      if (message.type === 'open-cluster') this.#open(message);
      else if (message.type === 'join-cluster') this.#join(message);
      else this.#close(message.cluster);
      return;
    }
    const to = message.cluster === undefined ? this.#own : this.#clusters.get(message.cluster);
    if (to !== this.#to) this.deliver();
    this.#to = to ?? null;
    this.#batch.push(message.message);
  }

  /** Hands on what has been heard. */
  deliver(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#to?.ear?.asked(batch);
    this.#to?.line.deliver(batch);
  }

  /** The kernel is gone, and with it the clusters that its cells have started. */
  lose(reason: string): void {
    this.deliver();
    this.#own.line.lose(reason);
    const clusters = [...this.#clusters.values()];
    this.#clusters.clear();
    for (const { line, end, ear } of clusters) {
      line.lose(reason);
      end();
      ear?.gone();
    }
  }

  /** Whether there may be one more, under this number. A kernel's own client gives each a new one, and has few. */
  #mayBegin(cluster: ClusterNumber): boolean {
    if (this.#clusters.has(cluster)) return false;
    if (this.#clusters.size < MOST_CLUSTERS) return true;
    const reason = `a notebook has at most ${String(MOST_CLUSTERS)} clusters at once.`;
    this.#channel.post({ type: 'cluster-lost', cluster, reason });
    return false;
  }

  #open({ cluster, clusterId, options }: Extract<FromKernel, { readonly type: 'open-cluster' }>): void {
    if (!this.#mayBegin(cluster)) return;
    const opened = this.#begin(cluster, 'it was stopped.');
    opened.ear = this.#source.listen?.(clusterId) ?? null;
    const open = (spec: HubOptionsSpec, scheme: InterpretedScheme | null): void => {
      const end = this.#source.openCluster(spec, clusterId, opened.line);
      opened.end = () => {
        end();
        scheme?.dispose();
      };
    };
    const fail = (error: unknown): void => {
      if (this.#clusters.get(cluster) !== opened) return;
      this.#clusters.delete(cluster);
      opened.ear?.gone();
      const reason = error instanceof Error ? error.message : String(error);
      this.#channel.post({ type: 'cluster-lost', cluster, reason });
    };
    try {
      const { scheme, ...rest } = options;
      if (typeof scheme !== 'object') {
        open(scheme === undefined ? rest : { ...rest, scheme }, null);
        return;
      }
      // What is said to the cluster until then waits in its line.
      void this.#source
        .interpretScheme(scheme.source)
        .then((interpreted) => {
          if (this.#clusters.get(cluster) === opened)
            open({ ...rest, scheme: interpreted.choose }, interpreted);
          else interpreted.dispose();
        })
        .catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  #join({ cluster, link, runId }: Extract<FromKernel, { readonly type: 'join-cluster' }>): void {
    if (!this.#mayBegin(cluster)) return;
    // Known before it is asked for: the answer may come at once.
    const opened = this.#begin(cluster, 'you left it.');
    opened.end = this.#source.joinCluster({ link, runId }, opened.line, {
      joined: (place) => {
        opened.ear = this.#source.listen?.(place.host) ?? null;
        this.#channel.post({ type: 'cluster-joined', cluster, place });
      },
      lost: (reason) => {
        if (!this.#clusters.delete(cluster)) return;
        opened.ear?.gone();
        this.#channel.post({ type: 'cluster-lost', cluster, reason });
      },
    });
  }

  #begin(cluster: ClusterNumber, farewell: string): OpenedCluster {
    const line = lineOn(this.#channel, cluster, (message) => opened.ear?.told(message));
    const opened: OpenedCluster = { line, ear: null, farewell, end: () => undefined };
    this.#clusters.set(cluster, opened);
    return opened;
  }

  /** What its controller says at its end goes out before the word that it has ended. */
  #close(cluster: ClusterNumber): void {
    const opened = this.#clusters.get(cluster);
    this.#clusters.delete(cluster);
    opened?.end();
    opened?.ear?.gone();
    const reason = opened?.farewell ?? 'it had ended.';
    this.#channel.post({ type: 'cluster-lost', cluster, reason });
  }
}

function lineOn(
  channel: Link<FromKernel, ToKernel>,
  cluster?: ClusterNumber,
  told?: (message: FromController) => void,
): Line {
  const address = cluster === undefined ? {} : { cluster };
  return new PartLink({
    post: (message, transfer) => {
      told?.(message);
      channel.post({ type: 'controller', message, ...address }, transfer);
    },
    flush: () => {
      channel.flush();
    },
  });
}
