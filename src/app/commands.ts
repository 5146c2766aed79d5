import type { NotebookDocument } from '../notebook/document.ts';
import type { ActionName } from '../ui/actions.ts';
import type { Commands } from '../ui/commands.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import { createCellClipboard } from './cell-clipboard.ts';
import { cellCommands, createCaretMemory, selectionCommands } from './cell-commands.ts';
import { type NotebookDesk, enginesOf, untitled } from './notebook-desk.ts';
import {
  askForFiles,
  downloadBlob,
  downloadNotebook,
  downloadScript,
  NOTEBOOKS,
  readFile,
  shareLink,
} from './notebook-files.ts';
import { messageOf, type Notices } from './notices.ts';
import { createPerform } from './perform-action.ts';
import { applyTheme, readPreferences, writePreferences } from './preferences.ts';
import { runCommands, runSelectionCommands } from './run-commands.ts';
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
  const { page, desk, notices } = parts;
  const caret = createCaretMemory();
  const selection = selectionCommands(parts, caret, createCellClipboard());
  let lastChosen: ActionName | null = null;
  const commands = {
    ...cellCommands(parts, caret),
    ...runCommands(parts),
    ...fileCommands(parts),
    ...pageCommands(parts),
    copyCells: selection.copy,
    pasteText: (text: string) => {
      selection.paste('below', text);
    },
  };
  const perform = createPerform({
    commands,
    selection,
    run: runSelectionCommands(parts),
    page,
    saveNow: () => {
      void desk.flush().then(() => {
        notices.announce('Saved');
      });
    },
    repeat: () => {
      if (lastChosen !== null) perform(lastChosen);
    },
  });
  return {
    ...commands,
    perform,
    performFromPalette: (name) => {
      lastChosen = name;
      perform(name);
    },
  };
}

type Some<Names extends keyof Commands> = Pick<Commands, Names>;

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
  | 'downloadScript'
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
    downloadScript: () => {
      downloadScript(host.data().document);
      notices.announce('The script was downloaded');
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
    driver.renew(document.id, enginesOf(document));
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
  | 'setTheme'
  | 'setPanelOpen'
  | 'setDrawer'
  | 'setDialog'
  | 'setFinding'
  | 'setLetterKeys'
  | 'setNetworkAllowed'
  | 'dismissNotice'
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
    setFinding: (finding) => {
      page.setState(({ findAsked }) => ({ finding, findAsked: finding ? findAsked + 1 : findAsked }));
    },
    setLetterKeys: (letterKeys) => {
      writePreferences({ letterKeys });
      page.setState({ letterKeys });
      notices.announce(letterKeys ? 'Single-letter keys are on' : 'Single-letter keys are off');
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
