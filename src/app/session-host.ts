import { apply } from '../notebook/session.ts';
import type { Action, ApplyResult, Operation, SessionData } from '../notebook/session-types.ts';
import type { NotebookDocument } from '../notebook/document.ts';
import type { CellId, RunId } from '../protocol/ids.ts';
import { type NotebookStore, viewOf } from '../ui/stores/notebook-store.ts';
import { createAfterFrame, createFrameBatch } from './frame-batch.ts';

/**
 * Holds the session and is the only one that changes it: an operation goes through the brain at once, its
 * actions are performed in order, and what people see follows with the next frame.
 */
export interface SessionHost {
  data(): SessionData;
  dispatch(operation: Operation): ApplyResult;
  /** The cell of a run that has not ended, and its place from 1. */
  readonly cellOf: (runId: RunId) => { readonly id: CellId; readonly number: number } | null;
  /** What people see follows now. */
  publish(): void;
}

export interface SessionHostOptions {
  readonly initial: SessionData;
  readonly store: NotebookStore;
  readonly perform: (action: Action) => void;
  /** The document has changed, by whatever operation. */
  readonly onDocument: (document: NotebookDocument, operation: Operation) => void;
}

export function createSessionHost(options: SessionHostOptions): SessionHost {
  let data = options.initial;
  const batch = createFrameBatch();
  const afterFrame = createAfterFrame();
  const publish = (): void => {
    const before = options.store.getState();
    if (before.session !== data) options.store.setState(viewOf(data, before));
  };
  return {
    data: () => data,
    publish,
    cellOf(runId) {
      const { cells } = data.document;
      const index = cells.findIndex(({ run }) => 'runId' in run && run.runId === runId);
      const cell = cells[index];
      return cell ? { id: cell.id, number: index + 1 } : null;
    },
    dispatch(operation) {
      const result = apply(data, operation);
      if (result.type === 'applied' && result.data !== data) {
        const { document } = data;
        data = result.data;
        if (data.document !== document) options.onDocument(data.document, operation);
        // Who types sees the letter already, where it was typed: all else has time until it is on the screen.
        if (operation.type === 'set-source') afterFrame(publish);
        else batch(publish);
      }
      for (const action of result.actions) options.perform(action);
      return result;
    },
  };
}
