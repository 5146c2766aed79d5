import type { CellKind, NotebookDocument } from '../notebook/document.ts';
import type { InsertPlace, Operation } from '../notebook/session-types.ts';
import type { CellId } from '../protocol/ids.ts';
import type { AfterRun, Commands } from '../ui/commands.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import { newCellId, newRunId } from './names.ts';
import { type NotebookDesk, enginesOf, untitled } from './notebook-desk.ts';
import {
  askForFiles,
  downloadBlob,
  downloadNotebook,
  NOTEBOOKS,
  readFile,
  shareLink,
} from './notebook-files.ts';
import { messageOf, type Notices } from './notices.ts';
import { applyTheme, readPreferences, writePreferences } from './preferences.ts';
import type { RuntimeDriver } from './runtime-driver.ts';
import type { SessionHost } from './session-host.ts';
import type { Workspace } from './workspace.ts';

export interface CommandParts {
  readonly host: SessionHost;
  readonly page: PageStore;
  readonly desk: NotebookDesk;
  readonly driver: RuntimeDriver;
  readonly notices: Notices;
  readonly workspace: Workspace;
}

/** What the reader can do, carried out. */
export function createCommands(parts: CommandParts): Commands {
  return { ...cellCommands(parts), ...runCommands(parts), ...fileCommands(parts), ...pageCommands(parts) };
}

type Some<Names extends keyof Commands> = Pick<Commands, Names>;

function cellCommands({
  host,
  page,
}: CommandParts): Some<
  | 'sourceOf'
  | 'setSource'
  | 'selectCell'
  | 'focusCell'
  | 'focusEditor'
  | 'modeChanged'
  | 'insertCell'
  | 'deleteCell'
  | 'restoreCell'
  | 'moveCell'
  | 'setKind'
  | 'openMarkdown'
  | 'clearOutputs'
  | 'rename'
> {
  const act = (operation: Operation): void => {
    host.dispatch(operation);
  };
  const focus = focusing(host, page);
  return {
    sourceOf: (id) => host.data().document.cells.find((cell) => cell.id === id)?.source ?? '',
    setSource: (id, source) => {
      act({ type: 'set-source', id, source });
    },
    selectCell: (id) => {
      if (host.data().selectedCell !== id) act({ type: 'select-cell', id });
    },
    focusCell: focus.cell,
    focusEditor: focus.editor,
    modeChanged: (mode) => {
      page.setState({ mode });
    },
    insertCell: (place, kind) => {
      insert(host, page, place, kind);
    },
    deleteCell: (id) => {
      act({ type: 'delete-cell', id, spareId: newCellId() });
      focus.cell(host.data().selectedCell);
    },
    restoreCell: () => {
      if (host.dispatch({ type: 'restore-cell' }).type === 'applied') focus.cell(host.data().selectedCell);
    },
    moveCell: (id, by) => {
      const index = host.data().document.cells.findIndex((cell) => cell.id === id);
      act({ type: 'move-cell', id, index: index + by });
      focus.cell(id);
    },
    setKind: (id, kind) => {
      act({ type: 'set-kind', id, kind });
      focus.cell(id);
    },
    openMarkdown: (id) => {
      act({ type: 'open-markdown', id });
    },
    clearOutputs: (id) => {
      act({ type: 'clear-outputs', id });
    },
    rename: (name) => {
      act({ type: 'rename', name });
    },
  };
}

function focusing(
  host: SessionHost,
  page: PageStore,
): {
  cell: (id: CellId) => void;
  editor: Commands['focusEditor'];
} {
  const select = (id: CellId): void => {
    if (host.data().selectedCell !== id) host.dispatch({ type: 'select-cell', id });
  };
  return {
    cell: (id) => {
      select(id);
      page.setState({ mode: 'command', focus: { cell: id, part: 'cell', caret: null } });
    },
    editor: (id, caret) => {
      select(id);
      const kind = host.data().document.cells.find((cell) => cell.id === id)?.kind;
      if (kind === 'markdown') host.dispatch({ type: 'open-markdown', id });
      page.setState({ mode: 'edit', focus: { cell: id, part: 'editor', caret: caret ?? null } });
    },
  };
}

function insert(host: SessionHost, page: PageStore, place: InsertPlace, kind: CellKind): void {
  const id = newCellId();
  host.dispatch({ type: 'insert-cell', id, place, kind, source: '' });
  focusing(host, page).editor(id);
}

function runCommands({
  host,
  page,
  driver,
}: CommandParts): Some<
  | 'runCell'
  | 'runAll'
  | 'cancelQueued'
  | 'interrupt'
  | 'restartKernel'
  | 'restartEngines'
  | 'interruptEngines'
  | 'addEngine'
  | 'turnAutopxOff'
  | 'acceptAndRun'
> {
  const runAll = (): void => {
    host.dispatch({ type: 'run-all', runIds: host.data().document.cells.map(newRunId) });
  };
  return {
    runCell: (id, after) => {
      const result = host.dispatch({ type: 'run-cell', id, runId: newRunId() });
      if (result.type === 'refused' && result.reason === 'needs-consent') return;
      goOn(host, page, id, after);
    },
    runAll,
    cancelQueued: (id) => {
      host.dispatch({ type: 'cancel-queued', id });
    },
    interrupt: () => {
      // The engines may be at work though no cell is.
      if (host.dispatch({ type: 'interrupt' }).type === 'refused') driver.interrupt();
    },
    restartKernel: driver.restartKernel,
    restartEngines: driver.restartEngines,
    interruptEngines: driver.interruptEngines,
    addEngine: driver.addEngine,
    turnAutopxOff: () => {
      driver.runLine('%autopx');
    },
    acceptAndRun: () => {
      host.dispatch({ type: 'accept-foreign' });
      runAll();
    },
  };
}

