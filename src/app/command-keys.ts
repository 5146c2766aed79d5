import type { Commands } from '../ui/commands.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import { createKeyReader, type KeyCommand } from './keymap.ts';
import type { SessionHost } from './session-host.ts';

/** Listens for the keys of command mode: where nothing is being typed, and no dialog is open. */
export function listenToKeys(commands: Commands, host: SessionHost, page: PageStore): void {
  const read = createKeyReader();
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || !isForNotebook(event.target, event.key)) return;
    const command = read({
      key: event.key,
      shift: event.shiftKey,
      command: event.ctrlKey || event.metaKey,
      alt: event.altKey,
      at: event.timeStamp,
    });
    if (command === null) return;
    event.preventDefault();
    perform(command, commands, host, page);
  });
}

/** A cell, the page itself: yes. A field: no. A button keeps the keys that press it. */
function isForNotebook(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return true;
  if (target.closest('input, textarea, select, dialog, [contenteditable]')) return false;
  if (target === document.body) return true;
  if (!target.closest('.notebook')) return false;
  const pressable = target.closest('button, a, summary') !== null;
  return !(pressable && (key === 'Enter' || key === ' '));
}

function perform(command: KeyCommand, commands: Commands, host: SessionHost, page: PageStore): void {
  const { selectedCell: id, document } = host.data();
  const index = document.cells.findIndex((cell) => cell.id === id);
  const go = (to: number): void => {
    const cell = document.cells[Math.max(0, Math.min(to, document.cells.length - 1))];
    if (cell) commands.focusCell(cell.id);
  };
  const actions: Record<KeyCommand, () => void> = {
    'run-next': () => {
      commands.runCell(id, 'next');
    },
    'run-stay': () => {
      commands.runCell(id, 'stay');
    },
    'run-insert': () => {
      commands.runCell(id, 'insert');
    },
    edit: () => {
      commands.focusEditor(id);
    },
    'insert-above': () => {
      insertInCommandMode({ above: id });
    },
    'insert-below': () => {
      insertInCommandMode({ below: id });
    },
    delete: () => {
      commands.deleteCell(id);
    },
    restore: commands.restoreCell,
    'to-markdown': () => {
      commands.setKind(id, 'markdown');
    },
    'to-code': () => {
      commands.setKind(id, 'code');
    },
    'to-raw': () => {
      commands.setKind(id, 'raw');
    },
    previous: () => {
      go(index - 1);
    },
    next: () => {
      go(index + 1);
    },
    first: () => {
      go(0);
    },
    last: () => {
      go(document.cells.length - 1);
    },
    'move-up': () => {
      commands.moveCell(id, -1);
    },
    'move-down': () => {
      commands.moveCell(id, 1);
    },
    interrupt: commands.interrupt,
    'restart-kernel': commands.restartKernel,
    'toggle-panel': () => {
      commands.setPanelOpen(!page.getState().panelOpen);
    },
    help: () => {
      commands.setDialog('keys');
    },
  };
  /** JupyterLab's A and B stay in command mode. */
  const insertInCommandMode = (place: Parameters<Commands['insertCell']>[0]): void => {
    commands.insertCell(place, 'code');
    commands.focusCell(host.data().selectedCell);
  };
  actions[command]();
}
