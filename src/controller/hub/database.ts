import type { Answer, Question } from '../../protocol/client-messages.ts';
import type { EngineId, MsgId } from '../../protocol/ids.ts';
import { RECORD_KEYS } from '../../protocol/task-record.ts';
import {
  badQuery,
  culledMessage,
  NOTHING_TO_PURGE,
  noSuchEngine,
  noSuchKey,
  noSuchMessage,
  nothingRecorded,
  stillPending,
} from '../sentences.ts';
import type { Context } from './context.ts';
import { DOCUMENT_KEYS, finishedDocument, pendingDocument, type RecordDocument } from './documents.ts';
import type { Payloads } from './payloads.ts';
import type { Pending } from './pending.ts';
import { createTester } from './query.ts';
import type { FinishedRecord } from './finished-record.ts';
import type { Records } from './records.ts';
import type { Engine, Task } from './state.ts';

export interface DatabaseParts {
  readonly context: Context;
  readonly engines: ReadonlyMap<EngineId, Engine>;
  readonly pending: Pending;
  readonly records: Records;
  readonly payloads: Payloads;
}

type Asked<Type extends Question['type']> = Extract<Question, { readonly type: Type }>;

/** The hub's memory as a database: all tasks, those that have ended and those that have not. */
export class Database {
  readonly #parts: DatabaseParts;

  constructor(parts: DatabaseParts) {
    this.#parts = parts;
  }

  /** Message ids by time of submission. */
  history(): MsgId[] {
    return this.#inOrder().map(({ msgId }) => msgId);
  }

  query({ query, keys }: Asked<'db-query'>): Answer {
    const unknown = keys?.find((key) => !DOCUMENT_KEYS.includes(key));
    if (unknown !== undefined) return refusal('ValueError', noSuchKey(unknown, DOCUMENT_KEYS));
    try {
      const tasks = this.#inOrder();
      const matches = createTester(query, tasks.length);
      const wanted = ['msgId', ...(keys ?? RECORD_KEYS)];
      const found = tasks.map((task) => this.#document(task)).filter(matches);
      return { ok: true, value: found.map((document) => pick(document, wanted)) };
    } catch (error) {
      return refusal('ValueError', badQuery(error instanceof Error ? error.message : String(error)));
    }
  }

  /** What is not known need not be forgotten. */
  purge({ msgIds, engines, all }: Asked<'purge'>): Answer {
    const { records, pending } = this.#parts;
    if (msgIds === null && engines === null && !all) return refusal('ValueError', NOTHING_TO_PURGE);
    const open = msgIds?.find((msgId) => pending.has(msgId));
    if (open !== undefined) return refusal('IndexError', stillPending(open));
    const missing = engines?.find((id) => !this.#isEngine(id));
    if (missing !== undefined) return refusal('IndexError', noSuchEngine(missing));
    const listed = new Set(msgIds);
    const there = new Set<EngineId | null>(engines);
    records.purge(({ msgId, engineId }) => all || listed.has(msgId) || there.has(engineId));
    this.#parts.context.note('purged', null, null);
    return { ok: true, value: null };
  }

  /** Why nothing is known of it. */
  unknown(msgId: MsgId): string {
    const { records, context } = this.#parts;
    if (!records.wasCulled(msgId)) return noSuchMessage(msgId);
    return context.options.database === 'none' ? nothingRecorded(msgId) : culledMessage(msgId);
  }

  /** It is there, or something that ran on it is remembered. */
  #isEngine(id: EngineId): boolean {
    const { engines, records } = this.#parts;
    return engines.has(id) || [...records.values()].some(({ engineId }) => engineId === id);
  }

  #inOrder(): (FinishedRecord | Task)[] {
    return [...this.#parts.records.values(), ...this.#parts.pending.all()].sort(
      (a, b) => a.submitted - b.submitted || a.seq - b.seq,
    );
  }

  #document(task: FinishedRecord | Task): RecordDocument {
    const { payloads } = this.#parts;
    if (!('status' in task)) return pendingDocument(task, !payloads.hasMoved(task.submission.request));
    return finishedDocument(task, task.request !== null && !payloads.hasMoved(task.request));
  }
}

function pick(document: RecordDocument, keys: readonly string[]): Partial<RecordDocument> {
  return Object.fromEntries(keys.map((key) => [key, document[key as keyof RecordDocument]]));
}

function refusal(ename: string, evalue: string): Answer {
  return { ok: false, ename, evalue };
}
