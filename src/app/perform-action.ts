import { type ActionName, ACTIONS } from '../ui/actions.ts';
import type { Commands } from '../ui/commands.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import type { SelectionCommands } from './cell-commands.ts';
import { copyForms } from './system-clipboard.ts';
import { goToRegion } from './regions.ts';
import type { RunSelectionCommands } from './run-commands.ts';

interface Parts {
  readonly commands: Omit<Commands, 'perform' | 'performFromPalette'>;
  readonly selection: SelectionCommands;
  readonly run: RunSelectionCommands;
  readonly page: PageStore;
  readonly saveNow: () => void;
  /** The action that the reader last chose in the palette. */
  readonly repeat: () => void;
}

type Some<Names extends ActionName> = Record<Names, () => void>;

/** Every action by its name, carried out on the selection. */
export function createPerform(parts: Parts): (name: ActionName) => void {
  const { commands, page } = parts;
  const actions: Record<ActionName, () => void> = {
    ...cellActions(parts.selection),
    ...kindActions(parts.selection),
    ...runActions(parts),
    find: () => {
      commands.setFinding(true);
    },
    palette: () => {
      commands.setDialog('palette');
    },
    'palette-key': () => {
      commands.setDialog('palette');
    },
    repeat: parts.repeat,
    contents: () => {
      commands.setDrawer(page.getState().drawer === 'contents' ? null : 'contents');
    },
    notebooks: () => {
      commands.setDrawer(page.getState().drawer === 'notebooks' ? null : 'notebooks');
    },
    'start-page': () => {
      commands.showStart(page.getState().view !== 'start');
    },
    'next-region': () => {
      goToRegion(1);
    },
    'previous-region': () => {
      goToRegion(-1);
    },
    'theme-light': () => {
      commands.setTheme('light');
    },
    'theme-dark': () => {
      commands.setTheme('dark');
    },
    'theme-system': () => {
      commands.setTheme('system');
    },
    'high-contrast': () => {
      commands.setHighContrast(!page.getState().highContrast);
    },
    help: () => {
      commands.setDialog('keys');
    },
    'letter-keys': () => {
      commands.setLetterKeys(!page.getState().letterKeys);
    },
    'join-cluster': () => {
      commands.proposeJoin('');
    },
    'leave-cluster': commands.leaveCluster,
    variables: commands.showVariables,
    'toggle-panel': () => {
      commands.setPanelOpen(!page.getState().panelOpen);
    },
    'cell-targets': () => {
      commands.setDialog('cell-targets');
    },
    'toggle-autopx': commands.toggleAutopx,
    'focus-engine': () => {
      commands.announce('Press G and then the number of an engine');
    },
    'toggle-stream': () => {
      commands.setStreamOpen(!page.getState().streamOpen);
    },
    'clear-tasks': commands.clearTasks,
    'save-trace': commands.saveTrace,
    restore: commands.restoreCell,
    'clear-all-outputs': () => {
      commands.clearOutputs(null);
    },
    save: parts.saveNow,
    snapshots: () => {
      commands.setDialog('snapshots');
    },
    'new-notebook': commands.newNotebook,
    'open-file': commands.openFile,
    download: commands.download,
    'download-page': commands.downloadPage,
    'download-script': commands.downloadScript,
    share: () => {
      commands.setDialog('share');
    },
  };
  return (name) => {
    if (page.getState().view === 'start' && isOnCells(name)) commands.showStart(false);
    actions[name]();
  };
}

/** What acts on what the start page covers. */
function isOnCells(name: ActionName): boolean {
  return name === 'find' || !['Show', 'Notebook'].includes(ACTIONS[name].group);
}

function cellActions(
  cells: SelectionCommands,
): Some<
  | 'edit'
  | 'insert-above'
  | 'insert-below'
  | 'insert-heading-above'
  | 'insert-heading-below'
  | 'cut'
  | 'format'
  | 'copy'
  | 'paste'
  | 'paste-above'
  | 'delete'
  | 'undo'
  | 'redo'
  | 'split'
  | 'merge'
  | 'merge-above'
  | 'merge-below'
  | 'move-up'
  | 'move-down'
  | 'previous'
  | 'next'
  | 'first'
  | 'last'
  | 'extend-up'
  | 'extend-down'
  | 'extend-first'
  | 'extend-last'
  | 'select-all'
  | 'previous-error'
  | 'next-error'
  | 'fold-or-up'
  | 'unfold-or-down'
