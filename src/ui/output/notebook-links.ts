import { type MouseEvent, useCallback } from 'react';
import { placeOfHeading } from '../../notebook/headings.ts';
import type { CellId } from '../../protocol/ids.ts';
import { useUi } from '../context.ts';

/** Before the names that Markdown gives, as the sanitiser writes them. */
const PREFIX = 'user-content-';

/**
 * Links of Markdown and of outputs that lead into the notebook: to a name beside them, a name of another Markdown cell,
 * or a heading, in whichever cell. All other links open elsewhere.
 */
export function useNotebookLinks(): (event: MouseEvent) => void {
  const { notebook, commands } = useUi();
  return useCallback(
    (event) => {
      const link = linkIn(event.nativeEvent.composedPath());
      if (!link) return;
      event.preventDefault();
      const name = decoded(link.address.slice(1));
      const named = elementNamed(link.element, name);
      const cell = named?.closest<HTMLElement>('[data-cell]')?.dataset['cell'];
      if (named && (cell === undefined || link.element.getRootNode() !== document)) {
        named.scrollIntoView({ block: 'start' });
        return;
      }
      if (named && cell !== undefined) {
        commands.focusCell(cell as CellId);
        scrollLate(() => named);
        return;
      }
      const place = placeOfHeading(notebook.getState().session.document.cells, name);
      if (!place) {
        commands.announce(`This notebook has no heading “${name}”`);
        return;
      }
      commands.focusCell(place.cell);
      scrollLate(() => headingIn(place.cell, place.nth));
    },
    [notebook, commands],
  );
}

function linkIn(
  path: readonly EventTarget[],
): { readonly element: Element; readonly address: string } | null {
  for (const target of path) {
    if (!(target instanceof Element)) continue;
    if (!/^(?:a|area)$/i.test(target.localName)) continue;
    const address = target.getAttribute('href') ?? target.getAttribute('xlink:href') ?? '';
    return address.startsWith('#') ? { element: target, address } : null;
  }
  return null;
}

/** In the output itself, else in any Markdown of the page. */
function elementNamed(link: Element, name: string): Element | null {
  const root = link.getRootNode();
  if (root instanceof ShadowRoot) return root.getElementById(name);
  const quoted = CSS.escape(PREFIX + name);
  return document.querySelector(`.prose [id="${quoted}"], .prose [name="${quoted}"]`);
}

function headingIn(cell: CellId, nth: number): Element | undefined {
  const prose = document.querySelector(`[data-cell="${CSS.escape(cell)}"] .prose`);
  return prose?.querySelectorAll(':scope > :is(h1, h2, h3, h4, h5, h6)')[nth];
}

/** Once the cell is there: it may have been folded away, or not be drawn yet. */
function scrollLate(find: () => Element | undefined): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => find()?.scrollIntoView({ block: 'start' }));
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
