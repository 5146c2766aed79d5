import { fileName } from '../notebook/notebook-name.ts';
import type { ClipForms } from '../notebook/cell-clip.ts';
import type { ActionName } from '../ui/actions.ts';
import type { Commands } from '../ui/commands.ts';
import type { CommandParts } from './command-parts.ts';
import { type Dropped, namedFiles, readDropped } from './dropped-files.ts';
import { cellCommands, createCaretMemory, selectionCommands } from './cell-commands.ts';
import { notebookCommands, openNotebookFile, showNotebook } from './notebook-commands.ts';
import {
  askForFiles,
  downloadBlob,
  downloadNotebook,
  downloadPage,
  downloadScript,
  shareLink,
} from './notebook-files.ts';
import { messageOf } from './notices.ts';
import { createPerform } from './perform-action.ts';
import {
  applyContrast,
  applyTheme,
  contrastChoice,
  readPreferences,
  writePreferences,
} from './preferences.ts';
import { snapshotCommands } from './snapshot-commands.ts';
import type { Stuck } from './notebook-desk.ts';
import { stuckCommands } from './opening/stuck-commands.ts';
import { targetCommands } from './target-commands.ts';
import { runCommands, runSelectionCommands } from './run-commands.ts';

/** What the reader can do, carried out. */
export function createCommands(parts: CommandParts, stuck: Stuck | null): Commands {
  const { page, desk, notices } = parts;
  const caret = createCaretMemory();
  const selection = selectionCommands(parts, caret, parts.clipboard);
  let lastChosen: ActionName | null = null;
  const notebooks = notebookCommands(parts);
  const commands = {
    ...cellCommands(parts, caret),
    ...runCommands(parts),
    ...targetCommands(parts),
    ...notebooks,
    ...stuckCommands(parts, stuck, notebooks.deleteEntry),
    ...snapshotCommands(parts),
    ...fileCommands(parts),
    ...pageCommands(parts),
    copyCells: selection.copy,
    pasteCells: (forms: ClipForms) => {
      selection.paste('below', forms);
    },
    pastePicture: selection.pastePicture,
  };
  const perform = createPerform({
    commands,
    selection,
    run: runSelectionCommands(parts),
    page,
    saveNow: () => {
      void desk.flush().then((state) => {
        if (state === 'saved') notices.announce('Saved');
        return parts.snapshots.take(parts.host.data().document, 'asked');
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
  | 'openDropped'
  | 'addFiles'
  | 'removeFile'
  | 'downloadFile'
  | 'download'
  | 'downloadScript'
  | 'downloadPage'
  | 'downloadOutput'
  | 'share'
  | 'copy'
> {
  const { host, notices, workspace } = parts;
  const add = ({ files, notes }: Dropped): void => {
    for (const note of notes) notices.show('warning', note);
    if (files.length === 0) return;
    showNotebook(parts);
    parts.page.setState({ drawer: 'files' });
    void workspace.add(files);
  };
  return {
    openDropped: (transfer) => {
      void readDropped(transfer).then(({ files, notes }) => {
        // Those in a folder are files of it.
        const notebooks = files.filter(({ name }) => /^[^/]+\.ipynb$/i.test(name));
        add({ files: files.filter((file) => !notebooks.includes(file)), notes });
        const [notebook, ...others] = notebooks;
        if (others.length > 0)
          notices.show('warning', 'One notebook can be opened at a time: the first was.');
        if (notebook) openNotebookFile(parts, notebook.file);
      });
    },
    addFiles: () => {
      void askForFiles().then((files) => {
        add(namedFiles(files));
      });
    },
    removeFile: (name) => {
      void workspace.remove(name);
    },
    downloadFile: (name) => {
      const file = workspace.find(name);
      const [, stem = '', ending = ''] = /([^/]+?)(?:\.([^./]+))?$/.exec(name) ?? [];
      if (file) downloadBlob(file.blob, fileName(stem, ending));
    },
    download: () => {
      downloadNotebook(host.data().document);
      notices.announce('The notebook was downloaded');
    },
    downloadScript: () => {
      downloadScript(host.data().document);
      notices.announce('The script was downloaded');
    },
    downloadPage: () => {
      downloadPage(host.data().document, parts.pxLanguage()).then(
        () => {
          notices.announce('The page was downloaded');
        },
        (error: unknown) => {
          notices.show('error', `The page could not be made: ${messageOf(error)}`);
        },
      );
    },
    downloadOutput: (content, extension) => {
      downloadBlob(content, `output.${extension}`);
      notices.announce('The output was downloaded');
    },
    share: () => shareLink(host.data().document),
    copy: (text) => navigator.clipboard.writeText(text),
  };
}

function pageCommands({
  host,
  page,
  desk,
  notices,
  tasks,
}: CommandParts): Some<
  | 'reload'
  | 'putOffReload'
  | 'setTheme'
  | 'setHighContrast'
  | 'setPanelOpen'
  | 'setStreamOpen'
  | 'setStreamHeight'
  | 'clearTasks'
  | 'saveTrace'
  | 'setPanelTab'
  | 'showVariables'
  | 'setDrawer'
  | 'setDialog'
  | 'setFinding'
  | 'setLetterKeys'
  | 'setNetworkAllowed'
  | 'dismissNotice'
  | 'announce'
> {
  return {
    reload: () => {
      void desk.flush().then(() => {
        location.reload();
      });
    },
    putOffReload: () => {
      page.setState({ newVersion: false });
    },
    setTheme: (theme) => {
      writePreferences({ theme });
      applyTheme(theme);
      page.setState({ theme });
    },
    setHighContrast: (on) => {
      const highContrast = contrastChoice(on);
      writePreferences({ highContrast });
      page.setState({ highContrast: applyContrast(highContrast) });
      notices.announce(on ? 'High contrast is on' : 'High contrast is off');
    },
    setPanelOpen: (panelOpen) => {
      writePreferences({ panelOpen });
      page.setState({ panelOpen });
    },
    setStreamOpen: (streamOpen) => {
      writePreferences({ streamOpen });
      page.setState({ streamOpen });
    },
    setStreamHeight: (height) => {
      const streamHeight = Math.min(0.4, Math.max(0.1, height));
      writePreferences({ streamHeight });
      page.setState({ streamHeight });
    },
    clearTasks: tasks.clear,
    saveTrace: tasks.saveTrace,
    setPanelTab: (panelTab) => {
      page.setState({ panelTab });
    },
    showVariables: () => {
      page.setState(({ variablesAsked }) => ({
        panelOpen: true,
        panelTab: 'variables',
        variablesAsked: variablesAsked + 1,
      }));
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
    announce: notices.announce,
  };
}
