import type { JsonObject } from '../protocol/jupyter-message.ts';

/** The content of an `execute_request` for an engine of any language. */
export function plainExecute(code: string, silent: boolean, stopOnError: boolean): JsonObject {
  return {
    code,
    silent,
    store_history: !silent,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: stopOnError,
  };
}
