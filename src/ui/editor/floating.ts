/**
 * Where the lists and notes of one editor float: at the end of the page, since cells cut off what leaves them.
 */
export function floatingLayer(): HTMLElement {
  const layer = document.createElement('div');
  layer.className = 'monaco-editor editor-float';
  document.body.append(layer);
  return layer;
}

const OPEN = '.suggest-widget.visible, .parameter-hints-widget.visible, .monaco-hover:not(.hidden)';

/** A list, a signature or a note is open: Escape closes it. */
export function showsHelp(layer: HTMLElement): boolean {
  return [...layer.querySelectorAll(OPEN)].some((widget) => widget.getClientRects().length > 0);
}
