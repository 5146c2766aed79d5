import type { JupyterMessage } from '../../src/protocol/jupyter-message.ts';
import type { EngineRequest } from '../../src/protocol/requests.ts';
import { hasPayload, requestOf } from '../../src/transport/remote/payload.ts';

/** A request of the cluster in the engine's own terms. */
export interface RequestInHand {
  readonly request: EngineRequest;
  readonly kind: 'execute' | 'apply';
  /** Tutti's client asks: the reply carries a payload. */
  readonly isOurs: boolean;
  readonly abortsQueueOnError: boolean;
  /** Jupyter's `user_expressions`: evaluated after the code, shown in the reply. */
  readonly userExpressions: Readonly<Record<string, string>>;
}

export type ReadRequest =
  | { readonly type: 'read'; readonly request: RequestInHand }
  | { readonly type: 'refused'; readonly ename: string; readonly evalue: string };

/** How tracebacks call code whose sender gives it no name. */
const UNNAMED = 'execute';

export function readRequest(message: JupyterMessage): ReadRequest {
  return message.header.msg_type === 'execute_request' ? readExecute(message) : readApply(message);
}

/** What is to be moved, not copied, to the engine's thread. */
export function buffersOf(request: EngineRequest): readonly ArrayBuffer[] {
  switch (request.method) {
    case 'apply':
    case 'map':
      return [...request.call.buffers, ...(request.around?.where?.buffers ?? [])];
    case 'push':
      return request.values.buffers;
    case 'execute':
    case 'pull':
      return [];
  }
}

function readExecute({ content }: JupyterMessage): ReadRequest {
  const { code, silent, stop_on_error, user_expressions, tutti } = content as Readonly<
    Record<string, unknown>
  > & {
    readonly [key in 'code' | 'silent' | 'stop_on_error' | 'user_expressions' | 'tutti']?: unknown;
  };
  if (typeof code !== 'string') return refused('TypeError', 'This execute_request has no code');
  const isSilent = silent === true;
  const ours = typeof tutti === 'object' && tutti !== null ? (tutti as { readonly url?: unknown }) : null;
  const url = typeof ours?.url === 'string' ? ours.url : UNNAMED;
  return {
    type: 'read',
    request: {
      request: { method: 'execute', code: { source: code, compiled: null, url }, silent: isSilent },
      kind: 'execute',
      isOurs: ours !== null,
      abortsQueueOnError: !isSilent && stop_on_error !== false,
      userExpressions: texts(user_expressions),
    },
  };
}

function readApply(message: JupyterMessage): ReadRequest {
  const { content, buffers } = message;
  if (content['tutti'] === undefined && buffers.length > 0) return refused('TypeError', PICKLED);
  if (!hasPayload(message)) return refused('TypeError', UNKNOWN_PAYLOAD);
  try {
    return {
      type: 'read',
      request: {
        request: requestOf(message),
        kind: 'apply',
        isOurs: true,
        abortsQueueOnError: false,
        userExpressions: {},
      },
    };
  } catch (error) {
    return refused('TypeError', `This request's payload could not be read: ${String(error)}`);
  }
}

const PICKLED =
  'This engine runs JavaScript and got a pickled Python function (apply, map, push, pull, scatter and gather of ' +
  "ipyparallel send these). Send it code as text, view.execute('…', silent=False), or choose Python engines as targets: " +
  "those whose uuid does not begin with 'js-'.";
const UNKNOWN_PAYLOAD =
  'This apply_request carries nothing that this engine can read. Are the page and tutti-engine of the same version?';

function refused(ename: string, evalue: string): ReadRequest {
  return { type: 'refused', ename, evalue };
}

function texts(given: unknown): Readonly<Record<string, string>> {
  if (typeof given !== 'object' || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
