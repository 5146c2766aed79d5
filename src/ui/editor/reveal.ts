const MARGIN = 24;

/** Scrolls the notebook so that a caret at these window coordinates can be seen; browsers do it for their own
 * text fields only. */
export function revealCaret(inside: HTMLElement, top: number, bottom: number): void {
  const scroller = inside.closest<HTMLElement>('.notebook-scroller');
  if (!scroller) return;
  const view = scroller.getBoundingClientRect();
  if (top < view.top + MARGIN) scroller.scrollTop -= view.top + MARGIN - top;
  else if (bottom > view.bottom - MARGIN) scroller.scrollTop += bottom - (view.bottom - MARGIN);
}
