import { CELLS_MIME, type ClipForms } from '../notebook/cell-clip.ts';

/** The system's clipboard, by the browser's own events: no permission is asked for. */
export function writeForms(data: DataTransfer | null, { cells, text, html }: ClipForms): void {
  data?.setData('text/plain', text);
  data?.setData('text/html', html);
  data?.setData(CELLS_MIME, cells);
}

export function readForms(data: DataTransfer | null): ClipForms {
  const of = (type: string): string => data?.getData(type) ?? '';
  return { cells: of(CELLS_MIME), text: of('text/plain'), html: of('text/html') };
}

/** As if the reader had pressed Ctrl C. A browser that does not take it so gets the text, if it allows that. */
export function copyForms(forms: ClipForms): void {
  const told = { done: false };
  const onCopy = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    writeForms(event.clipboardData, forms);
    told.done = true;
  };
  window.addEventListener('copy', onCopy, { capture: true });
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else writes types of one's own in all browsers
  document.execCommand('copy');
  window.removeEventListener('copy', onCopy, { capture: true });
  if (!told.done)
    (navigator.clipboard as Clipboard | undefined)?.writeText(forms.text).catch(() => undefined);
}

/** Types a text where the caret is, so that the editor or field takes it back like any other. */
export function typeText(text: string): void {
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else goes into the browser's own undo
  document.execCommand('insertText', false, text);
}
