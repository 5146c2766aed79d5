import type { Commands } from '../ui/commands.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import { createKeyReader, type KeyPlace } from './keymap.ts';

/**
 * Listens for the keys of the notebook, before Monaco and other widgets see them. `draw` puts on the page at once
 * what is to be there: a cell that a key has made has the focus before the next key comes, however fast one types.
 */
export function listenToKeys(commands: Commands, page: PageStore, draw: () => void): void {
  const reader = createKeyReader(() => page.getState().letterKeys);
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const onStart = page.getState().view === 'start';
    const found = placeOf(event.target, event.key);
    // On the start page no cell is in sight.
    const place = onStart && found !== null ? 'page' : found;
    if (place === null) return;
    const action = reader.read(
      {
        key: event.key,
        shift: event.shiftKey,
        command: event.ctrlKey || event.metaKey,
        alt: event.altKey,
        at: event.timeStamp,
      },
      place,
    );
    // The browser's own search finds what is on the start page.
    if (action === null || (onStart && action === 'find')) return;
    event.preventDefault();
    event.stopPropagation();
    if (action === 'focus-engine') commands.focusEngine(reader.engine);
    else commands.perform(action);
    if (page.getState().focus !== null) draw();
  };
  window.addEventListener('keydown', onKey, { capture: true });
}

/** In a dialog the keys are its own. A button keeps the keys that press it, a toolbar those that go through it, and a
 * region that scrolls those that scroll it. */
function placeOf(target: EventTarget | null, key: string): KeyPlace | null {
  if (!(target instanceof Element) || target === document.body) return 'command';
  if (target.closest('dialog')) return null;
  if (target.closest('.code-editor')) return 'editor';
  if (isField(target) || !target.closest('.cell-list')) return 'page';
  if (target.closest('button, a, summary, [role="treeitem"]') && (key === 'Enter' || key === ' '))
    return null;
  const walks = target.closest('.scrolls, [role="grid"], [role="tree"]') !== null;
  if (target.closest('[role="toolbar"]') && /^(ArrowLeft|ArrowRight|Home|End)$/.test(key)) return 'page';
  return walks && /^(Arrow|Page|Home|End)/.test(key) ? 'page' : 'command';
}

function isField(target: Element): boolean {
  return target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Ctrl C, Ctrl X and Ctrl V on cells, by the browser's own events: no permission is asked for. */
export function listenToClipboard(commands: Commands, page: PageStore): void {
  const isOnCells = (): boolean => {
    if (page.getState().view === 'start') return false;
    const target = document.activeElement;
    const onCells = target === null || target === document.body || target.closest('.cell-list') !== null;
    return onCells && !(target && isField(target)) && document.querySelector('dialog[open]') === null;
  };
  const onCopy = (event: ClipboardEvent): void => {
    // Selected text is what the reader means to copy.
    if (!isOnCells() || document.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', commands.copyCells());
    if (event.type === 'cut') commands.perform('delete');
  };
  document.addEventListener('copy', onCopy);
  document.addEventListener('cut', onCopy);
  document.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain');
    if (!isOnCells() || text === undefined) return;
    event.preventDefault();
    commands.pasteText(text);
  });
}
