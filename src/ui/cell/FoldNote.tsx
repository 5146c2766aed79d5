import type { ReactNode } from 'react';
import type { CellId } from '../../protocol/ids.ts';
import { useCommands, useNotebook } from '../context.ts';
import { plural } from '../format.ts';

/** Under a folded heading: what it hides, and how that fares. Pressed, it unfolds the section. */
export function FoldNote({ id, size }: { readonly id: CellId; readonly size: number }): ReactNode {
  const commands = useCommands();
  const within = useNotebook(({ order, cells }) => {
    const at = order.indexOf(id) + 1;
    const section = order.slice(at, at + size).map((each) => cells.get(each));
    return {
      running: section.some((each) => each?.run.status === 'running'),
      failed: section.filter((each) => each?.run.status === 'error').length,
    };
  });
  const failed = within.failed === 0 ? '' : `, ${String(within.failed)} failed`;
  return (
    <button
      type="button"
      className={within.failed > 0 ? 'fold-note failed' : 'fold-note'}
      onClick={() => {
        commands.setFolded(id, false);
      }}
    >
      {plural(size, 'cell')} hidden{within.running ? ', running' : ''}
      {failed}
      {within.running ? <span className="running-line" aria-hidden="true" /> : null}
    </button>
  );
}
