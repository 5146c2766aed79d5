/**
 * JupyterLab's keys of command mode. A pure reading of key presses: letters come with the window in which
 * two of them make one command.
 */
export type KeyCommand =
  | 'run-next'
  | 'run-stay'
  | 'run-insert'
  | 'edit'
  | 'insert-above'
  | 'insert-below'
  | 'delete'
  | 'restore'
  | 'to-markdown'
  | 'to-code'
  | 'to-raw'
  | 'previous'
  | 'next'
  | 'first'
  | 'last'
  | 'move-up'
  | 'move-down'
  | 'interrupt'
  | 'restart-kernel'
  | 'toggle-panel'
  | 'help';

export interface KeyPress {
  readonly key: string;
  readonly shift: boolean;
  /** Ctrl, or ⌘. */
  readonly command: boolean;
  readonly alt: boolean;
  /** Milliseconds. */
  readonly at: number;
}

/** Between the two presses of `d d`. */
const WINDOW = 800;

const SINGLE: Readonly<Record<string, KeyCommand>> = {
  enter: 'edit',
  a: 'insert-above',
  b: 'insert-below',
  x: 'delete',
  z: 'restore',
  m: 'to-markdown',
  y: 'to-code',
  r: 'to-raw',
  k: 'previous',
  arrowup: 'previous',
  j: 'next',
  arrowdown: 'next',
  home: 'first',
  end: 'last',
  h: 'help',
};

const DOUBLE: Readonly<Record<string, KeyCommand>> = { d: 'delete', i: 'interrupt', '0': 'restart-kernel' };

/** Reads one press after another; null for those that mean nothing (yet). */
export function createKeyReader(): (press: KeyPress) => KeyCommand | null {
  let first: { key: string; at: number } | null = null;
  return (press) => {
    const key = press.key.toLowerCase();
    const before = first;
    first = null;
    if (key === 'enter' && (press.shift || press.command || press.alt)) return runCommand(press);
    if (press.command && press.shift && !press.alt) return moveCommand(key);
    if (press.command || press.alt) return null;
    if (press.shift) return shifted(press);
    const double = DOUBLE[key];
    if (double === undefined) return SINGLE[key] ?? null;
    if (before?.key === key && press.at - before.at <= WINDOW) return double;
    first = { key, at: press.at };
    return null;
  };
}

function runCommand({ shift, command, alt }: KeyPress): KeyCommand | null {
  if (shift && !command && !alt) return 'run-next';
  if (command && !shift && !alt) return 'run-stay';
  return alt && !shift && !command ? 'run-insert' : null;
}

function moveCommand(key: string): KeyCommand | null {
  if (key === 'arrowup') return 'move-up';
  return key === 'arrowdown' ? 'move-down' : null;
}

/** Digits and signs of some keyboards need Shift; letters with it mean something else. */
function shifted({ key }: KeyPress): KeyCommand | null {
  return key === 'T' ? 'toggle-panel' : null;
}
