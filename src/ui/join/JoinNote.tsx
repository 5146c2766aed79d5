import { LogOut, Network } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCluster, useCommands, useNotebook } from '../context.ts';
import { IconButton } from '../shell/IconButton.tsx';
import './join.css';

/** In the engine panel: on which cluster the notebook is, with the way out, or the way in. */
export function JoinNote(): ReactNode {
  const commands = useCommands();
  const join = useCluster((view) => view.join);
  const isEmpty = useCluster((view) => view.engines.length === 0);
  if (join === null) {
    return (
      <button
        type="button"
        className="text-button join-offer"
        onClick={() => {
          commands.proposeJoin('');
        }}
      >
        <Network size={14} aria-hidden="true" />
        Join a cluster…
      </button>
    );
  }
  return (
    <div className={`join-note ${join.status}`} role="status" aria-label="Cluster">
      <Network size={14} aria-hidden="true" />
      <span className="join-where">
        <strong className="join-host">{join.host}</strong>
        <span>{WORDS[join.status] ?? JOINED[join.role]}</span>
        {isEmpty && join.status === 'open' ? (
          <span>No engines yet: they come with their first heartbeat.</span>
        ) : null}
      </span>
      <IconButton
        className="small"
        label="Leave the cluster"
        tip="Leave the cluster: back to this browser's engines"
        icon={<LogOut size={14} />}
        onClick={commands.leaveCluster}
      />
    </div>
  );
}

/** Clusters that cells have joined beside the notebook's own, each with the way out. */
export function CellJoinNotes(): ReactNode {
  const commands = useCommands();
  const joins = useCluster((view) => view.cellJoins);
  const numbers = useNotebook((view) => view.numbers);
  if (joins.length === 0) return null;
  return (
    <ul className="join-list" aria-label="Clusters that cells have joined">
      {joins.map(({ n, host, status, role, cell }) => {
        const place = cell === null ? undefined : numbers.get(cell);
        const by = place === undefined ? 'by a cell' : `by cell ${String(place)}`;
        return (
          <li key={n} className={`join-note ${status}`}>
            <Network size={14} aria-hidden="true" />
            <span className="join-where">
              <strong className="join-host">{host}</strong>
              <span>
                {WORDS[status] ?? JOINED[role]} {by}
              </span>
            </span>
            <IconButton
              className="small"
              label={`Leave the cluster at ${host}`}
              icon={<LogOut size={14} />}
              onClick={() => {
                commands.leaveCellCluster(n);
              }}
            />
          </li>
        );
      })}
    </ul>
  );
}

const JOINED = { client: 'joined', observer: 'joined as observer' } as const;

const WORDS: Readonly<Record<string, string | undefined>> = {
  connecting: 'joining…',
  reconnecting: 'reconnecting…',
  leaving: 'leaving…',
};
