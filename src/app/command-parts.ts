import type { Cause } from '../notebook/upstream.ts';
import type { CellId } from '../protocol/ids.ts';
import type { Language } from '../protocol/client-messages.ts';
import type { ClusterStore } from '../ui/stores/cluster-store.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import type { CellClipboard } from './cell-clipboard.ts';
import type { CellJoins } from './join/cell-joins.ts';
import type { ClusterJoiner } from './join/cluster-joiner.ts';
import type { NotebookDesk } from './notebook-desk.ts';
import type { Notices } from './notices.ts';
import type { RuntimeDriver } from './runtime-driver.ts';
import type { SessionHost } from './session-host.ts';
import type { Snapshots } from './snapshots/snapshots.ts';
import type { StorageResult } from './storage/storage-types.ts';
import type { TaskWatch } from './task-watch.ts';
import type { Workspace } from './workspace.ts';

/** What commands work with. */
export interface CommandParts {
  readonly host: SessionHost;
  readonly page: PageStore;
  readonly cluster: ClusterStore;
  readonly desk: NotebookDesk;
  readonly driver: RuntimeDriver;
  readonly notices: Notices;
  readonly clipboard: CellClipboard;
  readonly workspace: Workspace;
  readonly joiner: ClusterJoiner;
  readonly cellJoins: CellJoins;
  readonly snapshots: Snapshots;
  readonly tasks: TaskWatch;
  /** What stands behind `%px`, for the engines as they are. */
  readonly pxLanguage: () => Language;
  /** Cells that use what has changed since they ran. */
  readonly outdated: () => ReadonlyMap<CellId, Cause>;
  /** Takes away what belongs to a notebook beside its document. */
  readonly purge: (notebook: string) => Promise<StorageResult<null>>;
}
