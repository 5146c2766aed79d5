import type { StoryLine } from '../controller/hub/story.ts';
import type { ClientId, EngineUuid, MsgId } from '../protocol/ids.ts';
import type { JsonObject } from '../protocol/jupyter-message.ts';
import type { MimeBundle } from '../protocol/outputs.ts';
import type { Method } from '../protocol/requests.ts';
import type { TaskRecord } from '../protocol/task-record.ts';
import { dictionary, textOf, textOrNull, timeOf } from './json.ts';
import type { Roster } from './roster.ts';

/** What is asked of the cluster's database: all but the buffers. */
export const HUB_KEYS = [
  'msg_id',
  'header',
  'metadata',
  'content',
  'submitted',
  'client_uuid',
  'engine_uuid',
  'started',
  'completed',
  'resubmitted',
  'result_content',
  'queue',
  'execute_input',
  'execute_result',
  'stdout',
  'stderr',
] as const;

/** A record of ipyparallel's, in our words. */
export function recordOf(row: JsonObject, roster: Roster): TaskRecord {
  const header = dictionary(row['header']);
  const metadata = dictionary(row['metadata']);
  const own = dictionary(metadata['tutti']);
  const result = dictionary(row['result_content']);
  const content = dictionary(row['content']);
  const msgId = textOf(row['msg_id']) as MsgId;
  const submitted = dateOf(row['submitted']) ?? dateOf(header['date']) ?? new Date(0);
  const isExecute = header['msg_type'] === 'execute_request';
  const engineUuid = textOrNull(row['engine_uuid']) as EngineUuid | null;
  const executeInput = textOrNull(row['execute_input']) ?? (isExecute ? textOrNull(content['code']) : null);
  const code = executeInput ?? textOf(content['name'] ?? own['name']);
  return {
    msgId,
    clientId: (textOrNull(row['client_uuid']) ?? textOf(header['session'])) as ClientId,
    label: textOrNull(metadata['label']),
    name: textOrNull(own['name']) ?? textOrNull(content['name']) ?? (isExecute ? 'execute' : 'apply'),
    method: (textOrNull(own['method']) ?? (isExecute ? 'execute' : 'apply')) as Method,
    queue: row['queue'] === 'task' ? 'balanced' : 'direct',
    status: statusOf(result['status']),
    submitted,
    started: dateOf(row['started']),
    completed: dateOf(row['completed']),
    engineId: roster.byUuid(engineUuid)?.id ?? null,
    engineUuid,
    resubmitted: textOrNull(row['resubmitted']) as MsgId | null,
    header: { ...header, ...metadata, msgId, date: submitted },
    content: code,
    executeInput,
    executeResult: bundleOf(row['execute_result']),
    error: errorOf(result),
    stdout: textOf(row['stdout']),
    stderr: textOf(row['stderr']),
    bytes: 0,
  };
}

/** The life of a task, as far as its record has times. */
export function storyOf({
  msgId,
  name,
  submitted,
  started,
  completed,
  engineId,
  status,
}: TaskRecord): StoryLine[] {
  const line = (at: Date, what: string, note: string | null): StoryLine => {
    return { cause: 0, at: at.getTime(), what, msgId, engineId, note };
  };
  return [
    line(submitted, 'submitted', name),
    ...(started ? [line(started, 'started', null)] : []),
    ...(completed ? [line(completed, 'settled', status)] : []),
  ];
}

function statusOf(status: unknown): TaskRecord['status'] {
  return status === 'ok' || status === 'error' || status === 'aborted' ? status : 'pending';
}

function errorOf(result: JsonObject): TaskRecord['error'] {
  if (result['status'] !== 'error') return null;
  const traceback = Array.isArray(result['traceback']) ? result['traceback'].map(String) : [];
  return { ename: textOf(result['ename']), evalue: textOf(result['evalue']), traceback };
}

function bundleOf(value: unknown): MimeBundle | null {
  const bundle = dictionary(value);
  return 'data' in bundle
    ? { data: dictionary(bundle['data']), metadata: dictionary(bundle['metadata']) }
    : null;
}

function dateOf(value: unknown): Date | null {
  const time = timeOf(value);
  return time === null ? null : new Date(time);
}
