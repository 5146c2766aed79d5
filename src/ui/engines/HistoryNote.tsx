import { History } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCluster, useCommands } from '../context.ts';
import { formatBytes, plural } from '../format.ts';
import { KeepOr } from '../shell/KeepOr.tsx';
import { useQuestion } from '../shell/use-question.ts';

/** How much of the finished tasks is kept for later visits, and the way to forget it, asked for twice. */
export function HistoryNote(): ReactNode {
  const commands = useCommands();
  const history = useCluster((view) => view.history);
  const { asking, ask, close, opener } = useQuestion();
  if (history === null || history.tasks === 0) return null;
  const tasks = plural(history.tasks, 'task');
  if (!asking) {
    return (
      <div className="history-note" role="group" aria-label="History">
        <History size={14} aria-hidden="true" />
        <span className="numbers" title="Finished tasks and their results, kept in this browser">
          History: {tasks} · {formatBytes(history.bytes)}
        </span>
        <button ref={opener} type="button" className="text-button" onClick={ask}>
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
        <KeepOr
          verb="Purge"
          onKeep={close}
          onDo={() => {
            close();
            commands.purgeHistory();
          }}
        />
      </span>
    </div>
  );
}
