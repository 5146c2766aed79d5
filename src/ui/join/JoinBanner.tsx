import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCluster, useCommands } from '../context.ts';

/** The connection to the cluster is cut, and is being mended. */
export function JoinBanner(): ReactNode {
  const commands = useCommands();
  const join = useCluster((view) => view.join);
  if (join?.status !== 'reconnecting') return null;
  return (
    <div className="banner warning" role="region" aria-label="Reconnecting">
      <TriangleAlert size={16} aria-hidden="true" />
      <p>
        <strong>Reconnecting to {join.host}.</strong> {join.reason} What runs there goes on; results come when
        the connection is back.
      </p>
      <button type="button" className="text-button outlined" onClick={commands.retryJoin}>
        Try now
      </button>
      <button type="button" className="text-button outlined" onClick={commands.leaveCluster}>
        Leave the cluster
      </button>
    </div>
  );
}
