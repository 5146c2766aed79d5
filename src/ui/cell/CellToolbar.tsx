import {
  ChevronDown,
  ChevronUp,
  Code,
  Eraser,
  Eye,
  EyeOff,
  Rows2,
  TextAlignStart,
  Trash2,
  Type,
} from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { isHidden } from '../../notebook/document-operations.ts';
import type { Cell } from '../../notebook/document.ts';
import { useCommands } from '../context.ts';
import { KEYS } from '../keys.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { Toolbar } from '../shell/Toolbar.tsx';
import { isSameButSource } from './same-but-source.ts';

/** What can be done to a cell: floats over its upper edge while it is selected or under the pointer. */
export const CellToolbar = memo(function CellToolbar({ cell }: { readonly cell: Cell }): ReactNode {
  const { id, kind } = cell;
  const codeHidden = isHidden(cell, 'input');
  const outputHidden = isHidden(cell, 'output');
  const commands = useCommands();
  return (
    <Toolbar className="cell-toolbar" label="Edit this cell">
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
          label="Format the code"
          keys={KEYS.format}
          icon={<TextAlignStart size={14} />}
          onClick={() => {
            commands.formatCell(id);
          }}
        />
      ) : null}
      {kind === 'code' ? (
        <IconButton
          className="small"
          label={codeHidden ? 'Show the code' : 'Hide the code'}
          icon={codeHidden ? <Eye size={14} /> : <EyeOff size={14} />}
          onClick={() => {
            commands.setHidden(id, 'input', !codeHidden);
          }}
        />
      ) : null}
      {kind === 'code' && cell.outputs.length > 0 ? (
        <IconButton
          className="small"
          label={outputHidden ? 'Show the output' : 'Hide the output'}
          keys={KEYS.toggleOutput}
          icon={<Rows2 size={14} />}
          onClick={() => {
            commands.setHidden(id, 'output', !outputHidden);
          }}
        />
      ) : null}
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
    </Toolbar>
  );
}, isSameButSource);
