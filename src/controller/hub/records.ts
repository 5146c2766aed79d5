import { MsgId, type ClientId } from '../../protocol/ids.ts';
import type { StreamEvent } from '../../protocol/outputs.ts';
import type { Outcome, Settlement } from '../../protocol/replies.ts';
import type { EngineRequest, Submission } from '../../protocol/requests.ts';
import type { TaskHeader } from '../../protocol/task-record.ts';
import type { HubOptions } from '../../protocol/hub-options.ts';
import { bundleBytes, textBytes } from './bundle-bytes.ts';
import type { Calls } from './calls.ts';
import { EndedItems } from './ended-items.ts';
import type { FinishedRecord } from './finished-record.ts';
import { addPrinted } from './printed.ts';

/** What is told and written of a submission: not its payload. */
export function headerOf(submission: TaskHeader): TaskHeader {
  const header: { -readonly [Key in keyof Submission]?: Submission[Key] } = { ...submission };
  delete header.request;
  return header as TaskHeader;
}

/** Who wants to know which records are gone. */
export interface RecordListener {
  gone(msgId: MsgId): void;
  /** Whether it wants to know of each of these. */
  knows(ended: EndedItems): boolean;
  allGone(ended: EndedItems): void;
}

/**
 * Records of finished tasks, bounded by count and by bytes: when a limit is passed, the oldest go, a
 * `cullFraction` of the limit at once. With the database `none` there are none. Those of items that ended together are
 * columns, made records when somebody asks.
 */
export class Records {
  readonly #options: HubOptions;
  readonly #calls: Calls;
  readonly #listener: RecordListener;
  /** In order of completion. */
  readonly #records = new Map<MsgId | EndedItems, FinishedRecord | EndedItems>();
  #size = 0;
  #bytes = 0;
  /** Per client, the highest number of a task whose record is gone. Numbers ascend, so this tells forgotten
   * tasks from unknown ones without a list of them. */
  readonly #culledUpTo = new Map<string, number>();

  constructor(options: HubOptions, calls: Calls, listener: RecordListener) {
    this.#options = options;
    this.#calls = calls;
    this.#listener = listener;
  }

  add(record: FinishedRecord): void {
    if (this.#options.database === 'none') {
      this.#rememberCulled(record.clientId, MsgId.number(record.msgId));
      return;
    }
    this.#records.set(record.msgId, record);
    this.#size++;
    this.#bytes += record.bytes;
    this.#cull();
  }

  addItems(ended: EndedItems): void {
    this.#records.set(ended, ended);
    this.#size += ended.size;
    this.#bytes += ended.bytes;
    if (this.#options.database === 'none') this.#cullTo(0, Infinity);
    else this.#cull();
  }

  #cull(): void {
    const { recordLimit, sizeLimit, cullFraction } = this.#options;
    if (this.#size > recordLimit) {
      this.#cullTo(Math.min(recordLimit, this.#size - Math.floor(cullFraction * recordLimit)), Infinity);
    }
    if (this.#bytes > sizeLimit) this.#cullTo(Infinity, sizeLimit * (1 - cullFraction));
  }

  /** Forgets records on purpose: they are unknown from now on, not culled. */
  purge(isUnwanted: (record: FinishedRecord) => boolean): void {
    for (const entry of this.#records.values()) {
      if (entry instanceof EndedItems) this.#purgeItems(entry, isUnwanted);
      else if (isUnwanted(entry)) this.#remove(entry);
    }
  }

  #purgeItems(ended: EndedItems, isUnwanted: (record: FinishedRecord) => boolean): void {
    for (const record of ended.records()) {
      if (!isUnwanted(record)) continue;
      this.#size--;
      this.#bytes -= ended.purge(record.seq - ended.call.seq);
      if (this.#listener.knows(ended)) this.#listener.gone(record.msgId);
    }
    this.#forgetIfEmpty(ended);
  }

  get(msgId: MsgId): FinishedRecord | undefined {
    const record = this.#records.get(msgId);
    if (record !== undefined) return record as FinishedRecord;
    const found = this.#calls.endedWith(msgId);
    return found?.ended.record(found.item);
  }

  /** What it has started prints when it has ended. */
  hear(record: FinishedRecord, event: StreamEvent): void {
    const before = record.stdout.length + record.stderr.length;
    const kept = addPrinted(record, event);
    const { settlement } = record;
    if (kept?.type === 'stream' && settlement) {
      record.settlement = { ...settlement, shown: [...(settlement.shown ?? []), kept] };
    }
    const grown = 2 * (record.stdout.length + record.stderr.length - before);
    record.bytes += grown;
    if (this.get(record.msgId) === record) this.#bytes += grown;
  }

  wasCulled(msgId: MsgId): boolean {
    const n = MsgId.number(msgId);
    return n <= (this.#culledUpTo.get(MsgId.client(msgId)) ?? -1) && this.get(msgId) === undefined;
  }

  *values(): Generator<FinishedRecord, void> {
    for (const entry of this.#records.values())
      if (entry instanceof EndedItems) yield* entry.records();
      else yield entry;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  #cullTo(count: number, bytes: number): void {
    const isDone = () => this.#size <= count && this.#bytes <= bytes;
    for (const entry of this.#records.values()) {
      if (isDone()) return;
      if (entry instanceof EndedItems) this.#cullItems(entry, isDone);
      else {
        this.#remove(entry);
        this.#rememberCulled(entry.clientId, MsgId.number(entry.msgId));
      }
    }
  }

  #cullItems(ended: EndedItems, isDone: () => boolean): void {
    const { call } = ended;
    const isKnown = this.#listener.knows(ended);
    while (ended.kept < ended.to && !isDone()) {
      const item = ended.kept;
      const isThere = ended.has(item);
      this.#bytes -= ended.cull();
      if (!isThere) continue;
      this.#size--;
      if (isKnown) this.#listener.gone(call.idOf(item));
      this.#rememberCulled(call.submission.clientId, call.submission.first + item);
    }
    this.#forgetIfEmpty(ended);
  }

  #forgetIfEmpty(ended: EndedItems): void {
    if (ended.size > 0) return;
    this.#records.delete(ended);
    this.#listener.allGone(ended);
    this.#calls.forget(ended);
  }

  #remove({ msgId, bytes }: FinishedRecord): void {
    this.#records.delete(msgId);
    this.#size--;
    this.#bytes -= bytes;
    this.#listener.gone(msgId);
  }

  #rememberCulled(client: ClientId, n: number): void {
    if (n > (this.#culledUpTo.get(client) ?? -1)) this.#culledUpTo.set(client, n);
  }
}

/** Bytes that keeping the settlement costs, roughly. */
export function settlementBytes({ outcome, facts }: Settlement): number {
  return outcomeBytes(outcome) + (facts.executeResult ? bundleBytes(facts.executeResult) : 0);
}

/** Bytes that keeping the request costs, roughly. */
export function requestBytes(request: EngineRequest): number {
  switch (request.method) {
    case 'apply':
    case 'map':
      return request.call.bytes;
    case 'push':
      return request.values.bytes;
    case 'execute':
      return 2 * (request.code.source.length + (request.code.compiled?.js.length ?? 0));
    case 'pull':
      return textBytes(request.names);
  }
}

function outcomeBytes(outcome: Outcome): number {
  switch (outcome.status) {
    case 'ok':
      return outcome.value.bytes;
    case 'error': {
      const { error, items } = outcome;
      const text = error.traceback.reduce((sum, line) => sum + line.length, error.evalue.length);
      return 2 * text + (items?.bytes ?? 0);
    }
    case 'aborted':
      return 2 * outcome.reason.length;
  }
}
