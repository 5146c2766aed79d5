import type { FromController, ToController } from '../protocol/client-messages.ts';
import { receiveHubOptions, type HubOptionsSpec } from '../protocol/hub-options.ts';
import type { ClusterNumber, FromKernel, ToKernel } from '../protocol/kernel-messages.ts';
import type { Link } from '../protocol/link.ts';
import { PartLink } from '../protocol/part-link.ts';

/** What of the kernel's messages is for a controller. */
interface ForController {
  readonly type: 'controller' | 'open-cluster' | 'close-cluster';
}

type Line = PartLink<ToController, FromController>;

/** Gives what ends the cluster. */
type OpenCluster = (
  options: HubOptionsSpec,
  clusterId: string,
  link: Link<ToController, FromController>,
) => () => void;

interface OpenedCluster {
  readonly line: Line;
  readonly end: () => void;
}

/** The clients of one kernel, on the one channel that it has: those of the notebook's cluster and of its cells' own. */
export class ClientLines {
  readonly #channel: Link<FromKernel, ToKernel>;
  readonly #openCluster: OpenCluster;
  readonly #own: Line;
  readonly #clusters = new Map<ClusterNumber, OpenedCluster>();
  /** For one controller, not delivered yet. */
  #to: Line | null = null;
  #batch: ToController[] = [];

  constructor(channel: Link<FromKernel, ToKernel>, openCluster: OpenCluster) {
    this.#channel = channel;
    this.#openCluster = openCluster;
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
      else this.#close(message.cluster, 'it was stopped.');
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
    for (const { line, end } of this.#clusters.values()) {
      line.lose(reason);
      end();
    }
    this.#clusters.clear();
  }

  #open({ cluster, clusterId, options }: Extract<FromKernel, { readonly type: 'open-cluster' }>): void {
    const line = lineOn(this.#channel, cluster);
    try {
      const end = this.#openCluster(receiveHubOptions(options), clusterId, line);
      this.#clusters.set(cluster, { line, end });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#channel.post({ type: 'cluster-lost', cluster, reason });
    }
  }

  /** What its controller says at its end goes out before the word that it has ended. */
  #close(cluster: ClusterNumber, reason: string): void {
    this.#clusters.get(cluster)?.end();
    this.#clusters.delete(cluster);
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
