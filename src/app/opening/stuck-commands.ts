import type { NotebookDocument } from '../../notebook/document.ts';
import { withoutOutputs } from '../../notebook/document-operations.ts';
import type { Commands } from '../../ui/commands.ts';
import type { CommandParts } from '../command-parts.ts';
import { plainAddress } from '../notebook-address.ts';
import { openDocument } from '../notebook-commands.ts';
import type { Stuck } from '../notebook-desk.ts';
import { downloadNotebook } from '../notebook-files.ts';
import { messageOf } from '../notices.ts';

/** What the reader does with a notebook that is not opened by itself, since an earlier page hung or crashed on it. */
export function stuckCommands(
  parts: CommandParts,
  stuck: Stuck | null,
  deleteEntry: Commands['deleteEntry'],
): Pick<Commands, 'answerStuck'> {
  const { page, host, notices, snapshots } = parts;
  return {
    answerStuck: (answer) => {
      if (stuck === null) return;
      const { read, key, forgive } = stuck;
      const failure = 'The notebook could not be opened';
      if (answer === 'download') {
        read().then(downloadNotebook, (error: unknown) => {
          notices.show('error', `The notebook could not be downloaded: ${messageOf(error)}`);
        });
        return;
      }
      page.setState({ stuck: null });
      switch (answer) {
        case 'again':
          forgive();
          openDocument(parts, failure, read, key === null);
          break;
        case 'plain':
          openDocument(
            parts,
            failure,
            () => read().then(plain),
            key === null,
            () => {
              for (const { id, kind } of host.data().document.cells) {
                if (kind === 'markdown') host.dispatch({ type: 'open-markdown', id });
              }
            },
          );
          break;
        case 'delete':
          forgive();
          if (key === null) history.replaceState(null, '', plainAddress());
          else deleteEntry(key);
          break;
      }
    },
  };

  /** With its outputs it is among its snapshots. */
  async function plain(document: NotebookDocument): Promise<NotebookDocument> {
    await snapshots.take(document, 'before');
    return { ...document, cells: document.cells.map(withoutOutputs) };
  }
}
