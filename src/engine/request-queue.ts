import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import type { WireError } from '../protocol/errors.ts';
import type { MsgId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { NEVER_RAN } from '../protocol/replies.ts';
import type { InterruptEar } from '../realm/interrupt-ear.ts';
import type { CommRunner } from './comm/comm-runner.ts';

export interface QueuedRequest extends Readonly<Extract<ToEngine, { type: 'request' }>> {
  /** Among all requests that have come, from 0. */
  readonly place: number;
}

interface QueueHost {
  readonly link: Pick<Link<ToEngine, FromEngine>, 'post'>;
  readonly comm: Pick<CommRunner, 'dismiss'>;
  readonly ear: Pick<InterruptEar, 'dismiss'>;
  /** The engine's, now. */
  readonly executionCount: () => number;
}

/**
 * The requests that have not begun, in order of arrival. Here they end that never run: aborted, which is their answer,
 * or given back to the controller.
 */
export class RequestQueue {
  readonly #host: QueueHost;
  readonly #waiting = new Map<MsgId, QueuedRequest>();
  /** Those that were interrupted before they began: they end with it in their turn. */
  readonly #interrupted = new Set<MsgId>();

  constructor(host: QueueHost) {
    this.#host = host;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  has(msgId: MsgId): boolean {
    return this.#waiting.has(msgId);
  }

  add(item: QueuedRequest): void {
    this.#waiting.set(item.msgId, item);
  }

  /** The one whose turn it is. */
  take(): QueuedRequest | undefined {
    const [item] = this.#waiting.values();
    if (item) this.#waiting.delete(item.msgId);
    return item;
  }

  /** Not of the one that runs. One that is not here either has ended, or has been given back. */
  interrupt(msgId: MsgId): void {
    if (this.has(msgId)) this.#interrupted.add(msgId);
    else this.#host.ear.dismiss(msgId);
  }

  /** Whether the one just taken was interrupted while it waited. */
  takeInterrupt(msgId: MsgId): boolean {
    return this.#interrupted.delete(msgId);
  }

  abort(msgId: MsgId, reason: string): void {
    const item = this.#waiting.get(msgId);
    if (!item) return;
    this.#remove(msgId);
    const { link, comm, executionCount } = this.#host;
    comm.dismiss(item.membership);
    const facts = { ...NEVER_RAN, executionCount: executionCount() };
    link.post({ type: 'reply', reply: { msgId, outcome: { status: 'aborted', reason }, facts } });
  }

  /** What the same client has queued behind a request that failed. */
  abortBehind({ msgId, client }: QueuedRequest, error: WireError): void {
    const reason = `It was queued behind ${msgId}, which failed: ${error.ename}: ${error.evalue}`;
    for (const queued of [...this.#waiting.values()]) {
      if (queued.client === client) this.abort(queued.msgId, reason);
    }
  }

  giveBack(msgIds: readonly MsgId[]): void {
    const returned = msgIds.filter((msgId) => this.has(msgId));
    for (const msgId of returned) this.#remove(msgId);
    this.#host.link.post({ type: 'returned', msgIds: returned });
  }

  /** It does not begin here. */
  #remove(msgId: MsgId): void {
    this.#waiting.delete(msgId);
    this.#interrupted.delete(msgId);
    this.#host.ear.dismiss(msgId);
  }
}
