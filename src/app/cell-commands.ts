import { selectionOf } from '../notebook/cell-edits.ts';
import { isHidden } from '../notebook/document-operations.ts';
import { besideSection, headingAbove, headingBelow } from '../notebook/headings.ts';
import { foldsOf, indexPast, isFolded, withSections } from '../notebook/sections.ts';
import type { Cell, CellKind } from '../notebook/document.ts';
import type { CellPart, InsertPlace, Operation } from '../notebook/session-types.ts';
import type { CellId } from '../protocol/ids.ts';
import type { ClipForms } from '../notebook/cell-clip.ts';
import type { Commands, EditorCaret, PicturePlace } from '../ui/commands.ts';
import { placeAt } from '../ui/editor/caret.ts';
import { formatBytes } from '../ui/format.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import { type CellClipboard } from './cell-clipboard.ts';
import { type CellFocus, cellFocus } from './cell-focus.ts';
import { formatCells } from './format/format-cells.ts';
import { newCellId } from './names.ts';
import { messageOf, type Notices } from './notices.ts';
import type { SessionHost } from './session-host.ts';
import { copyForms } from './system-clipboard.ts';

interface Parts {
  readonly host: SessionHost;
  readonly page: PageStore;
  readonly notices: Notices;
}

export type CellCommands = Pick<
  Commands,
  | 'sourceOf'
  | 'setSource'
  | 'selectCell'
  | 'pointAt'
  | 'focusCell'
  | 'focusEditor'
  | 'modeChanged'
  | 'editorFocused'
  | 'insertCell'
  | 'insertCode'
  | 'deleteCell'
  | 'restoreCell'
  | 'moveCell'
  | 'dropCells'
  | 'setKind'
  | 'openMarkdown'
  | 'clearOutputs'
  | 'setHidden'
  | 'setFolded'
  | 'formatCell'
  | 'replaceSources'
  | 'rename'
>;

/** What is done to one named cell, by pointer or from its own controls. */
export function cellCommands({ host, page, notices }: Parts, caret: CaretMemory): CellCommands {
  const act = (operation: Operation): void => {
    host.dispatch(operation);
  };
  const focus = cellFocus(host, page);
  return {
    sourceOf: (id) => host.data().document.cells.find((cell) => cell.id === id)?.source ?? '',
    setSource: (id, source) => {
      act({ type: 'set-source', id, source });
    },
    selectCell: (id) => {
      if (host.data().selectedCell !== id) act({ type: 'select-cell', id });
    },
    pointAt: (id, extend) => {
      const { selectedCell, selectionAnchor } = host.data();
      if (extend) {
        act({ type: 'select-cells', anchor: selectionAnchor, active: id });
        focus.cell(id);
      } else if (selectedCell !== selectionAnchor) act({ type: 'select-cell', id });
    },
    focusCell: focus.cell,
    focusEditor: focus.editor,
    modeChanged: (mode) => {
      page.setState({ mode });
    },
    editorFocused: caret.follow,
    insertCell: (place, kind) => {
      insertAndEdit(host, focus, place, kind);
    },
    insertCode: (source) => {
      insertAndEdit(host, focus, { below: host.data().selectedCell }, 'code', source);
    },
    deleteCell: (id) => {
      act({ type: 'delete-cells', ids: [id], spareId: newCellId() });
      focus.cell(host.data().selectedCell);
    },
    restoreCell: () => {
      if (host.dispatch({ type: 'restore-cell' }).type === 'applied') focus.cell(host.data().selectedCell);
    },
    moveCell: (id, by) => {
      act({ type: 'move-cells', ids: [id], index: indexPast(host.data().document.cells, [id], by) });
      focus.cell(id);
    },
    dropCells: (ids, index) => {
      act({ type: 'move-cells', ids, index });
      const { hidden } = foldsOf(host.data().document.cells);
      const last = ids.findLast((id) => !hidden.has(id));
      if (last !== undefined) focus.cell(last);
    },
    setKind: (id, kind) => {
      act({ type: 'set-kind', ids: [id], kind });
      focus.cell(id);
    },
    openMarkdown: (id) => {
      act({ type: 'open-markdown', id });
    },
    clearOutputs: (id) => {
      act({ type: 'clear-outputs', id });
    },
    setHidden: (id, part, hidden) => {
      act({ type: 'set-hidden', ids: [id], part, hidden });
    },
    setFolded: (id, folded) => {
      act({ type: 'set-folded', ids: [id], folded });
    },
    formatCell: (id) => {
      formatCells({ host, notices }, [id]);
    },
    replaceSources: (sources) => {
      act({ type: 'replace-sources', sources });
    },
    rename: (name) => {
      act({ type: 'rename', name });
    },
  };
}

