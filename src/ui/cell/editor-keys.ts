import type { KeyboardEvent } from 'react';
import type { CellId } from '../../protocol/ids.ts';
import type { Commands } from '../commands.ts';
import type { CodeEditorHandle } from '../editor/CodeEditor.tsx';
import { placeAt } from '../editor/caret.ts';
import { keysMeant, typedKey } from '../typed-keys.ts';

interface Where {
  readonly id: CellId;
  readonly editor: CodeEditorHandle | null;
  readonly commands: Commands;
  readonly order: readonly CellId[];
}

/** The keys that lead out of an editor, seen before Monaco sees them: Escape and Ctrl M into command mode, the
 * arrows at the first and last line into the next cell. */
export function onEditorKey(event: KeyboardEvent, where: Where): void {
  const { target, nativeEvent } = event;
  if (!(target instanceof Element) || !target.closest('.code-editor') || nativeEvent.isComposing) return;
  const { id, editor, commands } = where;
  const act = (action: () => void): void => {
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  const takesKey = editor?.wantsEscape() ?? false;
  const isM = event.ctrlKey && keysMeant(typedKey(event)).includes('m');
  const leaves = (event.key === 'Escape' && !takesKey) || isM;
  if (leaves && !event.shiftKey) {
    act(() => {
      commands.focusCell(id);
    });
    return;
  }
  const neighbour = takesKey ? null : cellBeyond(event, where);
  if (neighbour) {
    act(() => {
      commands.focusEditor(neighbour.id, neighbour.caret);
    });
  }
}

function cellBeyond(
  event: KeyboardEvent,
  { id, editor, commands, order }: Where,
): { id: CellId; caret: { line: number; column: number } } | null {
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return null;
  const caret = editor?.caret();
  if (!caret || caret.start !== caret.end) return null;
  const source = commands.sourceOf(id);
  // In text that wraps the last line of the source may be many on the screen.
  const wraps = event.target instanceof Element && event.target.closest('.wraps') !== null;
  const isFirst = wraps ? caret.start === 0 : !source.slice(0, caret.start).includes('\n');
  const isLast = wraps ? caret.end === source.length : !source.slice(caret.end).includes('\n');
  const at = order.indexOf(id);
  if (event.key === 'ArrowUp' && isFirst) {
    const above = order[at - 1];
    const { line } = above === undefined ? { line: 1 } : placeAt(commands.sourceOf(above), Infinity);
    return above === undefined ? null : { id: above, caret: { line, column: 1 } };
  }
  if (event.key === 'ArrowDown' && isLast) {
    const below = order[at + 1];
    return below === undefined ? null : { id: below, caret: { line: 1, column: 1 } };
  }
  return null;
}
