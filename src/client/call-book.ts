import { MsgId, type ClientId } from '../protocol/ids.ts';
import type { CallJobs } from './call-jobs.ts';

interface Entry {
  readonly first: number;
  readonly end: number;
  /** As long as something of it is pending. */
  held: CallJobs | null;
  readonly ref: WeakRef<CallJobs>;
}

/**
 * The calls of one client that are held as columns, found by the number of any of their tasks. As with jobs, what has
 * ended is found as long as somebody holds its result.
 */
export class CallBook {
  /** By number: clients count up. */
  readonly #entries: Entry[] = [];
  readonly #collected = new FinalizationRegistry<number>((first) => {
    const at = this.#indexOf(first);
    if (this.#entries[at]?.first === first) this.#entries.splice(at, 1);
  });

  /** It comes after all that are here. */
  add(call: CallJobs): void {
    const { first, count } = call;
    const entry: Entry = { first, end: first + count, held: call, ref: new WeakRef(call) };
    this.#entries.push(entry);
    this.#collected.register(call, first);
    call.onSettled(() => {
      if (call.pending === 0) entry.held = null;
    });
  }

  /** Of which the task of that id is one, unless it is forgotten. */
  of(msgId: MsgId): CallJobs | undefined {
    if (this.#entries.length === 0) return undefined;
    const n = MsgId.number(msgId);
    const call = this.at(n);
    const isIts = call !== undefined && isOf(msgId, call.clientId, n) && !call.isForgotten(n - call.first);
    return isIts ? call : undefined;
  }

  /** Of which the task of that number is one. */
  at(n: number): CallJobs | undefined {
    const entry = this.#entries[this.#indexOf(n)];
    return entry && n >= entry.first && n < entry.end ? entry.ref.deref() : undefined;
  }

  /** Those with something pending, and those whose results somebody holds. */
  get known(): readonly CallJobs[] {
    return this.#entries.flatMap(({ ref }) => ref.deref() ?? []);
  }

  get pending(): readonly CallJobs[] {
    return this.#entries.flatMap(({ held }) => held ?? []);
  }

  /** Of the last that begins at that number or before; -1: there is none. */
  #indexOf(n: number): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.first ?? Infinity) <= n) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function isOf(msgId: MsgId, clientId: ClientId, n: number): boolean {
  return msgId === MsgId.create(clientId, n);
}
