import type { Comparison } from '../notebook/compare-cells.ts';
import type { ClipForms } from '../notebook/cell-clip.ts';
import type { CellAim } from '../notebook/cell-aim.ts';
import type { CellKind } from '../notebook/document.ts';
import type { InsertPlace } from '../notebook/session-types.ts';
import type { Adapt } from '../protocol/adapt.ts';
import type { CellId, EngineId } from '../protocol/ids.ts';
import type { PxTargets } from '../protocol/kernel-messages.ts';
import type { LostNames } from '../protocol/runtime-messages.ts';
import type { CellPart } from '../notebook/session-types.ts';
import type { ActionName } from './actions.ts';
import type { PageView, PanelTab, Theme } from './stores/page-store.ts';

/** Where to go after a cell was told to run: JupyterLab's three. */
export type AfterRun = 'stay' | 'next' | 'insert';

export interface ShareLink {
  readonly url: string;
  /** What a link of this length can pass through, in a sentence. */
  readonly verdict: string;
  readonly fits: 'anywhere' | 'most' | 'browsers' | 'nowhere';
}

/** An earlier version of the notebook. */
export interface SnapshotEntry {
  /** Milliseconds since 1970; names it. */
  readonly at: number;
  readonly why: 'opened' | 'edited' | 'asked' | 'before';
  readonly cells: number;
  readonly bytes: number;
}

/** Offsets in the source of a cell. */
export interface EditorCaret {
  readonly start: number;
  readonly end: number;
}

/** Where in the source of a cell something goes, in place of what is there. */
export interface PicturePlace extends EditorCaret {
  readonly id: CellId;
}

/** Everything that a reader can do. Components call these and decide nothing; `app` answers. */
export interface Commands {
  /** The source as it is at this moment; stores lag behind by up to a frame. */
  readonly sourceOf: (id: CellId) => string;
  /** What is done with a notebook that was not opened by itself: opened as it is, or with neither outputs nor formatted
   * text, saved as a file, or deleted. */
  readonly answerStuck: (answer: 'again' | 'plain' | 'download' | 'delete') => void;
  readonly setSource: (id: CellId, source: string) => void;
  readonly selectCell: (id: CellId) => void;
  /** Focus goes to the cell itself (command mode) or into its editor. */
  readonly focusCell: (id: CellId) => void;
  readonly focusEditor: (id: CellId, caret?: { line: number; column: number }) => void;
  /** The focus has gone into or out of an editor by itself. */
  /** The pointer pressed a cell outside its editor; `extend` (with Shift) selects up to it. */
  readonly pointAt: (id: CellId, extend: boolean) => void;
  /** From now on `caret` tells where the caret is, or was, in this cell. */
  readonly editorFocused: (id: CellId, caret: () => EditorCaret | null) => void;
  readonly modeChanged: (mode: 'command' | 'edit') => void;

  readonly insertCell: (place: InsertPlace, kind: CellKind) => void;
  /** A new code cell below the selected one, with this text, being edited. */
  readonly insertCode: (source: string) => void;
  readonly deleteCell: (id: CellId) => void;
  readonly restoreCell: () => void;
  readonly moveCell: (id: CellId, by: 1 | -1) => void;
  /** Dragged to where the first of them stands at `index` among the others. */
  readonly dropCells: (ids: readonly CellId[], index: number) => void;
  readonly setHidden: (id: CellId, part: CellPart, hidden: boolean) => void;
  /** Folds or unfolds the section of this heading. */
  readonly setFolded: (id: CellId, folded: boolean) => void;
  readonly replaceSources: (sources: readonly { readonly id: CellId; readonly source: string }[]) => void;
  /** The selected cells, for pasting; what the system's clipboard gets. */
  readonly copyCells: () => ClipForms;
  /** What the system's clipboard holds: cells, or a new cell of its text. */
  readonly pasteCells: (forms: ClipForms) => void;
  /** A picture becomes an attachment of a Markdown cell; null: at the end of the selected one. */
  readonly pastePicture: (picture: File, at: PicturePlace | null) => void;
  /** Any action, on the selection. */
  readonly perform: (action: ActionName) => void;
  /** The same, kept for "repeat". */
  readonly performFromPalette: (action: ActionName) => void;
  readonly setKind: (id: CellId, kind: CellKind) => void;
  readonly openMarkdown: (id: CellId) => void;
  readonly clearOutputs: (id: CellId | null) => void;
  /** Its code in good form, undone as one step. */
  readonly formatCell: (id: CellId) => void;

