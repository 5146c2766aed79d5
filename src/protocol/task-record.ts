import type { ClientId, EngineId, EngineUuid, MsgId } from './ids.ts';
import type { MimeBundle } from './outputs.ts';
import type { Method, Submission } from './requests.ts';

/** What stays of a submission when its payload has gone. */
export type TaskHeader = Omit<Submission, 'request'>;

/** One task as `rc.dbQuery` shows it. Pending tasks are there too, with `status: 'pending'`. */
export interface TaskRecord {
  readonly msgId: MsgId;
  readonly clientId: ClientId;
  readonly label: string | null;
  /** The function's name, or the method. */
  readonly name: string;
  readonly method: Method;
  readonly queue: 'direct' | 'balanced';
  readonly status: 'pending' | 'ok' | 'error' | 'aborted';
  readonly submitted: Date;
  /** Null while it has not started, and when it never did. */
  readonly started: Date | null;
  /** Null while it has not ended, and for what a reload cut off. */
  readonly completed: Date | null;
  /** Null when no engine ever got it. */
  readonly engineId: EngineId | null;
  readonly engineUuid: EngineUuid | null;
  /** The id under which `rc.resubmit` ran it again, the latest if it did so often. */
  readonly resubmitted: MsgId | null;
  /** All that was said about the task when it was submitted, but for its payload. `date` is `submitted`. */
  readonly header: Readonly<Record<string, unknown>> & { readonly msgId: MsgId; readonly date: Date };
  /** The function's source, the code, or the names; never values. */
  readonly content: string;
  /** The code of an `execute`. */
  readonly executeInput: string | null;
  readonly executeResult: MimeBundle | null;
  readonly error: {
    readonly ename: string;
    readonly evalue: string;
    readonly traceback: readonly string[];
  } | null;
  /** What it has printed: the first 64 Ki characters of each stream. */
  readonly stdout: string;
  readonly stderr: string;
  /** What the record holds in memory, roughly. */
  readonly bytes: number;
  /** Only when asked for: buffers among the arguments; null when they are not kept. */
  readonly buffers?: readonly ArrayBuffer[] | null;
  /** Only when asked for: buffers of the result. */
  readonly resultBuffers?: readonly ArrayBuffer[] | null;
  /** Only when asked for: the result itself; undefined unless `status` is `ok` and it is kept. */
  readonly result?: unknown;
}

/** In the order in which they are shown. */
export const RECORD_KEYS = [
  'msgId',
  'clientId',
  'label',
  'name',
  'method',
  'queue',
  'status',
  'submitted',
  'started',
  'completed',
  'engineId',
  'engineUuid',
  'resubmitted',
  'header',
  'content',
  'executeInput',
  'executeResult',
  'error',
  'stdout',
  'stderr',
  'bytes',
] as const satisfies readonly (keyof TaskRecord)[];

/** Payloads: left out unless they are asked for by name. */
export const PAYLOAD_KEYS = [
  'buffers',
  'resultBuffers',
  'result',
] as const satisfies readonly (keyof TaskRecord)[];
