import { memo, type ReactNode } from 'react';
import type { Cell } from '../../notebook/document.ts';
import type { Cause } from '../../notebook/upstream.ts';
import type { EngineId } from '../../protocol/ids.ts';
import { usePage } from '../context.ts';
import { EngineMark } from '../engines/EngineMark.tsx';
import { formatElapsed, formatEngines, formatSeconds } from '../format.ts';
import { OutdatedNote } from './OutdatedNote.tsx';
import { useNow } from '../use-now.ts';
import { isSameButSource } from './same-but-source.ts';

/** Right of a cell: where it ran, how long, and whether it still holds. */
export const MarginNotes = memo(function MarginNotes(props: {
  readonly cell: Cell;
  readonly outdated: Cause | null;
}): ReactNode {
  const { cell, outdated } = props;
  return (
    <div className="margin-notes">
      <TargetBadge targets={cell.targets} />
      <Duration cell={cell} />
      {outdated ? <OutdatedNote cause={outdated} /> : null}
    </div>
  );
}, isSameButSource);

function TargetBadge({ targets }: { readonly targets: readonly EngineId[] | null | undefined }): ReactNode {
  if (targets === undefined) return null;
  if (targets === null) return <span className="target-badge">kernel</span>;
  return (
    <span className="target-badge engines">
      {targets.length === 1 && targets[0] !== undefined ? <EngineMark engine={targets[0]} size={9} /> : null}
      {formatEngines(targets) || 'no engine'}
    </span>
  );
}

function Duration({ cell }: { readonly cell: Cell }): ReactNode {
  const { run } = cell;
  const now = useNow(run.status === 'running');
  const elsewhere = usePage((page) => page.tab === 'elsewhere');
  switch (run.status) {
    case 'running':
      return <span className="duration numbers">{formatElapsed((now - run.startedAt) / 1000)}</span>;
    case 'ok':
      return <span className="duration numbers">{formatDuration(run.duration)}</span>;
    case 'error':
      return <span className="duration numbers failed">✕ {formatDuration(run.duration)}</span>;
    case 'cut-off':
      return elsewhere ? (
        <span className="duration" title="It was running there when the notebook was last saved.">
          other tab
        </span>
      ) : (
        <span
          className="duration failed"
          title="The page was closed or reloaded, another notebook was opened, or another tab took this one, while this cell ran."
        >
          cut off
        </span>
      );
    case 'idle':
    case 'queued':
      return null;
  }
}

/** Start and end may reach the page in one message: below a millisecond its clock says nothing. */
function formatDuration(seconds: number): string {
  return seconds < 0.001 ? '< 1 ms' : formatSeconds(seconds);
}
