import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { ClientId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { PartLink } from '../protocol/part-link.ts';

/** What clients of the notebook can be attached to: the frame's own controller, or a real cluster. */
export interface ClusterEnd {
  attachClient(link: Link<ToController, FromController>): void;
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
  #cluster: ClusterEnd;

  constructor(cluster: ClusterEnd) {
    this.#cluster = cluster;
  }

  attachClient(link: Link<ToController, FromController>): void {
    const line: Line = { link, clients: new Set(), part: partOf(link) };
    this.#lines.add(line);
    this.#cluster.attachClient(line.part);
    link.onMessages((batch) => {
      for (const message of batch) {
        if (message.type === 'connect') line.clients.add(message.clientId);
        else if (message.type === 'disconnect') line.clients.delete(message.clientId);
      }
      line.part.deliver(batch);
    });
    link.onLost((reason) => {
      this.#lines.delete(line);
      line.part.lose(reason);
    });
  }

  switchTo(cluster: ClusterEnd): void {
    this.#cluster = cluster;
    for (const line of this.#lines) {
      line.part.lose('The notebook has another cluster now.');
      line.part = partOf(line.link);
      cluster.attachClient(line.part);
      line.part.deliver([...line.clients].map((clientId) => ({ type: 'connect', clientId })));
    }
  }
}

function partOf(link: Link<ToController, FromController>): PartLink<ToController, FromController> {
  return new PartLink({
    post: (message, transfer) => {
      link.post(message, transfer);
    },
    flush: () => {
      link.flush();
    },
  });
}
