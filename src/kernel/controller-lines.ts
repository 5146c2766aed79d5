import type { ControllerPort } from '../client/client-hub.ts';
import type { ClusterLine, JoiningLine } from '../client/cluster/cluster-host.ts';
import type { FromController, ToController } from '../protocol/client-messages.ts';
import { sendHubOptions, type HubOptionsSpec } from '../protocol/hub-options.ts';
import type { ClusterNumber, FromKernel, JoinedPlace, ToKernel } from '../protocol/kernel-messages.ts';
import type { RunId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { PartLink } from '../protocol/part-link.ts';

/** What of the owner's messages is a controller's. */
export interface ControllerTells {
  readonly type: 'controller' | 'cluster-joined' | 'cluster-lost';
}

type Line = PartLink<FromController, ToController>;

/** The controllers that this kernel speaks to, on the one channel that it has: the notebook's and its cells' own. */
export class ControllerLines {
  readonly #channel: Link<ToKernel, FromKernel>;
  readonly #lines = new Map<ClusterNumber, Line>();
  /** Where those are that were joined. */
  readonly #places = new Map<ClusterNumber, JoinedPlace>();
  readonly #own: Line;
  /** What one controller said last, not delivered yet. */
  #from: Line | null = null;
  #batch: FromController[] = [];
  #opened = 0;

  constructor(channel: Link<ToKernel, FromKernel>) {
    this.#channel = channel;
    this.#own = new PartLink({
      post: (message, transfer) => {
        channel.post({ type: 'controller', message }, transfer);
      },
      flush: () => {
        channel.flush();
      },
    });
  }

  /** To the notebook's own. */
  get own(): ControllerPort {
    return this.#own;
  }

  open(options: HubOptionsSpec, clusterId: string): ClusterLine {
    const { cluster, line } = this.#begin();
    this.#channel.post({ type: 'open-cluster', cluster, clusterId, options: sendHubOptions(options) });
    return line;
  }

  join(link: string, runId: RunId | null): JoiningLine {
    const { cluster, line } = this.#begin();
    this.#channel.post({ type: 'join-cluster', cluster, link, runId });
    const places = this.#places;
    return {
      ...line,
      get place() {
        return places.get(cluster) ?? null;
      },
    };
  }

  hear(message: Extract<ToKernel, ControllerTells>): void {
    if (message.type === 'cluster-joined') {
      if (this.#lines.has(message.cluster)) this.#places.set(message.cluster, message.place);
      return;
    }
    const line = message.cluster === undefined ? this.#own : this.#lines.get(message.cluster);
    if (line === undefined) return;
    if (line !== this.#from) this.deliver();
    if (message.type === 'controller') {
      this.#from = line;
      this.#batch.push(message.message);
      return;
    }
    this.deliver();
    this.#lines.delete(message.cluster);
    this.#places.delete(message.cluster);
    line.lose(message.reason);
  }

  /** Hands on what has been heard. */
  deliver(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#from?.deliver(batch);
  }

  #begin(): { readonly cluster: ClusterNumber; readonly line: ClusterLine } {
    const channel = this.#channel;
    const cluster = ++this.#opened;
    const port: Line = new PartLink({
      post: (message, transfer) => {
        channel.post({ type: 'controller', message, cluster }, transfer);
      },
      flush: () => {
        channel.flush();
      },
    });
    this.#lines.set(cluster, port);
    const close = (): void => {
      channel.post({ type: 'close-cluster', cluster });
    };
    return { cluster, line: { port, close } };
  }
}
