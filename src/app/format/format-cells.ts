import type { Cell } from '../../notebook/document.ts';
import type { CellId } from '../../protocol/ids.ts';
import { messageOf, type Notices } from '../notices.ts';
import type { SessionHost } from '../session-host.ts';

/** Puts these code cells into good form, undone as one step; those that cannot be read stay as they are. */
export function formatCells(
  { host, notices }: { readonly host: SessionHost; readonly notices: Notices },
  ids: readonly CellId[],
): void {
  const cells = (): readonly Cell[] => host.data().document.cells;
  formatted(cells().filter(({ id, kind }) => kind === 'code' && ids.includes(id))).then(
    (sources) => {
      // What was typed meanwhile is not undone.
      const same = sources.filter(({ id, before }) =>
        cells().some((cell) => cell.id === id && cell.source === before),
      );
      if (same.length > 0) host.dispatch({ type: 'replace-sources', sources: same });
      notices.announce(same.length > 0 ? 'Formatted' : 'Nothing to format');
    },
    (error: unknown) => {
      notices.show('error', `The cells could not be formatted: ${messageOf(error)}`);
    },
  );
}

async function formatted(
  chosen: readonly Cell[],
): Promise<readonly { readonly id: CellId; readonly before: string; readonly source: string }[]> {
  const { formatSource } = await import('./format-code.ts');
  const sources = await Promise.all(
    chosen.map(async ({ id, source }) => ({ id, before: source, source: await formatSource(source) })),
  );
  return sources.filter(({ before, source }) => before !== source);
}
