import { deferred, type Deferred } from '../../base/deferred.ts';
import type { FileChange, FromFileUser, ToFileUser, WorkspaceFile } from '../../protocol/file-messages.ts';
import type { Link } from '../../protocol/link.ts';

/** The files beside the notebook, as their owner tells of them. */
export interface FilesHost {
  list(): readonly WorkspaceFile[];
  /** Resolves when the change is kept, and seen here; rejects with an error that says why not. */
  change(change: FileChange): Promise<void>;
  /** Reads without waiting for a promise; null where the realm has no such means. */
  readonly readSync: ((blob: Blob) => ArrayBuffer) | null;
}

/** Where nobody keeps files. */
export const NO_FILES: FilesHost = {
  list: () => [],
  change: () => Promise.reject(new Error('Files cannot be kept: there is no workspace here.')),
  readSync: null,
};

/** The host at the far end of a link. What is listed is what the last message told. */
export function filesOver(
  link: Link<ToFileUser, FromFileUser>,
  readSync: FilesHost['readSync'] = null,
): FilesHost {
  let files: readonly WorkspaceFile[] = [];
  let last = 0;
  const waiting = new Map<number, Deferred<void>>();
  link.onMessages((messages) => {
    for (const message of messages) {
      if (message.type === 'files') {
        files = message.files;
        continue;
      }
      const answer = waiting.get(message.n);
      waiting.delete(message.n);
      if (message.failure === null) answer?.resolve();
      else answer?.reject(new Error(message.failure));
    }
  });
  return {
    list: () => files,
    change: (change) => {
      const answer: Deferred<void> = deferred();
      waiting.set(++last, answer);
      link.post({ type: 'change-file', n: last, change });
      return answer.promise;
    },
    readSync,
  };
}
