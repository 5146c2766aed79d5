import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCluster, useCommands } from '../context.ts';
import type { JoinView } from '../stores/cluster-store.ts';

/** The connection to the cluster is cut, and is being mended. */
export function JoinBanner(): ReactNode {
  const commands = useCommands();
  const own = useCluster((view) => view.join);
  const ofCells = useCluster((view) => view.cellJoins);
  const cut = ofCells.find(isCut);
  const join = own !== null && isCut(own) ? own : (cut ?? null);
  if (join === null) return null;
  const leave = (): void => {
    if (join === cut) commands.leaveCellCluster(cut.n);
    else commands.leaveCluster();
  };
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
      <button type="button" className="text-button outlined" onClick={leave}>
        Leave the cluster
      </button>
    </div>
  );
}

function isCut({ status }: JoinView): boolean {
  return status === 'reconnecting';
}
