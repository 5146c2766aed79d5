import katex from 'katex';
import 'katex/dist/katex.min.css';
import texmath from 'markdown-it-texmath';
import { createParser } from './markdown.ts';
import { sanitizeHtml } from './sanitize.ts';
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

texmath.rules['environments'] = {
  inline: [],
  block: [
    {
      name: 'math_block',
      rex: /(\\begin\{([a-z]+\*?)\}[\s\S]+?\\end\{\2\})/gmy,
      tmpl: '<section>$1</section>',
      tag: '\\begin',
    },
  ],
};

const parser = createParser();
parser.use(texmath, {
  delimiters: ['dollars', 'brackets', 'environments'],
  engine: {
    renderToString: (tex, { displayMode }) => {
      formulas.push({ tex, displayMode });
      return `${OPEN}${String(formulas.length - 1)}${CLOSE}`;
    },
  },
});

/** Markdown with its formulas, as safe markup. */
export function renderMarkdownWithMath(source: string): string {
  formulas = [];
  return drawn(sanitizeHtml(parser.render(withoutMarks(source))));
}

/** A whole text of LaTeX, as Jupyter has it: formulas between dollars or in environments, else one formula. */
export function renderLatex(source: string): string {
  const text = source.trim();
  const body = /\$|\\[([]|^\\begin\{/.test(text) ? text : `$$\n${text}\n$$`;
  return renderMarkdownWithMath(body);
}

function withoutMarks(source: string): string {
  return source.replaceAll(/[\uE000\uE001]/g, '');
}

function drawn(html: string): string {
  if (formulas.length === 0) return html;
  const template = document.createElement('template');
  template.innerHTML = html;
  const texts = document.createTreeWalker(template.content, NodeFilter.SHOW_TEXT);
  const marked: Text[] = [];
  while (texts.nextNode())
    if (MARK.test(texts.currentNode.nodeValue ?? '')) marked.push(texts.currentNode as Text);
  for (const text of marked) text.replaceWith(...parts(text.data));
  return template.innerHTML;
}

/** What must not begin a line, or end one: a formula is a box, and lines break beside boxes. */
const JOINED = /(?<=[([“‘])(?=\uE000)|(?<=\uE001)(?=[.,;:!?)\]”’…%])/g;
const WORD_JOINER = '\u2060';

function parts(text: string): readonly (string | Node)[] {
  return text
    .replaceAll(JOINED, WORD_JOINER)
    .split(/(\uE000\d+\uE001)/)
    .map((part) => {
      const formula = formulas[Number(MARK.exec(part)?.[1] ?? -1)];
      return formula ? draw(formula.tex, formula.displayMode) : part;
    });
}

function draw(tex: string, displayMode: boolean): Node {
  const place = document.createElement('span');
  place.className = displayMode ? 'formula block' : 'formula';
  katex.render(tex, place, {
    displayMode,
    throwOnError: false,
    errorColor: 'var(--bad)',
    // No links, no images, no attributes from formulas; macros and sizes are bounded.
    trust: false,
    maxExpand: 200,
    maxSize: 50,
    strict: 'ignore',
  });
  return place;
}