> {
  return {
    edit: cells.edit,
    'insert-above': () => {
      cells.insert('above', 'code');
    },
    'insert-below': () => {
      cells.insert('below', 'code');
    },
    'insert-heading-above': () => {
      cells.insertHeading('above');
    },
    'insert-heading-below': () => {
      cells.insertHeading('below');
    },
    cut: cells.cut,
    format: cells.format,
    copy: () => {
      copyForms(cells.copy());
    },
    paste: () => {
      cells.paste('below', null);
    },
    'paste-above': () => {
      cells.paste('above', null);
    },
    delete: cells.remove,
    undo: () => {
      cells.travel('undo');
    },
    redo: () => {
      cells.travel('redo');
    },
    split: cells.split,
    merge: () => {
      cells.merge('selection');
    },
    'merge-above': () => {
      cells.merge('above');
    },
    'merge-below': () => {
      cells.merge('below');
    },
    'move-up': () => {
      cells.move(-1);
    },
    'move-down': () => {
      cells.move(1);
    },
    previous: () => {
      cells.go('previous');
    },
    next: () => {
      cells.go('next');
    },
    first: () => {
      cells.go('first');
    },
    last: () => {
      cells.go('last');
    },
    'extend-up': () => {
      cells.extend('previous');
    },
    'extend-down': () => {
      cells.extend('next');
    },
    'extend-first': () => {
      cells.extend('first');
    },
    'extend-last': () => {
      cells.extend('last');
    },
    'select-all': cells.selectAll,
    'fold-or-up': () => {
      cells.foldOrGo('left');
    },
    'unfold-or-down': () => {
      cells.foldOrGo('right');
    },
    'previous-error': () => {
      cells.goToError(-1);
    },
    'next-error': () => {
      cells.goToError(1);
    },
  };
}

function kindActions(
  cells: SelectionCommands,
): Some<
  | 'to-code'
  | 'to-markdown'
  | 'to-raw'
  | `heading-${1 | 2 | 3 | 4 | 5 | 6}`
  | 'toggle-input'
  | 'toggle-output'
  | 'hide-inputs'
  | 'show-inputs'
  | 'hide-outputs'
  | 'show-outputs'
  | 'fold-all'
  | 'unfold-all'
  | 'clear-outputs'
> {
  const heading = (level: number) => () => {
    cells.setHeading(level);
  };
  return {
    'to-code': () => {
      cells.setKind('code');
    },
    'to-markdown': () => {
      cells.setKind('markdown');
    },
    'to-raw': () => {
      cells.setKind('raw');
    },
    'heading-1': heading(1),
    'heading-2': heading(2),
    'heading-3': heading(3),
    'heading-4': heading(4),
    'heading-5': heading(5),
    'heading-6': heading(6),
    'toggle-input': () => {
      cells.toggleHidden('input');
    },
    'toggle-output': () => {
      cells.toggleHidden('output');
    },
    'hide-inputs': () => {
      cells.setAllHidden('input', true);
    },
    'show-inputs': () => {
      cells.setAllHidden('input', false);
    },
    'hide-outputs': () => {
      cells.setAllHidden('output', true);
    },
    'show-outputs': () => {
      cells.setAllHidden('output', false);
    },
    'fold-all': () => {
      cells.setAllFolded(true);
    },
    'unfold-all': () => {
      cells.setAllFolded(false);
    },
    'clear-outputs': cells.clearOutputs,
  };
}

function runActions({
  run,
  commands,
}: Parts): Some<
  | `run-${'next' | 'stay' | 'insert' | 'all' | 'above' | 'below' | 'selected' | 'stale'}`
  | 'cancel-queued'
  | 'interrupt'
  | 'restart-kernel'
  | 'restart-engines'
  | 'add-engine'
  | 'remove-engine'
  | 'toggle-adapt'
> {
  return {
    'run-next': () => {
      run.selected('next');
    },
    'run-stay': () => {
      run.selected('stay');
    },
    'run-insert': () => {
      run.selected('insert');
    },
    'run-all': commands.runAll,
    'run-above': run.above,
    'run-below': run.below,
    'run-selected': () => {
      run.selected('stay');
    },
    'run-stale': run.stale,
    'cancel-queued': run.cancel,
    interrupt: commands.interrupt,
    'restart-kernel': commands.restartKernel,
    'restart-engines': () => {
      commands.restartEngines(null);
    },
    'add-engine': commands.addEngine,
    'remove-engine': commands.removeEngine,
    'toggle-adapt': commands.toggleAdapt,
  };
}
