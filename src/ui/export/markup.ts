import type { NotebookDocument } from '../../notebook/document.ts';
import type { Output } from '../../protocol/outputs.ts';
import { bestOf, textOf } from '../output/bundle.ts';
import { mayHaveMath, renderMarkdown } from '../output/markdown.ts';
import { sanitizeHtml, sanitizeSvg } from '../output/sanitize.ts';

/** What makes safe markup of what notebooks bring, for a page without styles and fonts of KaTeX. */
export interface Markup {
  readonly markdown: (source: string) => string;
  readonly latex: (source: string) => string;
  readonly html: (source: string) => string;
  readonly svg: (source: string) => string;
}

/** Loads what draws formulas only for a notebook that may have some. */
export async function createMarkup(notebook: NotebookDocument): Promise<Markup> {
  const html = (source: string): string => withoutFetching(sanitizeHtml(source));
  const svg = (source: string): string => withoutLabels(sanitizeSvg(source));
  if (!notebook.cells.some((cell) => mayHaveFormulas(cell.source, cell.outputs))) {
    return { markdown: (source) => withoutFetching(renderMarkdown(source)), latex: html, html, svg };
  }
  const { renderLatex, renderMarkdownWithMath } = await import('../output/math.ts');
  return {
    markdown: (source) => withoutFetching(mathMlOnly(renderMarkdownWithMath(source))),
    latex: (source) => mathMlOnly(renderLatex(source)),
    html,
    svg,
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

/** An image from elsewhere would be fetched from there; the page's policy forbids it, and its place says so. */
function withoutFetching(html: string): string {
  return changed(html, (content) => {
    for (const source of content.querySelectorAll('source')) source.remove();
    for (const image of content.querySelectorAll('img')) {
      image.removeAttribute('srcset');
      const address = image.getAttribute('src') ?? '';
      if (address.startsWith('data:')) continue;
      const note = document.createElement('span');
      note.className = 'note';
      note.textContent = `[image ${image.alt || address}]`;
      image.replaceWith(note);
    }
  });
}

/** A plot is one image with one name. Plot names its groups, too, which ARIA forbids inside an image. */
function withoutLabels(svg: string): string {
  return changed(svg, (content) => {
    for (const part of content.querySelectorAll('[aria-label], [aria-description]')) {
      part.removeAttribute('aria-label');
      part.removeAttribute('aria-description');
    }
  });
}

/** KaTeX draws each formula twice: as MathML, which every browser can show by itself, and in pieces that need its
 * fonts. */
function mathMlOnly(html: string): string {
  return changed(html, (content) => {
    for (const drawn of content.querySelectorAll('.katex-html')) drawn.remove();
  });
}

function changed(html: string, change: (content: DocumentFragment) => void): string {
  const template = document.createElement('template');
  template.innerHTML = html;
  change(template.content);
  return template.innerHTML;
}
