import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { ClientId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { PartLink } from '../protocol/part-link.ts';

/** What clients of the notebook can be attached to: the frame's own controller, or a real cluster. */
export interface ClusterEnd {
  attachClient(link: Link<ToController, FromController>): void;
}

/** Listens to all that passes, before it is handled: whoever handles it may move what it carries. */
export interface BoardEar {
  asked(batch: readonly ToController[]): void;
  told(message: FromController): void;
  clusterChanged(): void;
}

/** The clients of one life of the kernel. */
interface Line {
  readonly link: Link<ToController, FromController>;
  /** Those that have connected and not disconnected. */
  readonly clients: Set<ClientId>;
  /** Their way to the cluster of now. */
  part: PartLink<ToController, FromController>;
}

/**
 * Between the kernel's clients and the cluster of the notebook, which may change while they live: they are taken over
 * to the new one, and say nothing to the old one any more. Whoever switches ends the old cluster first, so that what
 * was pending there has been settled.
 */
export class Switchboard {
  readonly #lines = new Set<Line>();
  readonly #ear: BoardEar;
  #cluster: ClusterEnd;

  constructor(cluster: ClusterEnd, ear: BoardEar = NOBODY) {
    this.#cluster = cluster;
    this.#ear = ear;
  }

  attachClient(link: Link<ToController, FromController>): void {
    const line: Line = { link, clients: new Set(), part: this.#partOf(link) };
    this.#lines.add(line);
    this.#cluster.attachClient(line.part);
    link.onMessages((batch) => {
      for (const message of batch) {
        if (message.type === 'connect') line.clients.add(message.clientId);
        else if (message.type === 'disconnect') line.clients.delete(message.clientId);
      }
      this.#ear.asked(batch);
      line.part.deliver(batch);
    });
    link.onLost((reason) => {
      this.#lines.delete(line);
      line.part.lose(reason);
    });
  }

  switchTo(cluster: ClusterEnd): void {
    this.#cluster = cluster;
    this.#ear.clusterChanged();
    for (const line of this.#lines) {
      line.part.lose('The notebook has another cluster now.');
      line.part = this.#partOf(line.link);
      cluster.attachClient(line.part);
      line.part.deliver([...line.clients].map((clientId) => ({ type: 'connect', clientId })));
    }
  }

  #partOf(link: Link<ToController, FromController>): PartLink<ToController, FromController> {
    return new PartLink({
      post: (message, transfer) => {
        this.#ear.told(message);
        link.post(message, transfer);
      },
      flush: () => {
        link.flush();
      },
    });
  }
}

const NOBODY: BoardEar = {
  asked: () => undefined,
  told: () => undefined,
  clusterChanged: () => undefined,
};
