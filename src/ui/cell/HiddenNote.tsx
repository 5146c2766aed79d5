import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Cell } from '../../notebook/document.ts';
import type { CellPart } from '../../notebook/session-types.ts';
import { useCommands } from '../context.ts';

/** Stands for a part of a cell that is hidden, with its beginning; pressed, it shows the part. */
export function HiddenNote(props: {
  readonly cell: Cell;
  readonly part: CellPart;
  readonly number: number;
}): ReactNode {
  const { cell, part } = props;
  const commands = useCommands();
  const what = part === 'input' ? 'code' : 'output';
  return (
    <button
      type="button"
      className="hidden-note"
      aria-label={`Show the ${what} of cell ${String(props.number)}`}
      aria-expanded={false}
      onClick={() => {
        commands.setHidden(cell.id, part, false);
      }}
    >
      <ChevronRight size={14} aria-hidden="true" />
      {part === 'input' ? (cell.source.split('\n')[0] ?? '') || 'Code hidden' : 'Output hidden'}
    </button>
  );
}
