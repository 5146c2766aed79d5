import { endAt, submissionAt, type Ends } from '../../protocol/calls.ts';
import type { EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { Call, Part } from './call.ts';
import type { FinishedRecord } from './finished-record.ts';

type CallOfEnded = Call<Part, EndedItems>;

/**
 * Consecutive items of a call that ended well, together, on one engine: their records are columns until somebody asks
 * for one. The oldest are forgotten first.
 */
export class EndedItems {
  readonly call: CallOfEnded;
  /** Items `from` to `to` (not included). */
  readonly from: number;
  readonly to: number;
  readonly engineId: EngineId;
  readonly engineUuid: EngineUuid;
  /** When they were settled. */
  readonly at: number;
  /** Of those before this nothing is remembered but that they ended well. */
  kept: number;
  /** Of those nothing is known any more how they ended. */
  hasFate = true;
  /** They are in the store. */
  isWritten = false;
  /** Null: none is remembered. */
  #ends: Ends | null;
  /** Records that somebody has asked for: they may change. */
  #records: Map<number, FinishedRecord> | null = null;
  /** Forgotten before their turn. */
  #purged: Set<number> | null = null;

  constructor(
    call: CallOfEnded,
    from: number,
    ends: Ends,
    engine: { readonly id: EngineId; readonly uuid: EngineUuid },
    at: number,
  ) {
    this.call = call;
    this.from = from;
    this.to = from + ends.values.length;
    this.engineId = engine.id;
    this.engineUuid = engine.uuid;
    this.at = at;
    this.kept = from;
    this.#ends = ends;
  }

  /** Somebody has asked for one of their records. */
  get isAsked(): boolean {
    return this.#records !== null;
  }

  get size(): number {
    return this.to - this.kept - (this.#purged?.size ?? 0);
  }

  get bytes(): number {
    let bytes = 0;
    for (let item = this.kept; item < this.to; item++) bytes += this.#bytesOf(item);
    return bytes;
  }

  has(item: number): boolean {
    return item >= this.kept && item < this.to && this.#purged?.has(item) !== true;
  }

  /** Undefined: it is not remembered. */
  record(item: number): FinishedRecord | undefined {
    if (!this.has(item)) return undefined;
    this.#records ??= new Map();
    let record = this.#records.get(item);
    if (record === undefined) {
      record = this.#made(item);
      this.#records.set(item, record);
    }
    return record;
  }

  /** In order; those that nobody has asked for are made to be looked at. */
  *records(): Generator<FinishedRecord, void> {
    for (let item = this.kept; item < this.to; item++)
      if (this.has(item)) yield this.#records?.get(item) ?? this.#made(item);
  }

  /** Forgets the oldest; gives its bytes. */
  cull(): number {
    const item = this.kept;
    const bytes = this.#bytesOf(item);
    this.kept++;
    this.#records?.delete(item);
    this.#purged?.delete(item);
    if (this.kept === this.to) this.#ends = null;
    return bytes;
  }

  /** Forgets that one; gives its bytes. */
  purge(item: number): number {
    if (!this.has(item)) return 0;
    const bytes = this.#bytesOf(item);
    this.#purged ??= new Set();
    this.#purged.add(item);
    this.#records?.delete(item);
    return bytes;
  }

  #bytesOf(item: number): number {
    if (this.#purged?.has(item) === true) return 0;
    const record = this.#records?.get(item);
    if (record !== undefined) return record.bytes;
    const { items } = this.call.submission;
    return (this.#ends?.bytes[item - this.from] ?? 0) + (items.bytes[item] ?? 0);
  }

  #made(item: number): FinishedRecord {
    const { call, engineId, engineUuid } = this;
    const { label, submitted, clientId, items } = call.submission;
    const msgId: MsgId = call.idOf(item);
    const { outcome, facts } = endAt(this.#ends as Ends, item - this.from);
    const { request, ...header } = submissionAt(call.submission, item);
    return {
      ...{ msgId, clientId, label, submitted, engineId, engineUuid, header, request },
      ...{ name: items.name, method: items.method, seq: call.seq + item, status: 'ok' },
      ...{ started: facts.started, completed: facts.completed, ended: this.at },
      settlement: { msgId, outcome, facts, engineId, engineUuid },
      ...{ stdout: '', stderr: '', resubmitted: null },
      bytes: this.#bytesOf(item),
    };
  }
}

/** From place `from` to `to` (not included). */
export function partOf(ends: Ends, from: number, to: number): Ends {
  if (from === 0 && to === ends.values.length) return ends;
  const { values, bytes, started, completed, counts } = ends;
  return {
    ...ends,
    values: values.slice(from, to),
    bytes: bytes.slice(from, to),
    started: started.slice(from, to),
    completed: completed.slice(from, to),
    counts: counts.slice(from, to),
  };
}
