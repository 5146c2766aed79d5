import type { FromController, ToController } from '../protocol/client-messages.ts';
import { receiveHubOptions, type HubOptionsSpec } from '../protocol/hub-options.ts';
import type { ClusterNumber, FromKernel, JoinedPlace, ToKernel } from '../protocol/kernel-messages.ts';
import type { RunId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { PartLink } from '../protocol/part-link.ts';

/** What of the kernel's messages is for a controller. */
interface ForController {
  readonly type: 'controller' | 'open-cluster' | 'join-cluster' | 'close-cluster';
}

type Line = PartLink<ToController, FromController>;

/** Where the clusters of cells come from. Both give what ends the cluster, for us. */
export interface ClusterSource {
  /** @throws an error that says why it cannot be. */
  openCluster(
    options: HubOptionsSpec,
    clusterId: string,
    link: Link<ToController, FromController>,
  ): () => void;
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

interface OpenedCluster {
  readonly line: Line;
  readonly end: () => void;
  /** What its clients hear when a cell ends it. */
  readonly farewell: string;
}

/** The clients of one kernel, on the one channel that it has: those of the notebook's cluster and of its cells' own. */
export class ClientLines {
  readonly #channel: Link<FromKernel, ToKernel>;
  readonly #source: ClusterSource;
  readonly #own: Line;
  readonly #clusters = new Map<ClusterNumber, OpenedCluster>();
  /** For one controller, not delivered yet. */
  #to: Line | null = null;
  #batch: ToController[] = [];

  constructor(channel: Link<FromKernel, ToKernel>, source: ClusterSource) {
    this.#channel = channel;
    this.#source = source;
    this.#own = lineOn(channel);
  }

  /** Of the notebook's cluster. */
  get own(): Link<ToController, FromController> {
    return this.#own;
  }

  hear(message: Extract<FromKernel, ForController>): void {
    if (message.type !== 'controller') {
      this.deliver();
      if (message.type === 'open-cluster') this.#open(message);
      else if (message.type === 'join-cluster') this.#join(message);
      else this.#close(message.cluster);
      return;
    }
    const line = message.cluster === undefined ? this.#own : this.#clusters.get(message.cluster)?.line;
    if (line !== this.#to) this.deliver();
    this.#to = line ?? null;
    this.#batch.push(message.message);
  }

  /** Hands on what has been heard. */
  deliver(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#to?.deliver(batch);
  }

  /** The kernel is gone, and with it the clusters that its cells have started. */
  lose(reason: string): void {
    this.deliver();
    this.#own.lose(reason);
    const clusters = [...this.#clusters.values()];
    this.#clusters.clear();
    for (const { line, end } of clusters) {
      line.lose(reason);
      end();
    }
  }

  #open({ cluster, clusterId, options }: Extract<FromKernel, { readonly type: 'open-cluster' }>): void {
    const line = lineOn(this.#channel, cluster);
    try {
      const end = this.#source.openCluster(receiveHubOptions(options), clusterId, line);
      this.#clusters.set(cluster, { line, end, farewell: 'it was stopped.' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#channel.post({ type: 'cluster-lost', cluster, reason });
    }
  }

  #join({ cluster, link, runId }: Extract<FromKernel, { readonly type: 'join-cluster' }>): void {
    const line = lineOn(this.#channel, cluster);
    // Known before it is asked for: the answer may come at once.
    let end = (): void => undefined;
    this.#clusters.set(cluster, {
      line,
      end: () => {
        end();
      },
      farewell: 'you left it.',
    });
    end = this.#source.joinCluster({ link, runId }, line, {
      joined: (place) => {
        this.#channel.post({ type: 'cluster-joined', cluster, place });
      },
      lost: (reason) => {
        if (!this.#clusters.delete(cluster)) return;
        this.#channel.post({ type: 'cluster-lost', cluster, reason });
      },
    });
  }

  /** What its controller says at its end goes out before the word that it has ended. */
  #close(cluster: ClusterNumber): void {
    const opened = this.#clusters.get(cluster);
    this.#clusters.delete(cluster);
    opened?.end();
    const reason = opened?.farewell ?? 'it had ended.';
    this.#channel.post({ type: 'cluster-lost', cluster, reason });
  }
}

function lineOn(channel: Link<FromKernel, ToKernel>, cluster?: ClusterNumber): Line {
  const address = cluster === undefined ? {} : { cluster };
  return new PartLink({
    post: (message, transfer) => {
      channel.post({ type: 'controller', message, ...address }, transfer);
    },
    flush: () => {
      channel.flush();
    },
  });
}
