import katex from 'katex';
import 'katex/dist/katex.min.css';
import { FormulaMacros } from './formula-macros.ts';
import type { ProseOptions } from './markdown.ts';
import { createParser } from './markdown-parser.ts';
import { addMath } from './markdown-math.ts';
import { BOUNDS, sanitize, type Sanitized } from './sanitize.ts';
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
  const drawing = drawFormulas(sanitized.content, (options.bounds ?? BOUNDS).nodes);
  return {
    ...sanitized,
    elements: sanitized.elements + drawing.elements,
    formulasLeft: drawing.left,
  };
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

function drawFormulas(content: DocumentFragment, mostElements: number): Drawing {
  const drawing: Drawing = {
    mostElements,
    elements: 0,
    left: 0,
    macros: new FormulaMacros(MOST_MACRO_TOKENS),
  };
  if (formulas.length === 0) return drawing;
  const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  const marked: Text[] = [];
  while (texts.nextNode())
    if (MARK.test(texts.currentNode.nodeValue ?? '')) marked.push(texts.currentNode as Text);
  for (const text of marked) text.replaceWith(...parts(text.data, drawing));
  return drawing;
}

/** All formulas of a text. */
interface Drawing {
  /** Elements that they may come to. */
  readonly mostElements: number;
  elements: number;
  /** Formulas that stand there as they were typed, since there are too many. */
  left: number;
  readonly macros: FormulaMacros;
}

/** What the macros of a text come to; people's come to a few hundred. */
const MOST_MACRO_TOKENS = 20_000;

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

function draw(tex: string, displayMode: boolean, drawing: Drawing): Node | string {
  if (drawing.elements >= drawing.mostElements) {
    drawing.left++;
    return displayMode ? `$$${tex}$$` : `$${tex}$`;
  }
  const place = document.createElement('span');
  place.className = displayMode ? 'formula block' : 'formula';
  if (tex.length > MOST_TEX) return asText(place, tex);
  try {
    katex.render(tex, place, {
      displayMode,
      throwOnError: false,
      errorColor: 'var(--bad)',
      // No links, no images, no attributes from formulas; macros and sizes are bounded.
      trust: false,
      macros: drawing.macros.table,
      globalGroup: true,
      maxExpand: 200,
      maxSize: 50,
      strict: 'ignore',
    });
  } catch {
    // What KaTeX itself does not say to be wrong: nesting that exhausts the stack, faults of its own.
    asText(place, tex);
  }
  drawing.elements += LEAST_WORK + place.getElementsByTagName('*').length;
  return place;
}

/** What a formula that comes to nothing costs, in elements. */
const LEAST_WORK = 10;

/** Characters of a formula. A longer one is nobody's, and its layout would hold up the page. */
const MOST_TEX = 4000;

function asText(place: HTMLElement, tex: string): Node {
  const text = document.createElement('code');
  text.textContent = tex;
  place.replaceChildren(text);
  return place;
}
