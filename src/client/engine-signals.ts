import type { EngineId } from '../protocol/ids.ts';
import type { Question, ToController } from '../protocol/client-messages.ts';
import { ValueError } from './errors.ts';

const LETHAL: readonly (string | number)[] = ['SIGTERM', 15, 'SIGKILL', 9];

/**
 * What a signal means for engines: SIGINT interrupts what runs; SIGTERM and SIGKILL end them, and they come back
 * empty. By name or number. @throws ValueError for another signal.
 */
export function signalled(
  signal: string | number,
  engines: readonly EngineId[] | null,
):
  | { readonly post: Extract<ToController, { type: 'interrupt' }> }
  | { readonly ask: Extract<Question, { type: 'shutdown' }> } {
  if (signal === 'SIGINT' || signal === 2) return { post: { type: 'interrupt', engines } };
  if (LETHAL.includes(signal)) return { ask: { type: 'shutdown', engines, restart: true } };
  throw new ValueError(`no signal ${String(signal)} here: there are SIGINT, SIGTERM and SIGKILL`);
}
