import { compareCells } from '../notebook/compare-cells.ts';
import type { Commands } from '../ui/commands.ts';
import type { CommandParts } from './command-parts.ts';
import { openDocument } from './notebook-commands.ts';
import { messageOf } from './notices.ts';

export type SnapshotCommands = Pick<
  Commands,
  'snapshots' | 'compareSnapshot' | 'takeSnapshot' | 'restoreSnapshot' | 'openSnapshot'
>;

/** Earlier versions of the open notebook. */
export function snapshotCommands(parts: CommandParts): SnapshotCommands {
  const { host, page, desk, notices, snapshots } = parts;
  const now = () => host.data().document;
  return {
    snapshots: () => snapshots.list(now().id),
    compareSnapshot: async (at) => {
      const earlier = await snapshots.read(now().id, at);
      return compareCells(now().cells, earlier.cells);
    },
    takeSnapshot: () => snapshots.take(now(), 'asked'),
    restoreSnapshot: (at) => {
      page.setState({ dialog: null });
      const restore = async (): Promise<void> => {
        const earlier = await snapshots.read(now().id, at);
        await snapshots.take(now(), 'before');
        host.dispatch({ type: 'restore-version', cells: earlier.cells });
        notices.announce('The snapshot was restored. Undo brings back what was there.');
      };
      restore().catch((error: unknown) => {
        notices.show('error', `The snapshot was not restored: ${messageOf(error)}`);
      });
    },
    openSnapshot: (at) => {
      const read = async () => {
        const { id, name } = now();
        return desk.sources.copyOf({ ...(await snapshots.read(id, at)), name });
      };
      openDocument(parts, 'The snapshot could not be opened', read, true);
    },
  };
}
