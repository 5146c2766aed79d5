import type { ReactNode } from 'react';
import type { Cell } from '../../notebook/document.ts';
import { isFolded } from '../../notebook/sections.ts';
import { useCommands, useNotebook } from '../context.ts';
import { plural } from '../format.ts';

/** Under a folded heading: what it hides, and how that fares. Pressed, it unfolds the section. */
export function FoldNote({ cell }: { readonly cell: Cell }): ReactNode {
  const commands = useCommands();
  const size = useNotebook((view) => view.folds.sizes.get(cell.id) ?? 0);
  const within = useNotebook(({ order, cells }) => {
    const at = order.indexOf(cell.id) + 1;
    const section = isFolded(cell) ? order.slice(at, at + size).map((id) => cells.get(id)) : [];
    return {
      running: section.some((each) => each?.run.status === 'running'),
      failed: section.filter((each) => each?.run.status === 'error').length,
    };
  });
  if (size === 0 || !isFolded(cell)) return null;
  const failed = within.failed === 0 ? '' : `, ${String(within.failed)} failed`;
  return (
    <button
      type="button"
      className={within.failed > 0 ? 'fold-note failed' : 'fold-note'}
      onClick={() => {
        commands.setFolded(cell.id, false);
      }}
    >
      {plural(size, 'cell')} hidden{within.running ? ', running' : ''}
      {failed}
      {within.running ? <span className="running-line" aria-hidden="true" /> : null}
    </button>
  );
}
