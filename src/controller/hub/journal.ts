import type { MsgId } from '../../protocol/ids.ts';
import { STORED_FORMAT, type StoredTask } from '../../protocol/stored-task.ts';
import { Call } from './call.ts';
import { viewOf } from './calls.ts';
import type { Context } from './context.ts';
import { EndedItems } from './ended-items.ts';
import type { Payloads } from './payloads.ts';
import type { FinishedRecord } from './finished-record.ts';
import { headerOf, requestBytes, settlementBytes, type RecordListener } from './records.ts';
import type { ItemCall, Task } from './state.ts';

/** Seconds that changes wait for more of them. */
const DELAY = 0.1;
/** Tasks a second: after many it rests for longer, and of those that a burst has culled by then nothing is written. */
const RATE = 1000;
/** Tasks, and bytes, that are written at once. */
const MOST_TASKS = 1000;
const MOST_BYTES = 4 * 1024 * 1024;
/** Bytes of one request, and of one result; bigger ones are not written. */
const BIGGEST = 4 * 1024 * 1024;

/** Finds what is to be written, as it is by then. */
export type Find = (msgId: MsgId) => FinishedRecord | Task | undefined;

/**
 * With the database `indexeddb`: what has changed since it was last written, so that the store follows the hub at
 * a bounded rate. Of what changes often, or is culled soon, little is written. It holds at most as many ids as
 * there are records, and again as many of pending tasks; further pending ones are written when they end.
 */
export class Journal implements RecordListener {
  readonly #context: Context;
  readonly #payloads: Payloads;
  /** Of a call: some of its items are pending. */
  readonly #changed = new Set<MsgId | EndedItems | ItemCall>();
  readonly #gone = new Set<MsgId>();
  /** What the store has. */
  readonly #written = new Set<MsgId>();
  /** When it may write again, in milliseconds since 1970. */
  #restsUntil = 0;

  constructor(context: Context, payloads: Payloads) {
    this.#context = context;
    this.#payloads = payloads;
  }

  submitted(task: MsgId | ItemCall): void {
    if (this.#room > 0) this.changed(task);
  }

  /** For pending tasks. */
  get #room(): number {
    return 2 * this.#context.options.recordLimit - this.#changed.size - this.#written.size;
  }

  changed(task: MsgId | EndedItems | ItemCall): void {
    if (this.#context.options.database !== 'indexeddb') return;
    this.#changed.add(task);
    this.#writeSoon();
  }

  gone(msgId: MsgId): void {
    this.#changed.delete(msgId);
    if (!this.#written.delete(msgId)) return;
    this.#gone.add(msgId);
    this.#writeSoon();
  }

  knows(ended: EndedItems): boolean {
    return ended.isWritten || ended.isAsked || ended.call.isWritten;
  }

  allGone(ended: EndedItems): void {
    this.#changed.delete(ended);
  }

  /** The store has it already. */
  restored(msgId: MsgId): void {
    this.#written.add(msgId);
  }

  write(find: Find): void {
    const kept: StoredTask[] = [];
    let bytes = 0;
    for (const key of this.#changed) {
      if (kept.length >= MOST_TASKS || bytes >= MOST_BYTES) break;
      this.#changed.delete(key);
      for (const task of this.#found(key, find)) {
        const stored = this.#stored(task);
        bytes += sizeOf(stored);
        kept.push(stored);
        this.#written.add(task.msgId);
      }
    }
    const gone = [...this.#gone];
    this.#gone.clear();
    this.#restsUntil = this.#context.at + (1000 * kept.length) / RATE;
    if (kept.length > 0 || gone.length > 0) this.#context.emit({ type: 'record', kept, gone });
    if (this.#changed.size > 0) this.#writeSoon();
  }

  get isIdle(): boolean {
    return this.#changed.size === 0 && this.#gone.size === 0;
  }

  *#found(key: MsgId | EndedItems | ItemCall, find: Find): Generator<FinishedRecord | Task, void> {
    if (key instanceof EndedItems) {
      key.isWritten = true;
      // One that somebody has asked for may have been written by itself, and is written again.
      yield* key.records();
    } else if (key instanceof Call) {
      for (const range of key.ranges) {
        for (let item = range.from; item < range.to && this.#room > 0; item++) {
          key.isWritten = true;
          yield viewOf(range, item);
        }
      }
    } else {
      const task = find(key);
      if (task !== undefined) yield task;
    }
  }

  #writeSoon(): void {
    const rest = (this.#restsUntil - this.#context.at) / 1000;
    this.#context.setTimer({ type: 'journal' }, Math.max(DELAY, rest));
  }

  #stored(task: FinishedRecord | Task): StoredTask {
    const { msgId, name, method, started, resubmitted } = task;
    const base = { format: STORED_FORMAT, msgId, name, method, started, resubmitted } as const;
    if (!('status' in task)) {
      const { request } = task.submission;
      const header = headerOf(task.submission);
      const { stdout, stderr } = task.printed;
      return {
        ...base,
        ...{ header, stdout, stderr, status: 'pending', completed: null, ended: null, settlement: null },
        engineId: task.engine?.id ?? null,
        engineUuid: task.engine?.uuid ?? null,
        request: this.#keep(request),
      };
    }
    const header = headerOf(task.header);
    const { stdout, stderr, status, completed, ended, engineId, engineUuid, settlement } = task;
    const isSmall = settlement !== null && settlementBytes(settlement) <= BIGGEST;
    return {
      ...base,
      ...{ header, stdout, stderr, status, completed, ended, engineId, engineUuid },
      request: task.request && this.#keep(task.request),
      settlement: isSmall ? settlement : null,
    };
  }

  #keep(request: StoredTask['request']): StoredTask['request'] {
    if (request === null || this.#payloads.hasMoved(request)) return null;
    return requestBytes(request) <= BIGGEST ? request : null;
  }
}

function sizeOf({ request, settlement }: StoredTask): number {
  return (request ? requestBytes(request) : 0) + (settlement ? settlementBytes(settlement) : 0);
}
