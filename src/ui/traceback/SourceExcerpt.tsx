import type { ReactNode } from 'react';
import { CellUrl } from '../../protocol/cell-url.ts';
import type { WireError } from '../../protocol/errors.ts';
import { useNotebook } from '../context.ts';

/** The line that did not parse, with a mark under the place. Nothing once the cell has been edited. */
export function SourceExcerpt({ error }: { readonly error: WireError }): ReactNode {
  const { position } = error;
  const cell = position ? CellUrl.parse(position.url) : null;
  const line = useNotebook((view) => {
    const found = cell ? view.cells.get(cell.id) : undefined;
    return found && !found.stale && position ? found.source.split('\n')[position.line - 1] : undefined;
  });
  if (line === undefined || !position) return null;
  const number = `${String(position.line)} │ `;
  // Tabs stay, so that the mark stands where they lead to.
  const indent = `${number}${line}`.slice(0, number.length + position.column - 1).replace(/[^\t]/g, ' ');
  return <pre className="traceback excerpt">{`${number}${line}\n${indent}^`}</pre>;
}
