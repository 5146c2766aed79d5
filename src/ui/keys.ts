import { ACTION_NAMES, ACTIONS, type ActionName, GROUPS } from './actions.ts';

/** How keys are written in tooltips, the palette and the page of keys. */
const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

const SIGNS: Readonly<Record<string, string>> = {
  Mod: MAC ? '⌘' : 'Ctrl',
  Alt: MAC ? '⌥' : 'Alt',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** `Mod+Shift+ArrowUp` as a reader would press it: `Ctrl Shift ↑`. */
export function formatKey(key: string): string {
  return key
    .split(/[+ ](?!$)/)
    .map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' ');
}

/** The first key of an action. */
export function keyOf(action: ActionName): string | null {
  const key = ACTIONS[action].keys?.[0];
  return key === undefined ? null : formatKey(key);
}

const key = (action: ActionName): string => keyOf(action) ?? '';

export const KEYS = {
  runNext: key('run-next'),
  runStay: key('run-stay'),
  interrupt: key('interrupt'),
  restartKernel: key('restart-kernel'),
  insertBelow: key('insert-below'),
  delete: key('delete'),
  undo: key('undo'),
  redo: key('redo'),
  toggleOutput: key('toggle-output'),
  fold: key('fold-or-up'),
  unfold: key('unfold-or-down'),
  format: key('format'),
  toMarkdown: key('to-markdown'),
  toCode: key('to-code'),
  moveUp: key('move-up'),
  moveDown: key('move-down'),
  enginePanel: key('toggle-panel'),
  autopx: key('toggle-autopx'),
  cellTargets: key('cell-targets'),
  taskStream: key('toggle-stream'),
  palette: key('palette'),
  find: key('find'),
  help: key('help'),
} as const;

/** The page of keys: while typing first, then every action that has one. */
export const KEY_HELP: readonly {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
}[] = [
  {
    title: 'While typing',
    rows: [
      ['Esc', 'Leave the editor (command mode)'],
      ['Ctrl M', 'Leave the editor'],
      ['↑ ↓', 'At the first and last line: go on in the next cell'],
      ['Ctrl Space', 'What could stand here'],
      ['Tab or Enter', 'Take it'],
      ['Shift Tab', 'What this is; the arguments of a call'],
    ],
  },
  ...GROUPS.map((group) => ({
    title: group,
    rows: ACTION_NAMES.filter((name) => ACTIONS[name].group === group && ACTIONS[name].keys).map(
      (name) => [(ACTIONS[name].keys ?? []).map(formatKey).join(' or '), ACTIONS[name].title] as const,
    ),
  })),
];