export function insertAndEdit(
  host: SessionHost,
  focus: CellFocus,
  place: InsertPlace,
  kind: CellKind,
  source = '',
): void {
  const id = newCellId();
  host.dispatch({ type: 'insert-cell', id, place, kind, source });
  focus.editor(id);
}

/** Where the caret stands, or stood when the editor was left: cells are split there. */
export interface CaretMemory {
  readonly follow: (id: CellId, caret: () => EditorCaret | null) => void;
  readonly of: (id: CellId) => EditorCaret | null;
}

export function createCaretMemory(): CaretMemory {
  let last: { readonly id: CellId; readonly caret: () => EditorCaret | null } | null = null;
  return {
    follow: (id, caret) => {
      last = { id, caret };
    },
    of: (id) => (last?.id === id ? last.caret() : null),
  };
}

/** What is done to the selection, by key or from the palette. */
export interface SelectionCommands {
  readonly edit: () => void;
  readonly go: (to: 'previous' | 'next' | 'first' | 'last') => void;
  readonly extend: (to: 'previous' | 'next' | 'first' | 'last') => void;
  readonly selectAll: () => void;
  readonly goToError: (direction: 1 | -1) => void;
  readonly insert: (where: 'above' | 'below', kind: CellKind) => void;
  readonly remove: () => void;
  readonly cut: () => void;
  /** What the system's clipboard gets. */
  readonly copy: () => ClipForms;
  /** Null: what was cut or copied last, here or in another page. */
  readonly paste: (where: 'above' | 'below', forms: ClipForms | null) => void;
  readonly pastePicture: (picture: File, at: PicturePlace | null) => void;
  readonly travel: (direction: 'undo' | 'redo') => void;
  readonly split: () => void;
  readonly merge: (with_: 'selection' | 'above' | 'below') => void;
  readonly move: (by: 1 | -1) => void;
  readonly setKind: (kind: CellKind) => void;
  readonly setHeading: (level: number) => void;
  /** JupyterLab's arrows: folds the section of the active heading, or goes to the heading above; unfolds it, or goes
   * to the next one. */
  readonly foldOrGo: (direction: 'left' | 'right') => void;
  readonly setAllFolded: (folded: boolean) => void;
  readonly insertHeading: (where: 'above' | 'below') => void;
  readonly toggleHidden: (part: CellPart) => void;
  readonly setAllHidden: (part: CellPart, hidden: boolean) => void;
  readonly clearOutputs: () => void;
  /** The selected code cells in good form, undone as one step; those that cannot be read stay as they are. */
  readonly format: () => void;
}

