import type { TaskBatch } from '../protocol/task-rows.ts';
import type { NotebookStore } from '../ui/stores/notebook-store.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import type { StreamStore } from '../ui/stores/stream-store.ts';
import { fileName } from '../notebook/notebook-name.ts';
import { downloadBlob } from './notebook-files.ts';
import { messageOf, type Notices } from './notices.ts';

interface Parts {
  readonly page: PageStore;
  readonly stream: StreamStore;
  readonly notebook: NotebookStore;
  readonly notices: Notices;
  /** The frame is to tell of tasks, or not to. */
  readonly watch: (on: boolean) => void;
}

export interface TaskWatch {
  readonly hear: (batch: TaskBatch) => void;
  /** Forgets what has ended. */
  readonly clear: () => void;
  /** As a file that Perfetto opens. */
  readonly saveTrace: () => void;
}

/**
 * Follows the tasks while their stream is in sight: what makes the picture is loaded when it is opened first, and
 * the frame tells nothing while it is closed (it keeps the latest, and tells them later).
 */
export function createTaskWatch({ page, stream, notebook, notices, watch }: Parts): TaskWatch {
  const changed = (): void => {
    stream.setState(({ version }) => ({ version: version + 1 }));
  };
  const clear = (): void => {
    stream.getState().log?.clear();
    changed();
  };
  const open = async (): Promise<void> => {
    if (stream.getState().log === null) {
      const { TaskLog } = await import('../ui/timeline/task-log.ts');
      stream.setState({ log: new TaskLog() });
    }
    watch(page.getState().streamOpen);
  };
  const follow = (isOpen: boolean): void => {
    if (!isOpen) watch(false);
    else {
      open().catch((error: unknown) => {
        notices.show('error', `The task stream could not be loaded: ${messageOf(error)}`);
      });
    }
  };
  page.subscribe(({ streamOpen }, before) => {
    if (streamOpen !== before.streamOpen) follow(streamOpen);
  });
  // Cells of another notebook are none that one could go to.
  notebook.subscribe(({ session }, before) => {
    if (session.document.id !== before.session.document.id) clear();
  });
  if (page.getState().streamOpen) follow(true);
  return {
    hear: (batch) => {
      stream.getState().log?.hear(batch);
      changed();
    },
    clear,
    saveTrace: () => {
      const { log } = stream.getState();
      if (log === null || log.tasks.length === 0) {
        notices.announce('There are no tasks to save');
        return;
      }
      const { numbers, session } = notebook.getState();
      const save = async (): Promise<void> => {
        const { chromeTrace } = await import('../ui/timeline/trace.ts');
        const trace = new Blob([chromeTrace(log, numbers)], { type: 'application/json' });
        downloadBlob(trace, fileName(session.document.name, 'trace.json'));
        notices.announce('The trace was downloaded');
      };
      save().catch((error: unknown) => {
        notices.show('error', `The trace could not be made: ${messageOf(error)}`);
      });
    },
  };
}
