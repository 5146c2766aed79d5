import type { TaskHistory } from './history/task-history.ts';
import { readPreferences, writePreferences } from './preferences.ts';
import type { SnapshotStore } from './snapshots/snapshot-store.ts';
import type { FileStore } from './storage/file-store.ts';
import { attempt } from './storage/storage-failure.ts';
import type { StorageResult } from './storage/storage-types.ts';

/** Where the things of a notebook are kept that are not in its document. */
export interface Belongings {
  readonly history: Pick<TaskHistory, 'purge'>;
  readonly files: Pick<FileStore, 'clear'>;
  readonly snapshots: Pick<SnapshotStore, 'clear'>;
}

/**
 * Takes away what belongs to a notebook beside its document: the history of its tasks, the files of its workspace,
 * its snapshots, and its permission to use the network. For a notebook that is deleted; one that is open should be
 * left first, or what still runs is kept anew. Never rejects.
 */
export async function purgeNotebook(
  notebook: string,
  { history, files, snapshots }: Belongings,
): Promise<StorageResult<null>> {
  const { network } = readPreferences();
  if (network.includes(notebook)) writePreferences({ network: network.filter((id) => id !== notebook) });
  const purged = await Promise.all([
    history.purge(notebook),
    attempt(async () => {
      await files.clear(notebook);
      return { ok: true as const, value: null };
    }),
    snapshots.clear(notebook),
  ]);
  return purged.find(({ ok }) => !ok) ?? { ok: true, value: null };
}
