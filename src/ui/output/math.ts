import katex from 'katex';
import 'katex/dist/katex.min.css';
import { createParser, type ProseOptions } from './markdown.ts';
import { addMath } from './markdown-math.ts';
import { sanitize, type Sanitized } from './sanitize.ts';
import './math.css';

/**
 * Formulas, by KaTeX: in Markdown and in `text/latex`. Big, so whoever shows a text loads this when the text may
 * have formulas (`mayHaveMath`).
 *
 * KaTeX draws with classes and styles, which the sanitiser takes away from all that notebooks bring. So a
 * formula passes it as a mark made of letters, and is drawn into the text that came through: only into text,
 * never into an attribute, whatever the notebook tries with marks of its own.
 */

/** Private characters: none of them is a letter of any script. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const MARK = /\uE000(\d+)\uE001/;

/** The formulas of the text that is being rendered, by the number in their marks. */
let formulas: { readonly tex: string; readonly displayMode: boolean }[] = [];

const parser = createParser();
addMath(parser, (tex, displayMode) => {
  formulas.push({ tex, displayMode });
  return `${OPEN}${String(formulas.length - 1)}${CLOSE}`;
});

/** Markdown with its formulas, as safe markup. */
export function renderMarkdownWithMath(source: string, options: ProseOptions = {}): Sanitized {
  formulas = [];
  const sanitized = sanitize(parser.render(withoutMarks(source)), { ...options, place: 'prose' });
  drawFormulas(sanitized.content);
  return sanitized;
}

/** A whole text of LaTeX, as Jupyter has it: formulas between dollars or in environments, else one formula. */
export function renderLatex(source: string): Sanitized {
  const text = source.trim();
  const body = /\$|\\[([]|^\\begin\{/.test(text) ? text : `$$\n${text}\n$$`;
  return renderMarkdownWithMath(body);
}

function withoutMarks(source: string): string {
  return source.replaceAll(/[\uE000\uE001]/g, '');
}

function drawFormulas(content: DocumentFragment): void {
  if (formulas.length === 0) return;
  const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  const marked: Text[] = [];
  while (texts.nextNode())
    if (MARK.test(texts.currentNode.nodeValue ?? '')) marked.push(texts.currentNode as Text);
  const drawing: Drawing = { work: 0, macros: {} };
  for (const text of marked) text.replaceWith(...parts(text.data, drawing));
}

interface Drawing {
  /** Squares of lengths: KaTeX takes four times as long for twice the formula. */
  work: number;
  /** What the text has defined (`\\newcommand`). */
  readonly macros: Record<string, string>;
}

/** All formulas of a text: some five thousand of fifty characters, or two of the longest. */
const MOST_WORK = 2 * 4000 ** 2;

/** What must not begin a line, or end one: a formula is a box, and lines break beside boxes. */
const JOINED = /(?<=[([“‘])(?=\uE000)|(?<=\uE001)(?=[.,;:!?)\]”’…%])/g;
const WORD_JOINER = '\u2060';

function parts(text: string, drawing: Drawing): readonly (string | Node)[] {
  return text
    .replaceAll(JOINED, WORD_JOINER)
    .split(/(\uE000\d+\uE001)/)
    .map((part) => {
      const formula = formulas[Number(MARK.exec(part)?.[1] ?? -1)];
      return formula ? draw(formula.tex, formula.displayMode, drawing) : part;
    });
}

function draw(tex: string, displayMode: boolean, drawing: Drawing): Node {
  const place = document.createElement('span');
  place.className = displayMode ? 'formula block' : 'formula';
  drawing.work += tex.length ** 2;
  if (tex.length > MOST_TEX || drawing.work > MOST_WORK) return asText(place, tex);
  try {
    katex.render(tex, place, {
      displayMode,
      throwOnError: false,
      errorColor: 'var(--bad)',
      // No links, no images, no attributes from formulas; macros and sizes are bounded.
      trust: false,
      macros: drawing.macros,
      globalGroup: true,
      maxExpand: 200,
      maxSize: 50,
      strict: 'ignore',
    });
  } catch {
    // What KaTeX itself does not say to be wrong: nesting that exhausts the stack, faults of its own.
    return asText(place, tex);
  }
  return place;
}

/** Characters of a formula. A longer one is nobody's, and its layout would hold up the page. */
const MOST_TEX = 4000;

function asText(place: HTMLElement, tex: string): Node {
  const text = document.createElement('code');
  text.textContent = tex;
  place.replaceChildren(text);
  return place;
}
