import { History } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useCluster, useCommands } from '../context.ts';
import { formatBytes, plural } from '../format.ts';

/** How much of the finished tasks is kept for later visits, and the way to forget it, asked for twice. */
export function HistoryNote(): ReactNode {
  const commands = useCommands();
  const history = useCluster((view) => view.history);
  const [asking, setAsking] = useState(false);
  if (history === null || history.tasks === 0) return null;
  const tasks = plural(history.tasks, 'task');
  if (!asking) {
    return (
      <div className="history-note" role="group" aria-label="History">
        <History size={14} aria-hidden="true" />
        <span className="numbers" title="Finished tasks and their results, kept in this browser">
          History: {tasks} · {formatBytes(history.bytes)}
        </span>
        <button
          type="button"
          className="text-button"
          onClick={() => {
            setAsking(true);
          }}
        >
          Purge…
        </button>
      </div>
    );
  }
  return (
    <div className="history-note asking" role="group" aria-label="History">
      <span>
        Forget {tasks} and what came of {history.tasks === 1 ? 'it' : 'them'}? Results that cells hold stay.
      </span>
      <span className="history-choice">
        <button
          type="button"
          className="text-button outlined"
          autoFocus
          onClick={() => {
            setAsking(false);
          }}
        >
          Keep
        </button>
        <button
          type="button"
          className="text-button outlined danger"
          onClick={() => {
            setAsking(false);
            commands.purgeHistory();
          }}
        >
          Purge
        </button>
      </span>
    </div>
  );
}
