import { type DragEvent, useState } from 'react';
import { selectionOf } from '../../notebook/cell-edits.ts';
import { withSections } from '../../notebook/sections.ts';
import type { CellId } from '../../protocol/ids.ts';
import { useUi } from '../context.ts';

/** Cells are dragged by their left margin; the keyboard moves them with Alt and the arrows. */
const KIND = 'application/x-tutti-cells';

/** What makes the margin of a cell a handle: the whole selection moves when the cell is in it, and with a folded
 * heading its section. */
export function useDragHandle(id: CellId): {
  readonly draggable: true;
  readonly onDragStart: (event: DragEvent) => void;
} {
  const { notebook } = useUi();
  return {
    draggable: true,
    onDragStart: (event) => {
      const { session } = notebook.getState();
      const selected = selectionOf(session);
      const dragged = withSections(session.document.cells, selected.includes(id) ? selected : [id]);
      event.dataTransfer.setData(KIND, JSON.stringify(dragged));
      event.dataTransfer.effectAllowed = 'move';
    },
  };
}

/** Where in the list the cells would go: above which cell, or null for the end; undefined while none is
 * dragged over the list. */
export function useDropPlace(): {
  readonly above: CellId | null | undefined;
  readonly handlers: {
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
  };
} {
  const { commands, notebook } = useUi();
  const [above, setAbove] = useState<CellId | null | undefined>(undefined);
  return {
    above,
    handlers: {
      onDragOver: (event) => {
        if (!event.dataTransfer.types.includes(KIND)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        setAbove(placeAt(event.currentTarget, event.clientY));
      },
      onDragLeave: (event) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node) || !event.currentTarget.contains(to)) setAbove(undefined);
      },
      onDrop: (event) => {
        const moved = idsIn(event.dataTransfer.getData(KIND));
        setAbove(undefined);
        if (moved.length === 0) return;
        event.preventDefault();
        const place = placeAt(event.currentTarget, event.clientY);
        const { order } = notebook.getState();
        const until = place === null ? order.length : order.indexOf(place);
        commands.dropCells(moved, order.slice(0, until).filter((id) => !moved.includes(id)).length);
      },
    },
  };
}

function placeAt(list: Element, y: number): CellId | null {
  for (const block of list.querySelectorAll('.cell-block')) {
    // Cells out of sight are not asked: the browser would have to lay them out.
    if (y > block.getBoundingClientRect().bottom) continue;
    for (const cell of block.querySelectorAll<HTMLElement>('.cell:not([hidden])')) {
      const { top, height } = cell.getBoundingClientRect();
      if (y < top + height / 2) return cell.dataset['cell'] as CellId;
    }
  }
  return null;
}

function idsIn(text: string): readonly CellId[] {
  try {
    const ids: unknown = JSON.parse(text);
    return Array.isArray(ids) ? ids.filter((id): id is CellId => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
