import { textOf } from '../notebook/cell-clip.ts';
import type { CellId } from '../protocol/ids.ts';
import type { Commands, PicturePlace } from '../ui/commands.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import { typedKey } from '../ui/typed-keys.ts';
import { readForms, typeText, writeForms } from './system-clipboard.ts';
import { createKeyReader, type KeyPlace } from './keymap.ts';

/**
 * Listens for the keys of the notebook, before Monaco and other widgets see them. `draw` puts on the page at once
 * what is to be there: a cell that a key has made has the focus before the next key comes, however fast one types.
 */
export function listenToKeys(commands: Commands, page: PageStore, draw: () => void): void {
  const reader = createKeyReader(() => page.getState().letterKeys);
  const isPressed = listenToPresses();
  const onKey = (event: KeyboardEvent): void => {
    if (isComposing(event)) {
      // Enter and Escape end a composition, and nothing else: no field hears them. Editors know that by themselves.
      if (!(event.target instanceof Element) || event.target.closest('.code-editor')) return;
      event.stopPropagation();
      // A dialog would close.
      if (event.key === 'Escape') event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    const onStart = page.getState().view === 'start';
    const found = placeOf(event, isPressed);
    // On the start page no cell is in sight.
    const place = onStart && found !== null ? 'page' : found;
    if (place === null) return;
    const action = reader.read({ ...typedKey(event), at: event.timeStamp }, place);
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

/** Safari's last key of a composition comes behind its end, and is known by its code alone. */
function isComposing(event: KeyboardEvent): boolean {
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else tells
  return event.isComposing || event.keyCode === 229;
}

/**
 * Whether this button has the focus because a pointer has pressed it. Its reader is in the notebook all the while, and
 * types for the selected cell; who has come to a button by keys types for the button.
 */
function listenToPresses(): (button: Element) => boolean {
  let pressed: Element | null = null;
  const onClick = ({ target, detail }: MouseEvent): void => {
    const hit = target instanceof Element ? target.closest(PRESSED) : null;
    const button = hit instanceof HTMLLabelElement ? hit.control : hit;
    // Without a count: by a key, or by the label that the pointer has pressed just before.
    if (detail > 0 || button !== pressed) pressed = detail > 0 ? button : null;
  };
  window.addEventListener('click', onClick, { capture: true });
  window.addEventListener('focusout', ({ target }) => {
    if (target === pressed) pressed = null;
  });
  return (button) => button === pressed;
}

/** What is pressed and then has no more to do with keys. */
const PRESSED = 'button:not([role]), summary, label, input[type="checkbox"]';
const KEYS_PRESS = 'button, a, summary, [role="treeitem"]';
/** Whose keys are written beside them. */
const HAVE_KEYS = 'search, form, fieldset';

/** In a dialog the keys are its own. A button keeps the keys that press it, a toolbar those that go through it, and a
 * region that scrolls those that scroll it. */
function placeOf(event: KeyboardEvent, isPressed: (button: Element) => boolean): KeyPlace | null {
  const { target, key } = event;
  if (!(target instanceof Element) || target === document.body) return 'command';
  if (target.closest('dialog')) return null;
  if (target.closest('.code-editor')) return 'editor';
  const alongBar = target.closest('[role="toolbar"]') && /^(ArrowLeft|ArrowRight|Home|End)$/.test(key);
  const walks =
    target.closest('.scrolls, [role="grid"], [role="tree"]') && /^(Arrow|Page|Home|End)/.test(key);
  if (alongBar || walks) return 'page';
  const button = target.closest(KEYS_PRESS);
  // Shift Enter runs, and presses nothing.
  if (button && key === 'Enter' && (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey))
    return 'command';
  if (isPressed(target) && !target.closest(HAVE_KEYS)) return 'command';
  if (isField(target) || !target.closest('.cell-list')) return 'page';
  return button && (key === 'Enter' || key === ' ') ? null : 'command';
}

function isField(target: Element): boolean {
  return target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Ctrl C, Ctrl X and Ctrl V on cells, and what is pasted elsewhere that is no plain text. */
export function listenToClipboard(commands: Commands, page: PageStore): void {
  const isOnCells = (): boolean => {
    if (page.getState().view === 'start') return false;
    const target = document.activeElement;
    const onCells = target === null || target === document.body || target.closest('.cell-list') !== null;
    return onCells && !(target && isField(target)) && document.querySelector('dialog[open]') === null;
  };
  const onCopy = (event: ClipboardEvent): void => {
    // Selected text is what the reader means to copy.
    if (!isOnCells() || isTextSelected()) return;
    event.preventDefault();
    writeForms(event.clipboardData, commands.copyCells());
    if (event.type === 'cut') commands.perform('delete');
  };
  document.addEventListener('copy', onCopy);
  document.addEventListener('cut', onCopy);
  const onPaste = (event: ClipboardEvent): void => {
    const { clipboardData, target } = event;
    if (clipboardData && target instanceof Element && paste(clipboardData, target)) {
      event.preventDefault();
      // Monaco would type the names of files.
      event.stopPropagation();
    }
  };
  /** False: what the browser does is right. */
  const paste = (data: DataTransfer, target: Element): boolean => {
    const forms = readForms(data);
    const onCells = isOnCells();
    const caret = placeOfCaret(target);
    const isText = forms.text.trim() !== '' || (onCells && forms.cells !== '');
    const [file] = data.files;
    if (!isText && file && (onCells || caret)) {
      if (file.type.startsWith('image/')) commands.pastePicture(file, caret);
      else commands.openDropped(data);
      return true;
    }
    if (onCells) {
      commands.pasteCells(forms);
      return true;
    }
    // Fields take plain text alone, and there is none.
    const text = isText ? '' : textOf(forms);
    if (text !== '') typeText(text);
    return text !== '';
  };
  document.addEventListener('paste', onPaste, { capture: true });
}

/** Also in an output, whose markup has a root of its own. */
function isTextSelected(): boolean {
  const selection = document.getSelection();
  return selection !== null && (!selection.isCollapsed || selection.toString() !== '');
}

/** Where one types in a cell; null elsewhere. */
function placeOfCaret(target: Element): PicturePlace | null {
  const id = target.closest('.code-editor') && target.closest<HTMLElement>('[data-cell]')?.dataset['cell'];
  if (id == null) return null;
  const { selectionStart: start, selectionEnd: end } = target as HTMLTextAreaElement;
  return { id: id as CellId, start, end };
}
