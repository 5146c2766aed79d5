import type { LostNames } from '../protocol/runtime-messages.ts';
import type { Cell } from './document.ts';

/** What gives engines variables from a plain cell. */
const GIVES_NAMES = /\b(?:push|scatter|execute|syncImports|run|update|set)\w*\(|\[['"`][^\]]+\]\s*=[^=]/;

/**
 * The cells that may have made the variables that are gone, in the order in which they ran: those that ended
 * well. For engines alone, those that ran there or that speak to views.
 */
export function cellsThatMade(lost: readonly LostNames[], cells: readonly Cell[]): readonly Cell[] {
  const ofEngines = ({ targets, source }: Cell) => (targets?.length ?? 0) > 0 || GIVES_NAMES.test(source);
  return cells
    .filter((cell) => cell.kind === 'code' && cell.run.status === 'ok')
    .filter((cell) => lost.includes('kernel') || ofEngines(cell))
    .toSorted((a, b) => (a.executionCount ?? 0) - (b.executionCount ?? 0));
}