  readonly runCell: (id: CellId, after: AfterRun) => void;
  readonly runAll: () => void;
  /** Takes a waiting cell out of the queue. */
  readonly cancelQueued: (id: CellId) => void;
  readonly interrupt: () => void;
  readonly restartKernel: () => void;
  /** Ends kernel and engines, even where nothing answers; a new kernel and new engines take their place. */
  readonly stopEverything: () => void;
  readonly restartEngines: (engines: readonly EngineId[] | null) => void;
  readonly interruptEngines: (engines: readonly EngineId[]) => void;
  readonly addEngine: () => void;
  /** Forgets the finished tasks of the open notebook, and their results. */
  readonly purgeHistory: () => void;
  /** A join link: the dialog shows where it leads, and asks. Empty: it asks for a link. */
  readonly proposeJoin: (link: string) => void;
  readonly acceptJoin: () => void;
  /** Now, without waiting for the next try. */
  readonly retryJoin: () => void;
  readonly leaveCluster: () => void;
  /** One that a cell has joined, by its number. */
  readonly leaveCellCluster: (n: number) => void;
  readonly turnAutopxOff: () => void;
  /** On for `%px`'s own view, or off. */
  readonly toggleAutopx: () => void;
  /** Where `%px` goes when the cell does not say where, from the next cell on. */
  readonly setTargets: (targets: PxTargets) => void;
  /** Writes into the cell where it runs: an edit like any other. */
  readonly setCellAim: (id: CellId, aim: Exclude<CellAim, { readonly type: 'other' }>) => void;
  /** The focus goes to this engine's output of the selected cell; without one, to the engine in the panel. */
  readonly focusEngine: (engine: EngineId) => void;
  /** Stops the latest engine that is idle; if none is, the latest. */
  readonly removeEngine: () => void;
  /** The number of engines follows the queue; null: it is set by hand. */
  readonly adaptEngines: (adapt: Adapt | null) => void;
  /** On, at first so that no engine of now is stopped; or off. */
  readonly toggleAdapt: () => void;

  readonly rename: (name: string) => void;
  /** "Run this notebook": the reader agrees to run what came from elsewhere. */
  readonly acceptAndRun: () => void;
  readonly newNotebook: () => void;
  /** A bundled notebook or one from storage. */
  readonly openEntry: (key: string) => void;
  /** Latest first. Never rejects. */
  readonly snapshots: () => Promise<readonly SnapshotEntry[]>;
  /** From what is there now to the snapshot. Rejects with a sentence for the reader. */
  readonly compareSnapshot: (at: number) => Promise<Comparison>;
  readonly takeSnapshot: () => Promise<void>;
  readonly restoreSnapshot: (at: number) => void;
  /** As a notebook of its own. */
  readonly openSnapshot: (at: number) => void;
  /** From now on this tab saves the notebook, and the other one does not. */
  readonly useHere: () => void;
  /** What is on the screen becomes a notebook of its own. */
  readonly keepAsCopy: () => void;
  /** What another tab has saved takes the place of what is on the screen. */
  readonly showOther: () => void;
  /** The start page, over the notebook; false goes back to it. */
  readonly showStart: (shown: boolean) => void;
  readonly newFromTemplate: (key: string) => void;
  /** Of any kept notebook, open or not. */
  readonly renameEntry: (key: string, name: string) => void;
  readonly duplicateEntry: (key: string) => void;
  /** With its files, its history and all else that belongs to it. */
  readonly deleteEntry: (key: string) => void;
  /** The open example as it came, without what the reader has changed in it. */
  readonly startAfresh: () => void;
  /** Asks for a file. */
  readonly openFile: () => void;
  /** A notebook is opened, everything else, folders too, goes into the workspace. */
  readonly openDropped: (dropped: DataTransfer) => void;
  /** Asks for files and puts them into the workspace. */
  readonly addFiles: () => void;
  readonly removeFile: (name: string) => void;
  readonly downloadFile: (name: string) => void;
  readonly download: () => void;
  /** The code as a `.ts` file. */
  readonly downloadScript: () => void;
  /** As one page of HTML, to be read anywhere. */
  readonly downloadPage: () => void;
  /** One output, as a file of that extension. */
  readonly downloadOutput: (content: Blob, extension: string) => void;
  readonly share: () => Promise<ShareLink>;
  readonly copy: (text: string) => Promise<void>;

  /** With everything saved. */
  readonly reload: () => void;
  /** The reader stays with the version that is open. */
  readonly putOffReload: () => void;
  readonly setTheme: (theme: Theme) => void;
  readonly setHighContrast: (on: boolean) => void;
  readonly setPanelOpen: (open: boolean) => void;
  /** The task stream below the notebook. */
  readonly setStreamOpen: (open: boolean) => void;
  /** A part of the window's height, up to 0.4. */
  readonly setStreamHeight: (height: number) => void;
  /** Forgets the tasks that have ended, in the stream alone. */
  readonly clearTasks: () => void;
  /** The task stream as a file that Perfetto opens. */
  readonly saveTrace: () => void;
  readonly setPanelTab: (tab: PanelTab) => void;
  /** Opens the panel there; the matrix gets the focus. */
  readonly showVariables: () => void;
  readonly setDrawer: (drawer: PageView['drawer']) => void;
  readonly setDialog: (dialog: PageView['dialog']) => void;
  readonly setFinding: (finding: boolean) => void;
  readonly setLetterKeys: (on: boolean) => void;
  readonly setNetworkAllowed: (allowed: boolean) => void;
  /** For screen readers. */
  readonly announce: (text: string) => void;
  readonly dismissNotice: (id: number) => void;
  /** Runs again, in the order in which they ran, the cells that went well and may have made what is gone. */
  readonly runLostAgain: (lost: readonly LostNames[]) => void;
}
