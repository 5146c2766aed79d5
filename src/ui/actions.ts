/**
 * Every action of the notebook by name: what it is called and which keys it has. One list for the keys
 * themselves, the palette, the page of keys and the tooltips, so that none of them tells another story. The
 * keys are JupyterLab's.
 *
 * A key is written `Mod+Shift+ArrowUp`; `Mod` is Ctrl, on a Mac ⌘; `d d` is one key twice within 800 ms.
 */
export interface ActionInfo {
  readonly title: string;
  readonly group: ActionGroup;
  readonly keys?: readonly string[];
  /** Where the keys hold: in command mode (default), also while one types in a cell, or on the whole page. */
  readonly where?: 'editor' | 'page';
}

export const GROUPS = [
  'Run',
  'Cells',
  'Select',
  'Cell kinds',
  'Show',
  'Kernel and engines',
  'Notebook',
] as const;
export type ActionGroup = (typeof GROUPS)[number];

const table = {
  'run-next': { title: 'Run, go to the next cell', group: 'Run', keys: ['Shift+Enter'], where: 'editor' },
  'run-stay': { title: 'Run, stay', group: 'Run', keys: ['Mod+Enter'], where: 'editor' },
  'run-insert': { title: 'Run, insert a cell below', group: 'Run', keys: ['Alt+Enter'], where: 'editor' },
  'run-all': { title: 'Run all cells', group: 'Run' },
  'run-above': { title: 'Run all cells above', group: 'Run' },
  'run-below': { title: 'Run this cell and all below', group: 'Run' },
  'run-selected': { title: 'Run the selected cells', group: 'Run' },
  'run-stale': { title: 'Run cells edited since they ran, and those that use them', group: 'Run' },
  'cancel-queued': { title: 'Take the cell out of the queue', group: 'Run', keys: ['Backspace'] },

  edit: { title: 'Edit the cell', group: 'Cells', keys: ['Enter'] },
  'insert-above': { title: 'Insert a cell above', group: 'Cells', keys: ['a'] },
  'insert-below': { title: 'Insert a cell below', group: 'Cells', keys: ['b'] },
  'insert-heading-above': {
    title: 'Insert a heading of this level above',
    group: 'Cells',
    keys: ['Shift+a'],
  },
  'insert-heading-below': {
    title: 'Insert a heading of this level below the section',
    group: 'Cells',
    keys: ['Shift+b'],
  },
  cut: { title: 'Cut cells', group: 'Cells', keys: ['x'] },
  copy: { title: 'Copy cells', group: 'Cells', keys: ['c'] },
  paste: { title: 'Paste cells below', group: 'Cells', keys: ['v'] },
  'paste-above': { title: 'Paste cells above', group: 'Cells', keys: ['Shift+v'] },
  delete: { title: 'Delete cells', group: 'Cells', keys: ['d d'] },
  undo: { title: 'Undo the last edit of cells', group: 'Cells', keys: ['z'] },
  redo: { title: 'Redo the edit of cells', group: 'Cells', keys: ['Shift+z'] },
  restore: { title: 'Bring back the cell deleted last', group: 'Cells' },
  split: { title: 'Split the cell at the caret', group: 'Cells', keys: ['Mod+Shift+-'], where: 'editor' },
  merge: { title: 'Merge selected cells, or with the one below', group: 'Cells', keys: ['Shift+m'] },
  'merge-above': { title: 'Merge with the cell above', group: 'Cells', keys: ['Mod+Backspace'] },
  'merge-below': { title: 'Merge with the cell below', group: 'Cells', keys: ['Mod+Shift+m'] },
  format: { title: 'Format the selected cells', group: 'Cells', keys: ['Alt+Shift+f'] },
  'move-up': { title: 'Move cells up', group: 'Cells', keys: ['Mod+Shift+ArrowUp', 'Alt+ArrowUp'] },
  'move-down': { title: 'Move cells down', group: 'Cells', keys: ['Mod+Shift+ArrowDown', 'Alt+ArrowDown'] },

  previous: { title: 'Select the cell above', group: 'Select', keys: ['k', 'ArrowUp'] },
  next: { title: 'Select the cell below', group: 'Select', keys: ['j', 'ArrowDown'] },
  first: { title: 'Select the first cell', group: 'Select', keys: ['Home', 'Mod+Home'] },
  last: { title: 'Select the last cell', group: 'Select', keys: ['End', 'Mod+End'] },
  'extend-up': { title: 'Extend the selection up', group: 'Select', keys: ['Shift+k', 'Shift+ArrowUp'] },
  'extend-down': {
    title: 'Extend the selection down',
    group: 'Select',
    keys: ['Shift+j', 'Shift+ArrowDown'],
  },
  'extend-first': { title: 'Extend the selection to the top', group: 'Select', keys: ['Shift+Home'] },
  'extend-last': { title: 'Extend the selection to the end', group: 'Select', keys: ['Shift+End'] },
  'select-all': { title: 'Select all cells', group: 'Select', keys: ['Mod+a'] },
  'previous-error': { title: 'Go to the error before', group: 'Select', keys: ['['] },
  'next-error': { title: 'Go to the next error', group: 'Select', keys: [']'] },

  'fold-or-up': {
    title: 'Fold the section, or go to its heading',
    group: 'Select',
    keys: ['ArrowLeft'],
  },
  'unfold-or-down': {
    title: 'Unfold the section, or go to the next heading',
    group: 'Select',
    keys: ['ArrowRight'],
  },

  'to-code': { title: 'Make it code', group: 'Cell kinds', keys: ['y'] },
  'to-markdown': { title: 'Make it Markdown', group: 'Cell kinds', keys: ['m'] },
  'to-raw': { title: 'Make it raw text', group: 'Cell kinds', keys: ['r'] },
  'heading-1': { title: 'Make it a heading of level 1', group: 'Cell kinds', keys: ['1'] },
  'heading-2': { title: 'Make it a heading of level 2', group: 'Cell kinds', keys: ['2'] },
  'heading-3': { title: 'Make it a heading of level 3', group: 'Cell kinds', keys: ['3'] },
  'heading-4': { title: 'Make it a heading of level 4', group: 'Cell kinds', keys: ['4'] },
  'heading-5': { title: 'Make it a heading of level 5', group: 'Cell kinds', keys: ['5'] },
  'heading-6': { title: 'Make it a heading of level 6', group: 'Cell kinds', keys: ['6'] },

  'toggle-input': { title: 'Hide or show the code', group: 'Show' },
  'toggle-output': { title: 'Hide or show the output', group: 'Show', keys: ['o'] },
  'hide-inputs': { title: 'Hide all code', group: 'Show' },
  'show-inputs': { title: 'Show all code', group: 'Show' },
  'hide-outputs': { title: 'Hide all outputs', group: 'Show' },
  'show-outputs': { title: 'Show all outputs', group: 'Show' },
  'fold-all': { title: 'Collapse all headings: fold every section', group: 'Show' },
  'unfold-all': { title: 'Expand all headings: unfold every section', group: 'Show' },
  'clear-outputs': { title: 'Clear the outputs of the selected cells', group: 'Show' },
  'clear-all-outputs': { title: 'Clear all outputs', group: 'Show' },
  find: { title: 'Find and replace', group: 'Show', keys: ['Mod+f'], where: 'page' },
  palette: { title: 'All actions', group: 'Show', keys: ['Mod+Shift+p', 'Mod+Shift+c'], where: 'page' },
  'palette-key': { title: 'All actions (command mode)', group: 'Show', keys: ['p'] },
  repeat: { title: 'Repeat the last action of the palette', group: 'Show', keys: ['.'] },
  contents: { title: 'Show or hide the contents', group: 'Show' },
  'next-region': { title: 'Go to the next part of the page', group: 'Show', keys: ['F6'], where: 'page' },
  'previous-region': {
    title: 'Go to the part of the page before',
    group: 'Show',
    keys: ['Shift+F6'],
    where: 'page',
  },
  'theme-light': { title: 'Light theme', group: 'Show' },
  'theme-dark': { title: 'Dark theme', group: 'Show' },
  'theme-system': { title: 'Theme of the system', group: 'Show' },
  'high-contrast': { title: 'High contrast on or off', group: 'Show' },
  help: { title: 'Keys', group: 'Show', keys: ['h', '?'] },
  'letter-keys': { title: 'Switch the single-letter keys on or off', group: 'Show' },

  interrupt: { title: 'Interrupt what runs', group: 'Kernel and engines', keys: ['i i'] },
  'restart-kernel': { title: 'Restart the kernel', group: 'Kernel and engines', keys: ['0 0'] },
  'restart-engines': { title: 'Restart all engines', group: 'Kernel and engines' },
  'add-engine': { title: 'Add an engine', group: 'Kernel and engines' },
  'remove-engine': { title: 'Stop an engine', group: 'Kernel and engines' },
  'toggle-adapt': {
    title: 'Let the number of engines follow the work, or not',
    group: 'Kernel and engines',
  },
  'join-cluster': { title: 'Join a cluster', group: 'Kernel and engines' },
  'leave-cluster': { title: 'Leave the cluster', group: 'Kernel and engines' },
  'cell-targets': { title: 'Choose where the cell runs', group: 'Kernel and engines', keys: ['e'] },
  'toggle-autopx': { title: 'Turn %autopx on or off', group: 'Kernel and engines', keys: ['Shift+e'] },
  'focus-engine': {
    title: 'Go to an engine’s output, or to the engine',
    group: 'Kernel and engines',
    keys: ['g 0…9'],
  },
  'toggle-stream': { title: 'Show or hide the task stream', group: 'Kernel and engines', keys: ['t'] },
  'clear-tasks': { title: 'Clear the task stream', group: 'Kernel and engines' },
  'save-trace': { title: 'Save the task stream as a trace (JSON)', group: 'Kernel and engines' },
  variables: { title: 'Show the variables of kernel and engines', group: 'Kernel and engines' },
  'toggle-panel': { title: 'Show or hide the engines', group: 'Kernel and engines', keys: ['Shift+t'] },

  save: { title: 'Save now', group: 'Notebook', keys: ['Mod+s'], where: 'page' },
  snapshots: { title: 'Snapshots: earlier versions', group: 'Notebook' },
  'new-notebook': { title: 'New notebook', group: 'Notebook' },
  'open-file': { title: 'Open a file', group: 'Notebook' },
  'start-page': { title: 'All notebooks: the start page', group: 'Notebook' },
  notebooks: { title: 'Show or hide the notebooks', group: 'Notebook' },
  download: { title: 'Download the notebook', group: 'Notebook' },
  'download-page': { title: 'Download as a web page (HTML)', group: 'Notebook' },
  'download-script': { title: 'Download as a TypeScript script', group: 'Notebook' },
  share: { title: 'Share: make a link', group: 'Notebook' },
} as const satisfies Record<string, ActionInfo>;

export type ActionName = keyof typeof table;
export const ACTIONS: Readonly<Record<ActionName, ActionInfo>> = table;
export const ACTION_NAMES = Object.keys(table) as readonly ActionName[];
