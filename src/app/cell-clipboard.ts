import { cellsOf, type ClipForms, clipOf, textOf } from '../notebook/cell-clip.ts';
import type { Cell } from '../notebook/document.ts';
import type { KeyValues } from './journal/key-values.ts';
import { newCellId } from './names.ts';

/**
 * Cut and copied cells. The system's clipboard gets them whole and as text; beside it they are kept for the key V,
 * which may not read that clipboard: in this page, with all that lives in them, and in the browser, for its other pages
 * and the time after a reload.
 */
export interface CellClipboard {
  /** Keeps the cells; what the system's clipboard gets. */
  put(cells: readonly Cell[]): ClipForms;
  /** The cells that were copied last, in whichever page of this browser, under new ids. At once where it was this one. */
  last(): readonly Cell[] | Promise<readonly Cell[]>;
  /** The cells that the system's clipboard stands for, under new ids. */
  take(forms: ClipForms): readonly Cell[] | Promise<readonly Cell[]>;
}

/** Where all pages of the browser find it. */
export interface ClipStore {
  /** Rejects as the browser does. */
  write(forms: ClipForms): Promise<void>;
  /** Undefined: nothing has been copied. */
  read(): Promise<ClipForms | undefined>;
}

interface Parts {
  readonly store: ClipStore;
  /** Says, under `clip`, what was copied last: it is asked at once. */
  readonly marks: Pick<KeyValues, 'get' | 'set'>;
  readonly createMark: () => string;
}

const MARK = 'clip';

export function createCellClipboard({ store, marks, createMark }: Parts): CellClipboard {
  let kept: readonly Cell[] = [];
  let written: ClipForms = { cells: '', text: '', html: '' };
  let mark: string | null = null;
  /** The mark before: until the cells are stored, it is still there. */
  let former: string | null = null;
  const again = (): readonly Cell[] => kept.map((cell) => ({ ...cell, id: newCellId() }));
  /** Another page has copied since, or this one has not yet. */
  const isElsewhere = (): boolean => {
    const latest = marks.get(MARK);
    return latest !== null && latest !== mark && latest !== former;
  };
  const stored = (): Promise<ClipForms | undefined> => store.read().catch(() => undefined);
  return {
    put(cells) {
      kept = cells;
      written = clipOf(cells);
      mark = createMark();
      former = marks.get(MARK);
      const own = mark;
      // The mark comes last: who sees it finds the cells.
      store.write(written).then(
        () => {
          if (mark === own) marks.set(MARK, own);
        },
        // They are in this page and on the system's clipboard.
        () => undefined,
      );
      return written;
    },
    last() {
      if (!isElsewhere()) return again();
      return stored().then((forms) => (forms ? cellsOf(forms, newCellId) : again()));
    },
    take(forms) {
      const text = textOf(forms);
      const isOurs =
        forms.cells === '' ? text === '' || text === textOf(written) : forms.cells === written.cells;
      if (isOurs && kept.length > 0) return again();
      if (forms.cells !== '' || !isElsewhere()) return cellsOf(forms, newCellId);
      // A browser that keeps no cells on its clipboard: the text tells whether it is theirs.
      return stored().then((there) => {
        const isTheirs = there && (text === '' || text === textOf(there));
        return cellsOf(isTheirs ? there : forms, newCellId);
      });
    },
  };
}
