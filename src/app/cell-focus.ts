import type { CellId } from '../protocol/ids.ts';
import type { Commands } from '../ui/commands.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import type { SessionHost } from './session-host.ts';

export interface CellFocus {
  /** The cell itself: command mode. A selection that ends in this cell stays as it is. */
  readonly cell: (id: CellId) => void;
  readonly editor: Commands['focusEditor'];
}

export function cellFocus(host: SessionHost, page: PageStore): CellFocus {
  const select = (id: CellId): void => {
    if (host.data().selectedCell !== id) host.dispatch({ type: 'select-cell', id });
  };
  return {
    cell: (id) => {
      select(id);
      page.setState({ mode: 'command', focus: { cell: id, part: 'cell', caret: null } });
    },
    editor: (id, caret) => {
      const { selectedCell, selectionAnchor, document } = host.data();
      if (selectedCell !== id || selectionAnchor !== id) host.dispatch({ type: 'select-cell', id });
      const kind = document.cells.find((cell) => cell.id === id)?.kind;
      if (kind === 'markdown') host.dispatch({ type: 'open-markdown', id });
      host.dispatch({ type: 'set-hidden', ids: [id], part: 'input', hidden: false });
      page.setState({ mode: 'edit', focus: { cell: id, part: 'editor', caret: caret ?? null } });
    },
  };
}
