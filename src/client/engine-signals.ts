import type { EngineId } from '../protocol/ids.ts';
import type { Question, ToController } from '../protocol/client-messages.ts';
import { ValueError } from './errors.ts';

const LETHAL: readonly (string | number)[] = ['SIGTERM', 'TERM', 15, 'SIGKILL', 'KILL', 9];
const GENTLE: readonly (string | number)[] = ['SIGINT', 'INT', 2];

/**
 * What a signal means for engines: SIGINT interrupts what runs; SIGTERM and SIGKILL end them, and they come back
 * empty, unless the cluster does not replace engines that die (`respawn: false`). By name, with or without `SIG`, or
 * number. @throws ValueError for another signal.
 */
export function signalled(
  signal: string | number,
  engines: readonly EngineId[] | null,
):
  | { readonly post: Extract<ToController, { type: 'interrupt' }> }
  | { readonly ask: Extract<Question, { type: 'shutdown' }> } {
  if (GENTLE.includes(signal)) return { post: { type: 'interrupt', engines } };
  if (LETHAL.includes(signal)) return { ask: { type: 'shutdown', engines, restart: 'if-respawned' } };
  throw new ValueError(`no signal ${String(signal)} here: there are SIGINT, SIGTERM and SIGKILL`);
}
