import type { ReactNode } from 'react';
import { CellUrl } from '../../protocol/cell-url.ts';
import { useCommands, useNotebook } from '../context.ts';

interface Props {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** "Cell 4, line 3": goes there. A cell that is gone is named by the number it had. */
export function CellLink({ url, line, column }: Props): ReactNode {
  const cell = CellUrl.parse(url);
  const commands = useCommands();
  const number = useNotebook((view) => (cell ? view.numbers.get(cell.id) : undefined));
  if (!cell) return <span className="place">{`${url}, line ${String(line)}`}</span>;
  if (number === undefined) {
    return <span className="place">{`Cell ${String(cell.number)} (deleted), line ${String(line)}`}</span>;
  }
  return (
    <button
      type="button"
      className="link-button place"
      onClick={() => {
        commands.focusEditor(cell.id, { line, column });
      }}
    >
      {`Cell ${String(number)}, line ${String(line)}`}
    </button>
  );
}
