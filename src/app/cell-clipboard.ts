import type { Cell } from '../notebook/document.ts';
import { newCell } from '../notebook/cells.ts';
import { newCellId } from './names.ts';

/**
 * Cut and copied cells. The system's clipboard gets their text, for other programs; what is pasted here comes
 * back as the cells they were, unless something else has been copied since.
 */
export interface CellClipboard {
  /** Keeps the cells; the text that stands for them elsewhere. */
  put(cells: readonly Cell[]): string;
  /** The cells to paste, under new ids: those kept; or, for a text from elsewhere, one code cell of it. */
  take(text: string | null): readonly Cell[];
}

export function createCellClipboard(): CellClipboard {
  let kept: readonly Cell[] = [];
  let written = '';
  return {
    put(cells) {
      kept = cells;
      written = cells.map((cell) => cell.source).join('\n\n');
      return written;
    },
    take(text) {
      const foreign = text !== null && text.trim() !== '' && plain(text) !== plain(written);
      if (foreign) return [newCell(newCellId(), 'code', plain(text).replace(/\n+$/, ''))];
      return kept.map((cell) => ({ ...cell, id: newCellId() }));
    },
  };
}

function plain(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
