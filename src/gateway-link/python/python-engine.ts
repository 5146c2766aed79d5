import type { Letter } from '../context.ts';
import { KEYS_EXPRESSION } from '../../protocol/keys-hook.ts';
import type { Packed } from '../../protocol/packed.ts';
import type { EngineRequest } from '../../protocol/requests.ts';
import { plainExecute } from '../execute.ts';
import { BRIDGE_SOURCE } from './bridge-source.ts';
import { pickle, type PickledCall } from './pickle.ts';
import { readAnswer, writeValues } from './values.ts';

/**
 * What can be asked of a Python engine as it is installed: text to execute, and data to push and pull. Both use
 * the messages that ipyparallel's own client sends.
 */

/** Null: only an engine of JavaScript can do that. @throws NoPythonValue for data that Python cannot have. */
export function pythonRequest(request: EngineRequest, stopOnError: boolean): Letter | null {
  switch (request.method) {
    case 'execute': {
      const content = plainExecute(request.code.source, request.silent, stopOnError);
      return { type: 'execute_request', content, buffers: [] };
    }
    case 'push': {
      const { json, blob } = writeValues(request.values.value ?? {});
      return bridgeCall('push', json, blob);
    }
    case 'pull':
      return request.names === KEYS_EXPRESSION ? bridgeCall('keys', null) : bridgeCall('pull', request.names);
    default:
      return null;
  }
}

/** Asks where it runs. */
export function whoIs(): Letter {
  return bridgeCall('whois', null);
}

/** What an `apply_reply` to one of these brings. @throws Error when it cannot be read. */
export function pythonResult(buffers: readonly Uint8Array[]): Packed {
  // The first buffer is the pickle of what the second stands in.
  const [, answer] = buffers;
  if (answer === undefined) throw new Error('it brings no data');
  const { value, buffers: own } = readAnswer(answer);
  return { value, buffers: own, bytes: answer.byteLength, canned: false };
}

const LOADER = "lambda source, space: (exec(compile(source, '<tutti>', 'exec'), space), space['tutti'])[1]";

function bridgeCall(what: string, json: unknown, blob: Uint8Array = new Uint8Array()): Letter {
  const load: PickledCall = {
    kind: 'call',
    f: { kind: 'global', module: 'builtins', name: 'eval' },
    args: [LOADER],
  };
  const tutti: PickledCall = { kind: 'call', f: load, args: [BRIDGE_SOURCE, { kind: 'dict', entries: [] }] };
  const args = [what, JSON.stringify(json), blob].map((arg) => pickle(arg));
  const about = pickle({
    kind: 'dict',
    entries: [
      ['nargs', args.length],
      ['narg_bufs', args.length],
      ['kw_keys', []],
    ],
  });
  return { type: 'apply_request', content: {}, buffers: [pickle(tutti), about, ...args] };
}
