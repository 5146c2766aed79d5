import { ChevronDown, ChevronRight, Play } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { Cell } from '../../notebook/document.ts';
import { headingOf } from '../../notebook/headings.ts';
import { isFolded } from '../../notebook/sections.ts';
import { useCommands } from '../context.ts';
import { plural } from '../format.ts';
import { KEYS } from '../keys.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { useDragHandle } from './cell-drag.ts';
import { isSameButSource } from './same-but-source.ts';

interface Props {
  readonly cell: Cell;
  /** Of a heading: how many cells its section has beside it. */
  readonly sectionSize: number;
}

/** Left of a cell: the button that runs it, and its count; at a heading the one that folds its section. */
export const Gutter = memo(function Gutter({ cell, sectionSize }: Props): ReactNode {
  const commands = useCommands();
  const handle = useDragHandle(cell.id);
  if (cell.kind !== 'code') {
    return (
      <div className="gutter" {...handle}>
        {sectionSize > 0 ? <FoldButton cell={cell} size={sectionSize} /> : null}
      </div>
    );
  }
  return (
    <div className="gutter" {...handle}>
      <IconButton
        className="small run-button"
        label="Run cell"
        keys={KEYS.runStay}
        icon={<Play size={13} />}
        onClick={() => {
          commands.runCell(cell.id, 'stay');
        }}
      />
      <Prompt cell={cell} />
    </div>
  );
}, isSameButSource);

function FoldButton({ cell, size }: { readonly cell: Cell; readonly size: number }): ReactNode {
  const commands = useCommands();
  const folded = isFolded(cell);
  return (
    <IconButton
      className={`small fold-button level-${String(headingOf(cell)?.level ?? 6)}`}
      label={`Section “${headingOf(cell)?.text ?? ''}”, ${plural(size, 'cell')}`}
      tip={folded ? `Unfold: ${plural(size, 'cell')} hidden` : 'Fold this section'}
      keys={folded ? KEYS.unfold : KEYS.fold}
      aria-expanded={!folded}
      icon={folded ? <ChevronRight size={15} /> : <ChevronDown size={15} />}
      onClick={() => {
        commands.setFolded(cell.id, !folded);
      }}
    />
  );
}

function Prompt({ cell }: { readonly cell: Cell }): ReactNode {
  const commands = useCommands();
  const { run } = cell;
  if (run.status === 'queued') {
    return (
      <button
        type="button"
        className="prompt queued numbers"
        aria-label={`Waiting, place ${String(run.place)}: take it out of the queue`}
        title="Take it out of the queue"
        onClick={() => {
          commands.cancelQueued(cell.id);
        }}
      >
        [·{run.place}]
      </button>
    );
  }
  const count = run.status === 'running' ? '*' : (cell.executionCount ?? ' ');
  return (
    <span className={`prompt numbers ${run.status}`}>
      {cell.stale && cell.executionCount !== null ? (
        <span className="stale-dot" title="Edited since it ran">
          <span className="visually-hidden">Edited since it ran</span>
        </span>
      ) : null}
      {`[${String(count)}]`}
    </span>
  );
}