/** JupyterLab's three: stay, go to the next (a new one after the last), put a new one below. */
function goOn(host: SessionHost, page: PageStore, id: CellId, after: AfterRun): void {
  const { cells } = host.data().document;
  const next = cells[cells.findIndex((cell) => cell.id === id) + 1];
  const focus = focusing(host, page);
  if (after === 'insert' || (after === 'next' && !next)) insert(host, page, { below: id }, 'code');
  else if (after === 'next' && next) focus.cell(next.id);
  else if (page.getState().mode === 'edit') focus.cell(id);
}

function fileCommands(
  parts: CommandParts,
): Some<
  | 'newNotebook'
  | 'openEntry'
  | 'startAfresh'
  | 'openFile'
  | 'openDropped'
  | 'addFiles'
  | 'removeFile'
  | 'downloadFile'
  | 'download'
  | 'share'
  | 'copy'
> {
  const { host, notices, workspace } = parts;
  const add = (files: readonly File[]): void => {
    if (files.length === 0) return;
    parts.page.setState({ drawer: 'files' });
    void workspace.add(files);
  };
  const openFile = (file: File): void => {
    open(parts, `${file.name} could not be opened`, () => readFile(file), true);
  };
  return {
    newNotebook: () => {
      open(parts, 'A new notebook could not be made', () => Promise.resolve(untitled()), true);
    },
    openEntry: (key) => {
      open(parts, 'The notebook could not be opened', () => parts.desk.sources.open(key), false);
    },
    startAfresh: () => {
      const { id } = host.data().document;
      open(parts, 'The example could not be restored', () => parts.desk.sources.openAfresh(id), false);
    },
    openFile: () => {
      void askForFiles(NOTEBOOKS).then(([file]) => {
        if (file) openFile(file);
      });
    },
    openDropped: (files) => {
      const notebooks = files.filter(({ name }) => /\.ipynb$/i.test(name));
      add(files.filter((file) => !notebooks.includes(file)));
      const [notebook, ...others] = notebooks;
      if (others.length > 0) notices.show('warning', 'One notebook can be opened at a time: the first was.');
      if (notebook) openFile(notebook);
    },
    addFiles: () => {
      void askForFiles().then(add);
    },
    removeFile: (name) => {
      void workspace.remove(name);
    },
    downloadFile: (name) => {
      const file = workspace.find(name);
      if (file) downloadBlob(file.blob, name.split('/').at(-1) ?? name);
    },
    download: () => {
      downloadNotebook(host.data().document);
      notices.announce('The notebook was downloaded');
    },
    share: () => shareLink(host.data().document),
    copy: (text) => navigator.clipboard.writeText(text),
  };
}

/** Puts another notebook on the desk; should that fail, the open one stays and the reader learns why. */
function open(
  parts: CommandParts,
  failure: string,
  read: () => Promise<NotebookDocument>,
  fresh: boolean,
): void {
  const { notices, desk, page } = parts;
  page.setState({ drawer: null, dialog: null });
  desk
    .flush()
    .then(read)
    .then(
      (document) => {
        putOnDesk(parts, document, fresh);
      },
      (error: unknown) => {
        notices.show('error', `${failure}: ${messageOf(error)} The notebook that was open is still here.`);
      },
    );
}

export function putOnDesk(parts: CommandParts, document: NotebookDocument, fresh: boolean): void {
  const { host, desk, driver, page, workspace } = parts;
  const allowed = readPreferences().network.includes(document.id);
  host.dispatch({ type: 'load', document });
  desk.opened(document, fresh);
  page.setState({ notices: [] });
  if (allowed === page.getState().networkAllowed) {
    driver.renew(enginesOf(document));
    void workspace.open(document.id);
    return;
  }
  // The frame's powers are fixed for the life of the page: another policy needs another page.
  void desk.flush().then(() => {
    location.reload();
  });
}

function pageCommands({
  host,
  page,
  desk,
  notices,
}: CommandParts): Some<
  'setTheme' | 'setPanelOpen' | 'setDrawer' | 'setDialog' | 'setNetworkAllowed' | 'dismissNotice'
> {
  return {
    setTheme: (theme) => {
      writePreferences({ theme });
      applyTheme(theme);
      page.setState({ theme });
    },
    setPanelOpen: (panelOpen) => {
      writePreferences({ panelOpen });
      page.setState({ panelOpen });
    },
    setDrawer: (drawer) => {
      if (drawer === 'notebooks') void desk.refreshLists();
      page.setState({ drawer });
    },
    setDialog: (dialog) => {
      page.setState({ dialog });
    },
    setNetworkAllowed: (allowed) => {
      const { id } = host.data().document;
      const others = readPreferences().network.filter((other) => other !== id);
      writePreferences({ network: allowed ? [...others, id] : others });
      void desk.flush().then(() => {
        location.reload();
      });
    },
    dismissNotice: notices.dismiss,
  };
}
