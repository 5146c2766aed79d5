import { Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Cell } from '../../notebook/document.ts';
import { useCommands } from '../context.ts';
import { KEYS } from '../keys.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { useDragHandle } from './cell-drag.ts';

/** Left of a cell: the button that runs it, and its count. */
export function Gutter({ cell }: { readonly cell: Cell }): ReactNode {
  const commands = useCommands();
  const handle = useDragHandle(cell.id);
  if (cell.kind !== 'code') return <div className="gutter" {...handle} />;
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
      [{count}]
    </span>
  );
}
