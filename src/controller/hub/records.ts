import type { ClientId, EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { StreamEvent } from '../../protocol/outputs.ts';
import type { Outcome, Settlement } from '../../protocol/replies.ts';
import type { EngineRequest, Method, Submission } from '../../protocol/requests.ts';
import type { TaskHeader } from '../../protocol/task-record.ts';
import type { HubOptions } from '../../protocol/hub-options.ts';
import { bundleBytes, textBytes } from './bundle-bytes.ts';
import { addPrinted } from './printed.ts';

/** What the hub remembers of a task that has ended. */
export interface FinishedRecord {
  readonly msgId: MsgId;
  readonly clientId: ClientId;
  readonly label: string | null;
  readonly name: string;
  readonly method: Method;
  /** Place in the order of arrival. */
  readonly seq: number;
  /** Times in milliseconds since 1970; null where it never ran. submitted <= started <= completed. */
  readonly submitted: number;
  readonly started: number | null;
  readonly completed: number | null;
  /** When it was settled; null when nobody was there to see it. */
  readonly ended: number | null;
  /** Null when no engine ever got it. */
  readonly engineId: EngineId | null;
  readonly engineUuid: EngineUuid | null;
  readonly status: Outcome['status'];
  /** Null: the result was moved to its client. */
  settlement: Settlement | null;
  /** As it was handed in: see `headerOf`. */
  readonly header: TaskHeader;
  /** To run it again; null when it is not kept. Its buffers may have moved since: see `Payloads.hasMoved`. */
  readonly request: EngineRequest | null;
  /** They grow when it prints late. */
  stdout: string;
  stderr: string;
  /** The latest id under which it was run again. */
  resubmitted: MsgId | null;
  /** What `settlement`, `request` and the texts hold in memory, roughly. */
  bytes: number;
}

/** What is told and written of a submission: not its payload. */
export function headerOf(submission: TaskHeader): TaskHeader {
  const header: { -readonly [Key in keyof Submission]?: Submission[Key] } = { ...submission };
  delete header.request;
  return header as TaskHeader;
}

/** Who wants to know which records are gone. */
export type OnGone = (msgId: MsgId) => void;

/**
 * Records of finished tasks, bounded by count and by bytes: when a limit is passed, the oldest go, a
 * `cullFraction` of the limit at once. With the database `none` there are none.
 */
export class Records {
  readonly #options: HubOptions;
  readonly #onGone: OnGone;
  /** In order of completion. */
  readonly #records = new Map<MsgId, FinishedRecord>();
  #bytes = 0;
  /** Per client, the highest number of a task whose record is gone. Numbers ascend, so this tells forgotten
   * tasks from unknown ones without a list of them. */
  readonly #culledUpTo = new Map<string, number>();

  constructor(options: HubOptions, onGone: OnGone = () => undefined) {
    this.#options = options;
    this.#onGone = onGone;
  }

  add(record: FinishedRecord): void {
    if (this.#options.database === 'none') {
      this.#rememberCulled(record.msgId);
      return;
    }
    this.#records.set(record.msgId, record);
    this.#bytes += record.bytes;
    const { recordLimit, sizeLimit, cullFraction } = this.#options;
    if (this.#records.size > recordLimit) {
      this.#cullTo(
        Math.min(recordLimit, this.#records.size - Math.floor(cullFraction * recordLimit)),
        Infinity,
      );
    }
    if (this.#bytes > sizeLimit) this.#cullTo(Infinity, sizeLimit * (1 - cullFraction));
  }

  /** Forgets records on purpose: they are unknown from now on, not culled. */
  purge(isUnwanted: (record: FinishedRecord) => boolean): void {
    for (const record of this.#records.values()) if (isUnwanted(record)) this.#remove(record);
  }

  get(msgId: MsgId): FinishedRecord | undefined {
    return this.#records.get(msgId);
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
    if (this.#records.get(record.msgId) === record) this.#bytes += grown;
  }

  wasCulled(msgId: MsgId): boolean {
    const { client, n } = parts(msgId);
    return n <= (this.#culledUpTo.get(client) ?? -1) && !this.#records.has(msgId);
  }

  values(): Iterable<FinishedRecord> {
    return this.#records.values();
  }

  get size(): number {
    return this.#records.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  #cullTo(count: number, bytes: number): void {
    for (const record of this.#records.values()) {
      if (this.#records.size <= count && this.#bytes <= bytes) return;
      this.#remove(record);
      this.#rememberCulled(record.msgId);
    }
  }

  #remove({ msgId, bytes }: FinishedRecord): void {
    this.#records.delete(msgId);
    this.#bytes -= bytes;
    this.#onGone(msgId);
  }

  #rememberCulled(msgId: MsgId): void {
    const { client, n } = parts(msgId);
    this.#culledUpTo.set(client, Math.max(n, this.#culledUpTo.get(client) ?? -1));
  }
}

/** See `MsgId.create`. */
function parts(msgId: MsgId): { readonly client: string; readonly n: number } {
  const cut = msgId.lastIndexOf('_');
  return { client: msgId.slice(0, cut), n: Number(msgId.slice(cut + 1)) };
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
