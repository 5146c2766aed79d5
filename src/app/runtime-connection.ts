import type { JoinedPlace } from '../protocol/kernel-messages.ts';
import type { RestoredHistory, RuntimeControl, RuntimeEvent } from '../protocol/runtime-messages.ts';

/** The page's side of the runtime of one notebook, once kernel and engines are on their way. */
export interface RuntimeConnection {
  readonly control: RuntimeControl;
  /** Resolves when the kernel has loaded; rejects with why it has not. */
  readonly started: Promise<void>;
  /**
   * Checked events, in batches, in order. One handler; what came before it was set is kept for it. `onFlood`: more has
   * come than can be taken in, and nothing is heard any more; a sentence.
   */
  onEvents(handler: (events: readonly RuntimeEvent[]) => void, onFlood: (reason: string) => void): void;
  /** The frame takes a joined cluster over; `port` leads to its connection. */
  join(port: MessagePort): Promise<void>;
  /** The frame takes a cluster over that a cell has asked to join. */
  cellJoined(n: number, place: JoinedPlace, port: MessagePort): Promise<void>;
  /** Ends kernel, engines and frame. */
  close(): void;
  /** Shared memory is there: blocking calls and soft interrupts work. */
  readonly isolated: boolean;
}

export interface RuntimeStart {
  readonly engines: number;
  /** The reader has allowed network for this notebook. Fixed for the life of the runtime. */
  readonly network: boolean;
  /** The notebook's tasks of earlier visits. Never rejects. */
  readonly history: Promise<RestoredHistory>;
}

/** Rejects with a sentence for the reader. */
export type StartRuntime = (options: RuntimeStart) => Promise<RuntimeConnection>;
