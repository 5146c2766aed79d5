import { KeyError } from '../errors.ts';
import type { EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { MimeBundle } from '../../protocol/outputs.ts';
import type { DependencySpec } from '../../protocol/terms.ts';
import type { Job, JobStatus } from '../job.ts';
import { camelCase } from '../spelling.ts';

/** The facts about one request. Times are Dates, null as long as they have not happened. */
export interface Metadata {
  readonly msgId: MsgId;
  readonly method: string;
  readonly label: string | null;
  readonly status: JobStatus;
  readonly submitted: Date | null;
  /** By the engine's clock. */
  readonly started: Date | null;
  readonly completed: Date | null;
  readonly received: Date | null;
  /** Null until an engine has it. */
  readonly engineId: EngineId | null;
  readonly engineUuid: EngineUuid | null;
  /** What it waited for, and where it followed; null for nothing. */
  readonly after: DependencySpec | null;
  readonly follow: DependencySpec | null;
  /** The text of an `execute`. */
  readonly executeInput: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What it displayed, in order. */
  readonly outputs: readonly MimeBundle[];
  /** What of `stdout`, `stderr` and `outputs` was said when the task had ended, by code of which nobody knows whose it
   * is: perhaps another task's of its engine. Null for none. */
  readonly late: Late | null;
  /** The last value of a non-silent `execute`. */
  readonly executeResult: MimeBundle | null;
  readonly executionCount: number | null;
  readonly error: Error | null;
  /** What it published, merged over keys. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Late {
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: readonly MimeBundle[];
}

type Reader<Value> = (job: Job) => Value;

/** How each fact is read off a job: one row per key of `Metadata`. */
export const METADATA: { readonly [Key in keyof Metadata]: Reader<Metadata[Key]> } = {
  msgId: (job) => job.facts.msgId,
  method: (job) => job.facts.method,
  label: (job) => job.facts.label,
  status: (job) => job.status,
  submitted: (job) => date(job.facts.submitted),
  started: (job) => date(job.started),
  completed: (job) => date(job.completed),
  received: (job) => date(job.received),
  engineId: (job) => job.engineId,
  engineUuid: (job) => job.engineUuid,
  after: (job) => job.facts.terms?.after ?? null,
  follow: (job) => job.facts.terms?.follow ?? null,
  executeInput: (job) => job.facts.input ?? null,
  stdout: (job) => job.text('stdout'),
  stderr: (job) => job.text('stderr'),
  outputs: (job) => job.displays,
  late: lateOf,
  executeResult: (job) => job.executeResult,
  executionCount: (job) => job.executionCount,
  error: (job) => job.error,
  data: (job) => job.data,
};

function lateOf(job: Job): Late | null {
  const stdout = job.text('stdout', true);
  const stderr = job.text('stderr', true);
  const outputs = job.displayed.filter(({ isLate }) => isLate === true).map(({ bundle }) => bundle);
  return stdout === '' && stderr === '' && outputs.length === 0 ? null : { stdout, stderr, outputs };
}

function date(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}

export function metadataOf(job: Job): Metadata {
  const entries = Object.entries(METADATA).map(([key, read]) => [key, read(job)] as const);
  return Object.fromEntries(entries) as unknown as Metadata;
}

/**
 * The reader of the fact of that name, in either spelling.
 * @throws KeyError for a name that is none.
 */
export function metadataReader(name: string): Reader<unknown> {
  const key = camelCase(name);
  if (!Object.hasOwn(METADATA, key)) {
    throw new KeyError(`no metadata called '${name}'; there are ${Object.keys(METADATA).join(', ')}`);
  }
  return METADATA[key as keyof Metadata];
}
