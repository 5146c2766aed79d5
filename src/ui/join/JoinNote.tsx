import { LogOut, Network } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCluster, useCommands } from '../context.ts';
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

const JOINED = { client: 'joined', observer: 'joined as observer' } as const;

const WORDS: Readonly<Record<string, string | undefined>> = {
  connecting: 'joining…',
  reconnecting: 'reconnecting…',
  leaving: 'leaving…',
};
