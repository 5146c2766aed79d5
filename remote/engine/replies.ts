import type { WireError } from '../../src/protocol/errors.ts';
import type { JsonObject, JupyterHeader } from '../../src/protocol/jupyter-message.ts';
import type { Outcome, RunFacts } from '../../src/protocol/replies.ts';
import { UNMET } from '../../src/protocol/terms.ts';

export interface EngineIdentity {
  readonly id: number;
  readonly uuid: string;
}

/** The content of an `execute_reply` or `apply_reply`. */
export function replyContent(outcome: Outcome, facts: RunFacts, kind: 'execute' | 'apply'): JsonObject {
  const more =
    kind === 'execute'
      ? { execution_count: facts.executionCount, payload: [], user_expressions: {} }
      : ({} as JsonObject);
  switch (outcome.status) {
    case 'ok':
      return { status: 'ok', ...more };
    case 'error':
      return { ...errorContent(outcome.error), ...more };
    case 'aborted':
      return { status: 'aborted', reason: outcome.reason };
  }
}

/** Jupyter's error, with ipyparallel's `engine_info`. */
export function errorContent(error: WireError): JsonObject {
  const { ename, evalue, traceback, engineInfo } = error;
  const info = engineInfo && {
    engine_uuid: engineInfo.engineUuid,
    engine_id: engineInfo.engineId,
    method: engineInfo.method,
  };
  return { status: 'error', ename, evalue, traceback, engine_info: info };
}

/** An error of the engine's own, not of the user's code. */
export function refusal(
  ename: string,
  evalue: string,
  { id, uuid }: EngineIdentity,
  method: string,
): JsonObject {
  const traceback = [`${ename}: ${evalue}`];
  return {
    status: 'error',
    ename,
    evalue,
    traceback,
    engine_info: { engine_uuid: uuid, engine_id: id, method },
  };
}

/** What schedulers and clients read in a reply's metadata. `request`: the request's own metadata. */
export function replyMetadata(
  content: JsonObject,
  { id, uuid }: EngineIdentity,
  request: JsonObject,
  started: number | null,
): JsonObject {
  const isError = content['status'] === 'error';
  return {
    ...(started === null ? {} : { started: new Date(started).toISOString() }),
    status: content['status'],
    engine: uuid,
    dependencies_met: !(isError && content['ename'] === UNMET),
    is_broadcast: request['is_broadcast'] ?? false,
    is_coalescing: request['is_coalescing'] ?? false,
    original_msg_id: request['original_msg_id'] ?? '',
    ...(isError ? { engine_info: { engine_uuid: uuid, engine_id: id } } : {}),
  };
}

/** `execute_request` → `execute_reply`. */
export function replyType({ msg_type }: JupyterHeader): string {
  return `${msg_type.replace(/_request$/, '')}_reply`;
}
