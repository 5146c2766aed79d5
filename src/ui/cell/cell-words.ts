import type { Cell } from '../../notebook/document.ts';
import type { Cause } from '../../notebook/upstream.ts';

const KINDS = { code: 'Code', markdown: 'Markdown', raw: 'Raw text' } as const;

/** What a cell is and how it fares, for those who do not see its margins: `Code, failed, edited since it ran`.
 * `elsewhere`: another tab has the notebook, and what was cut off here may run there. */
export function cellInWords(cell: Cell, outdated: Cause | null, elsewhere = false): string {
  const parts: readonly (string | null)[] = [
    KINDS[cell.kind],
    cell.kind === 'code' ? runInWords(cell, elsewhere) : null,
    cell.stale ? 'edited since it ran' : null,
    outdated ? 'outdated' : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function runInWords({ run, executionCount }: Cell, elsewhere: boolean): string | null {
  switch (run.status) {
    case 'idle':
      return executionCount === null ? 'not run' : null;
    case 'queued':
      return `waiting, place ${String(run.place)}`;
    case 'running':
      return 'running';
    case 'ok':
      return 'finished';
    case 'error':
      return 'failed';
    case 'cut-off':
      return elsewhere ? 'ran in another tab' : 'its run was cut off';
  }
}
