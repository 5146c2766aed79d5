import type { ClientId, EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { MimeBundle } from '../../protocol/outputs.ts';
import type { Outcome, Settlement } from '../../protocol/replies.ts';
import type { Method } from '../../protocol/requests.ts';
import type { HubOptions } from '../options.ts';

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
  /** Null when no engine ever got it. */
  readonly engineId: EngineId | null;
  readonly engineUuid: EngineUuid | null;
  readonly status: Outcome['status'];
  /** Null: the result was moved to its client. */
  readonly settlement: Settlement | null;
  /** What `settlement` holds in memory, roughly. */
  readonly bytes: number;
}

/**
 * Records of finished tasks, bounded by count and by bytes: when a limit is passed, the oldest go, a
 * `cullFraction` of the limit at once.
 */
export class Records {
  readonly #options: HubOptions;
  /** In order of completion. */
  readonly #records = new Map<MsgId, FinishedRecord>();
  #bytes = 0;
  /** Per client, the highest number of a task whose record is gone. Numbers ascend, so this tells forgotten
   * tasks from unknown ones without a list of them. */
  readonly #culledUpTo = new Map<string, number>();

  constructor(options: HubOptions) {
    this.#options = options;
  }

  add(record: FinishedRecord): void {
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

  get(msgId: MsgId): FinishedRecord | undefined {
    return this.#records.get(msgId);
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
      this.#records.delete(record.msgId);
      this.#bytes -= record.bytes;
      const { client, n } = parts(record.msgId);
      this.#culledUpTo.set(client, Math.max(n, this.#culledUpTo.get(client) ?? -1));
    }
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

function outcomeBytes(outcome: Outcome): number {
  switch (outcome.status) {
    case 'ok':
      return outcome.value.bytes;
    case 'error':
      return (
        2 * outcome.error.traceback.reduce((sum, line) => sum + line.length, outcome.error.evalue.length)
      );
    case 'aborted':
      return 2 * outcome.reason.length;
  }
}

function bundleBytes(bundle: MimeBundle): number {
  return Object.values(bundle.data).reduce<number>((sum, form) => sum + textBytes(form), 0);
}

function textBytes(form: unknown): number {
  if (typeof form === 'string') return 2 * form.length;
  try {
    return 2 * JSON.stringify(form ?? null).length;
  } catch {
    // No JSON: nothing of ours makes such a bundle.
    return 0;
  }
}
