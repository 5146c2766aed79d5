import type { JsonObject, NotebookDocument } from '../../notebook/document.ts';
import { headingNamed } from '../../notebook/headings.ts';
import { attachmentsOf } from '../../notebook/mime-data.ts';
import type { Output } from '../../protocol/outputs.ts';
import { bestOf, textOf } from '../output/bundle.ts';
import { renderMarkdown } from '../output/markdown.ts';
import { mayHaveMath } from '../output/may-have-math.ts';
import { NAME_PREFIX, sanitize, type Sanitized } from '../output/sanitize.ts';

/** Where safe markup goes on the page, by number. */
export type Slot = number;

/**
 * What makes safe markup of what notebooks bring, for a page without styles and fonts of KaTeX. It comes as nodes, which
 * are put into the drawn page (`fill`): written as text once, with the page, and never parsed between.
 */
export interface Markup {
  readonly markdown: (source: string, cellKeys?: JsonObject) => Slot;
  readonly latex: (source: string) => Slot;
  /** Null: nothing of it can be seen without its scripts. */
  readonly html: (source: string) => Slot | null;
  readonly svg: (source: string) => Slot | null;
  /** Puts all into the elements with `data-slot`. */
  readonly fill: (page: Element) => void;
}

/** Loads what draws formulas only for a notebook that may have some. */
export async function createMarkup(notebook: NotebookDocument): Promise<Markup> {
  const withMath = notebook.cells.some((cell) => mayHaveFormulas(cell.source, cell.outputs));
  const math = withMath ? await import('../output/math.ts') : null;
  const filled: Element[] = [];
  const slot = (element: Element): Slot => filled.push(element) - 1;
  const output = (source: string): Sanitized => sanitize(source, { place: 'output' });
  const drawMarkdown = math?.renderMarkdownWithMath ?? renderMarkdown;
  const drawLatex = math?.renderLatex ?? renderMarkdown;
  return {
    markdown: (source, cellKeys = {}) =>
      slot(inPage(drawMarkdown(source, { attachment: attachmentsOf(cellKeys) }))),
    latex: (source) => slot(inPage(drawLatex(source))),
    html: (source) => {
      const drawn = output(source);
      return drawn.nothingLeft ? null : slot(inShadow(drawn, OUTPUT_STYLE));
    },
    svg: (source) => {
      const drawn = output(source);
      withoutLabels(drawn.content);
      return drawn.nothingLeft ? null : slot(inShadow(drawn, PLOT_STYLE));
    },
    fill: (page) => {
      for (const place of page.querySelectorAll('[data-slot]')) {
        const element = filled[Number(place.getAttribute('data-slot'))];
        place.removeAttribute('data-slot');
        if (element) place.append(...element.childNodes);
      }
      nameHeadings(page);
    },
  };
}

function mayHaveFormulas(source: string, outputs: readonly Output[]): boolean {
  return (
    mayHaveMath(source) ||
    outputs.some((output) => {
      if (output.type !== 'display' && output.type !== 'result') return false;
      const shown = bestOf(output.bundle);
      return (
        shown?.mime === 'text/latex' || (shown?.mime === 'text/markdown' && mayHaveMath(textOf(shown.value)))
      );
    })
  );
}

/** KaTeX draws each formula twice: as MathML, which every browser can show by itself, and in pieces that need its
 * fonts. */
function inPage({ content, leftOut }: Sanitized): Element {
  for (const drawn of content.querySelectorAll('.katex-html')) drawn.remove();
  const holder = document.createElement('div');
  holder.append(content, ...leftOutNote(leftOut));
  return holder;
}

/** In a shadow root of its own, so that the styles and names of one output are not those of another: the browser makes it
 * of the template, without a script. */
function inShadow({ content, sheets, ownColours, leftOut }: Sanitized, ownStyle: string): Element {
  const template = document.createElement('template');
  template.setAttribute('shadowrootmode', 'open');
  const style = document.createElement('style');
  const theirs = sheets.flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText));
  // Nothing in a style ends it but its end tag.
  style.textContent = [ownStyle, ...(ownColours ? [LIGHT] : []), ...theirs]
    .join('\n')
    .replaceAll('</', '<\\/');
  template.content.append(style, content);
  const holder = document.createElement('div');
  holder.append(template, ...leftOutNote(leftOut));
  return holder;
}

const OUTPUT_STYLE =
  ':host{contain:content;overflow:auto}table{border-collapse:collapse}th,td{padding:4px 12px 4px 0;text-align:left;' +
  'border-bottom:1px solid var(--hairline);vertical-align:top}a{color:var(--accent)}img,svg{max-width:100%;height:auto}' +
  '.absent-picture,.absent-file{color:var(--text-soft)}';
const PLOT_STYLE = ':host{contain:content;overflow:auto}svg{display:block;max-width:100%;height:auto}';
/** It says its own colours, for white paper. */
const LIGHT = ':host{color-scheme:light;background:#fff;color:#1c1b19}';

function leftOutNote(leftOut: number): readonly Element[] {
  if (leftOut === 0) return [];
  const note = document.createElement('p');
  note.className = 'note';
  note.textContent = `${String(leftOut)} more characters are left out.`;
  return [note];
}

/** A plot is one image with one name. Plot names its groups, too, which ARIA forbids inside an image. */
function withoutLabels(content: DocumentFragment): void {
  for (const part of content.querySelectorAll('[aria-label], [aria-description]')) {
    part.removeAttribute('aria-label');
    part.removeAttribute('aria-description');
  }
}

/** Links inside the notebook lead to its headings, as on the page: by the names of JupyterLab or of GitHub. */
function nameHeadings(page: Element): void {
  const links = [...page.querySelectorAll<HTMLAnchorElement>('.prose a[href^="#"]')];
  if (links.length === 0) return;
  const headings = [...page.querySelectorAll('.prose > :is(h1, h2, h3, h4, h5, h6)')];
  const texts = headings.map(({ textContent }) => textContent);
  for (const link of links) {
    const name = decoded(link.getAttribute('href')?.slice(1) ?? '');
    const named = NAME_PREFIX + name;
    if (page.querySelector(`[id="${CSS.escape(named)}"], [name="${CSS.escape(named)}"]`)) {
      link.setAttribute('href', `#${encodeURIComponent(named)}`);
      continue;
    }
    const nth = headingNamed(texts, name);
    const heading = headings[nth];
    if (!heading) continue;
    if (heading.id === '') heading.id = `heading-${String(nth + 1)}`;
    link.setAttribute('href', `#${heading.id}`);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