export function selectionCommands(
  { host, page, notices }: Parts,
  caret: CaretMemory,
  clipboard: CellClipboard,
): SelectionCommands {
  const focus = cellFocus(host, page);
  const selected = (): readonly CellId[] => selectionOf(host.data());
  const cells = () => host.data().document.cells;
  /** Those that are to be seen. */
  const seen = (): readonly Cell[] => {
    const { hidden } = foldsOf(cells());
    return cells().filter(({ id }) => !hidden.has(id));
  };
  const activeIndex = (): number => cells().findIndex(({ id }) => id === host.data().selectedCell);
  const show = (): void => {
    focus.cell(host.data().selectedCell);
  };
  const act = (operation: Operation): void => {
    const result = host.dispatch(operation);
    if (result.type === 'refused') notices.announce(result.message);
    show();
  };
  const goal = (to: 'previous' | 'next' | 'first' | 'last'): CellId => {
    const among = seen();
    const active = among.findIndex(({ id }) => id === host.data().selectedCell);
    const at = { previous: active - 1, next: active + 1, first: 0, last: Infinity }[to];
    return among[Math.max(0, Math.min(at, among.length - 1))]?.id ?? host.data().selectedCell;
  };
  const withWhatIsFolded = (): readonly Cell[] => {
    const ids = new Set(withSections(cells(), selected()));
    return cells().filter(({ id }) => ids.has(id));
  };
  const put = (taken: readonly Cell[], where: 'above' | 'below'): void => {
    const edge = where === 'above' ? selected()[0] : selected().at(-1);
    if (taken.length === 0 || edge === undefined) {
      notices.announce('No cells have been cut or copied here');
      return;
    }
    act({ type: 'paste-cells', cells: taken, place: where === 'above' ? { above: edge } : { below: edge } });
  };
  const attachPicture = async (picture: File, { id, start, end }: PicturePlace): Promise<void> => {
    if (cells().find((cell) => cell.id === id)?.kind !== 'markdown') throw new Error(NO_MARKDOWN);
    if (picture.size > PICTURE_LIMIT)
      throw new Error(`it has ${formatBytes(picture.size)}, and ${formatBytes(PICTURE_LIMIT)} is the limit.`);
    const data = base64Of(await picture.arrayBuffer());
    const { name, type } = picture;
    const before = host.data().document.cells.find((cell) => cell.id === id)?.source.length ?? 0;
    const result = host.dispatch({ type: 'attach-picture', id, name, mime: type, data, start, end });
    if (result.type === 'refused') throw new Error(result.message);
    notices.announce('The picture is attached to the cell');
    if (end === Infinity) return;
    const { source } = host.data().document.cells.find((cell) => cell.id === id) ?? { source: '' };
    focus.editor(id, placeAt(source, end + source.length - before));
  };
  const tellSelection = (): void => {
    notices.announce(`${String(selected().length)} cells selected`);
  };
  return {
    edit: () => {
      focus.editor(host.data().selectedCell);
    },
    go: (to) => {
      act({ type: 'select-cell', id: goal(to) });
    },
    extend: (to) => {
      act({ type: 'select-cells', anchor: host.data().selectionAnchor, active: goal(to) });
      tellSelection();
    },
    selectAll: () => {
      const [first, last] = [seen()[0], seen().at(-1)];
      if (first && last) act({ type: 'select-cells', anchor: first.id, active: last.id });
      tellSelection();
    },
    goToError: (direction) => {
      const failed = cells().map(({ outputs }) =>
        outputs.some(({ type }) => type === 'error' || type === 'composite-error'),
      );
      const at = activeIndex();
      const index = direction === 1 ? failed.indexOf(true, at + 1) : failed.slice(0, at).lastIndexOf(true);
      const cell = cells()[index];
      if (cell) act({ type: 'select-cell', id: cell.id });
      else notices.announce(direction === 1 ? 'No error below' : 'No error above');
    },
    insert: (where, kind) => {
      const id = newCellId();
      const edge = where === 'above' ? selected()[0] : selected().at(-1);
      if (edge === undefined) return;
      const place = where === 'above' ? { above: edge } : { below: edge };
      act({ type: 'insert-cell', id, kind, source: '', place });
    },
    remove: () => {
      const count = withWhatIsFolded().length;
      act({ type: 'delete-cells', ids: selected(), spareId: newCellId() });
      notices.announce(count === 1 ? 'Cell deleted' : `${String(count)} cells deleted`);
    },
    cut: () => {
      copyForms(clipboard.put(withWhatIsFolded()));
      act({ type: 'delete-cells', ids: selected(), spareId: newCellId() });
    },
    copy: () => {
      const copied = withWhatIsFolded();
      notices.announce(copied.length === 1 ? 'Cell copied' : `${String(copied.length)} cells copied`);
      return clipboard.put(copied);
    },
    paste: (where, forms) => {
      const taken = forms === null ? clipboard.last() : clipboard.take(forms);
      if (taken instanceof Promise)
        void taken.then((late) => {
          put(late, where);
        });
      else put(taken, where);
    },
    pastePicture: (picture, at) => {
      attachPicture(picture, at ?? { id: host.data().selectedCell, start: Infinity, end: Infinity }).catch(
        (error: unknown) => {
          notices.show('warning', `The picture was not pasted: ${messageOf(error)}`);
        },
      );
    },
    travel: (direction) => {
      act({ type: direction });
    },
    split: () => {
      const id = host.data().selectedCell;
      const at = caret.of(id);
      if (!at) {
        notices.announce('Put the caret where the cell shall be split');
        return;
      }
      const offsets = at.start === at.end ? [at.start] : [at.start, at.end];
      const wasEditing = page.getState().mode === 'edit';
      host.dispatch({ type: 'split-cell', id, offsets, newIds: offsets.map(newCellId) });
      if (wasEditing) focus.editor(id, { line: 1, column: 1 });
      else show();
    },
    merge: (with_) => {
      const ids = cells().map((cell) => cell.id);
      const [first, last] = [ids.indexOf(selected()[0] as CellId), ids.indexOf(selected().at(-1) as CellId)];
      const alone = first === last;
      const from = with_ === 'above' && alone ? first - 1 : first;
      const to = with_ !== 'above' && alone ? last + 1 : last;
      act({
        type: 'merge-cells',
        ids: ids.slice(Math.max(0, from), to + 1),
        into: host.data().selectedCell,
      });
      host.dispatch({ type: 'select-cell', id: host.data().selectedCell });
    },
    move: (by) => {
      act({ type: 'move-cells', ids: selected(), index: indexPast(cells(), selected(), by) });
    },
    setKind: (kind) => {
      act({ type: 'set-kind', ids: selected(), kind });
    },
    setHeading: (level) => {
      act({ type: 'set-heading', ids: selected(), level });
    },
    foldOrGo: (direction) => {
      const active = cells()[activeIndex()];
      if (!active) return;
      const folds = direction === 'left';
      const size = foldsOf(cells()).sizes.get(active.id) ?? 0;
      if (size > 0 && isFolded(active) !== folds) {
        act({ type: 'set-folded', ids: [active.id], folded: folds });
        notices.announce(`${folds ? 'Folded' : 'Unfolded'}: ${cellsInWords(size)}`);
        return;
      }
      const heading = (folds ? headingAbove : headingBelow)(cells(), active.id);
      if (heading) act({ type: 'select-cell', id: heading.id });
      else notices.announce(folds ? 'No heading above' : 'No heading below');
    },
    setAllFolded: (folded) => {
      const { sizes } = foldsOf(cells());
      const headings = cells().filter(({ id }) => (sizes.get(id) ?? 0) > 0);
      act({ type: 'set-folded', ids: headings.map(({ id }) => id), folded });
    },
    insertHeading: (where) => {
      const id = newCellId();
      const { level, index } = besideSection(cells(), host.data().selectedCell, where);
      const source = `${'#'.repeat(level)} `;
      host.dispatch({ type: 'insert-cell', id, kind: 'markdown', source, place: { index } });
      focus.editor(id, { line: 1, column: source.length + 1 });
    },
    toggleHidden: (part) => {
      const active = cells()[activeIndex()];
      if (active) act({ type: 'set-hidden', ids: selected(), part, hidden: !isHidden(active, part) });
    },
    setAllHidden: (part, hidden) => {
      const code = cells().filter(({ kind }) => kind === 'code');
      act({ type: 'set-hidden', ids: code.map(({ id }) => id), part, hidden });
    },
    clearOutputs: () => {
      for (const id of selected()) host.dispatch({ type: 'clear-outputs', id });
      show();
    },
    format: () => {
      formatCells({ host, notices }, selected());
    },
  };
}

function cellsInWords(count: number): string {
  return count === 1 ? '1 cell' : `${String(count)} cells`;
}

/** A picture lies in the notebook itself, which is saved as one. */
const PICTURE_LIMIT = 10 << 20;

const NO_MARKDOWN =
  'pictures go into Markdown cells. Press M to make this one Markdown, or drop the picture on the page to have it ' +
  'as a file.';

function base64Of(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
