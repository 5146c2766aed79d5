import { ChevronDown, ChevronUp, Code, Eraser, Trash2, Type } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CellKind } from '../../notebook/document.ts';
import type { CellId } from '../../protocol/ids.ts';
import { useCommands } from '../context.ts';
import { KEYS } from '../keys.ts';
import { IconButton } from '../shell/IconButton.tsx';

/** What can be done to a cell: floats over its upper edge while it is selected or under the pointer. */
export function CellToolbar({ id, kind }: { readonly id: CellId; readonly kind: CellKind }): ReactNode {
  const commands = useCommands();
  return (
    <div className="cell-toolbar" role="toolbar" aria-label="Edit this cell">
      {kind === 'code' ? (
        <IconButton
          className="small"
          label="Turn into Markdown"
          keys={KEYS.toMarkdown}
          icon={<Type size={14} />}
          onClick={() => {
            commands.setKind(id, 'markdown');
          }}
        />
      ) : (
        <IconButton
          className="small"
          label="Turn into code"
          keys={KEYS.toCode}
          icon={<Code size={14} />}
          onClick={() => {
            commands.setKind(id, 'code');
          }}
        />
      )}
      <IconButton
        className="small"
        label="Move up"
        keys={KEYS.moveUp}
        icon={<ChevronUp size={15} />}
        onClick={() => {
          commands.moveCell(id, -1);
        }}
      />
      <IconButton
        className="small"
        label="Move down"
        keys={KEYS.moveDown}
        icon={<ChevronDown size={15} />}
        onClick={() => {
          commands.moveCell(id, 1);
        }}
      />
      {kind === 'code' ? (
        <IconButton
          className="small"
          label="Clear outputs"
          icon={<Eraser size={14} />}
          onClick={() => {
            commands.clearOutputs(id);
          }}
        />
      ) : null}
      <IconButton
        className="small"
        label="Delete"
        keys={KEYS.delete}
        icon={<Trash2 size={14} />}
        onClick={() => {
          commands.deleteCell(id);
        }}
      />
    </div>
  );
}
