import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { JoinedPlace } from '../protocol/kernel-messages.ts';
import type { Link } from '../protocol/link.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import type { ClusterSource } from './client-lines.ts';
import type { ClusterModule, JoinedCluster } from './notebook-cluster.ts';

type Told = Parameters<ClusterSource['joinCluster']>[2];

interface Asked {
  readonly link: Link<ToController, FromController>;
  readonly told: Told;
}

/**
 * Real clusters that cells join, beside the notebook's own. The page is asked, since it is the page that has network
 * and asks the reader; what it gives is a port to a gateway that has let us in.
 */
export class JoinDesk {
  readonly #emit: (event: RuntimeEvent) => void;
  readonly #waiting = new Map<number, Asked>();
  readonly #joined = new Map<number, JoinedCluster>();
  #asked = 0;

  constructor(emit: (event: RuntimeEvent) => void) {
    this.#emit = emit;
  }

  readonly join: ClusterSource['joinCluster'] = ({ link: text, runId }, link, told) => {
    const n = ++this.#asked;
    this.#waiting.set(n, { link, told });
    this.#emit({ type: 'join-asked', n, link: text, runId });
    return () => {
      if (this.#waiting.delete(n)) this.#emit({ type: 'join-withdrawn', n });
      this.#joined.get(n)?.close();
    };
  };

  /** The gateway has let us in; `port` leads there. */
  joined(n: number, place: JoinedPlace, module: ClusterModule, port: MessagePort): void {
    const asked = this.#waiting.get(n);
    this.#waiting.delete(n);
    const cluster = module.joinCluster(port, {
      onEngines: () => undefined,
      onNotice: (level, text) => {
        this.#emit({ type: 'notice', level, text: `Cluster ${place.host}: ${text}` });
      },
      onEnded: (reason) => {
        this.#joined.delete(n);
        asked?.told.lost(reason);
      },
    });
    if (asked === undefined) {
      // Whoever asked is gone.
      cluster.close();
      return;
    }
    this.#joined.set(n, cluster);
    asked.told.joined(place);
    cluster.attachClient(asked.link);
  }

  /** `reason`: a sentence. */
  refused(n: number, reason: string): void {
    const asked = this.#waiting.get(n);
    this.#waiting.delete(n);
    asked?.told.lost(reason);
  }
}
