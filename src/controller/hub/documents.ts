import type { Packed } from '../../protocol/packed.ts';
import type { Outcome } from '../../protocol/replies.ts';
import { buffersOf, type EngineRequest } from '../../protocol/requests.ts';
import { PAYLOAD_KEYS, RECORD_KEYS, type TaskHeader, type TaskRecord } from '../../protocol/task-record.ts';
import type { FinishedRecord } from './finished-record.ts';
import { headerOf, requestBytes } from './records.ts';
import type { Task } from './state.ts';

/** A record as it leaves the hub: `result` is still packed, for the client to revive. */
export type RecordDocument = Omit<TaskRecord, 'result'> & { readonly result?: Packed | null };

export const DOCUMENT_KEYS: readonly string[] = [...RECORD_KEYS, ...PAYLOAD_KEYS];

/** `hasRequest`: its arguments are still here. */
export function finishedDocument(record: FinishedRecord, hasRequest: boolean): RecordDocument {
  const { outcome, facts } = record.settlement ?? { outcome: null, facts: null };
  const request = hasRequest ? record.request : null;
  return {
    ...headDocument(record.header),
    ...requestDocument(record.request),
    name: record.name,
    method: record.method,
    status: record.status,
    started: date(record.started),
    completed: date(record.completed ?? record.ended),
    engineId: record.engineId,
    engineUuid: record.engineUuid,
    resubmitted: record.resubmitted,
    executeResult: facts?.executeResult ?? null,
    error: outcome && errorDocument(outcome),
    stdout: record.stdout,
    stderr: record.stderr,
    bytes: record.bytes,
    buffers: request && buffersOf(request),
    resultBuffers: outcome?.status === 'ok' ? outcome.value.buffers : null,
    result: outcome?.status === 'ok' ? outcome.value : null,
  };
}

export function pendingDocument(task: Task, hasRequest: boolean): RecordDocument {
  const { request } = task.submission;
  return {
    ...headDocument(task.submission),
    ...requestDocument(request),
    name: task.name,
    method: task.method,
    status: 'pending',
    started: date(task.started),
    completed: null,
    engineId: task.engine?.id ?? null,
    engineUuid: task.engine?.uuid ?? null,
    resubmitted: task.resubmitted,
    executeResult: null,
    error: null,
    stdout: task.printed.stdout,
    stderr: task.printed.stderr,
    bytes: hasRequest ? requestBytes(request) : 0,
    buffers: hasRequest ? buffersOf(request) : null,
    resultBuffers: null,
    result: null,
  };
}

type Head = 'msgId' | 'clientId' | 'label' | 'queue' | 'submitted' | 'header';

function headDocument(task: TaskHeader): Pick<RecordDocument, Head> {
  const { msgId, clientId, label, submitted, route, ...rest } = headerOf(task);
  const header = { msgId, date: new Date(submitted), clientId, label, route, ...rest };
  return { msgId, clientId, label, queue: route.type, submitted: new Date(submitted), header };
}

function requestDocument(request: EngineRequest | null): Pick<RecordDocument, 'content' | 'executeInput'> {
  const content = request === null ? '' : contentOf(request);
  return { content, executeInput: request?.method === 'execute' ? content : null };
}

function contentOf(request: EngineRequest): string {
  switch (request.method) {
    case 'apply':
    case 'map':
      return sourceOf(request.call.value) ?? request.name;
    case 'execute':
      return request.code.source;
    case 'push':
      return Object.keys(request.values.value ?? {}).join(', ');
    case 'pull':
      return typeof request.names === 'string' ? request.names : request.names.join(', ');
  }
}

/** The text of a function that travels as text. */
function sourceOf(call: unknown): string | null {
  const f = (call as { readonly f?: { readonly source?: unknown } } | null)?.f;
  return typeof f?.source === 'string' ? f.source : null;
}

function errorDocument(outcome: Outcome): TaskRecord['error'] {
  switch (outcome.status) {
    case 'ok':
      return null;
    case 'error': {
      const { ename, evalue, traceback } = outcome.error;
      return { ename, evalue, traceback };
    }
    case 'aborted':
      return { ename: 'TaskAborted', evalue: outcome.reason, traceback: [] };
  }
}

function date(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
