import MarkdownItClass, { type MarkdownIt } from 'markdown-it';
import { sanitizeHtml } from './sanitize.ts';

/** HTML inside Markdown is shown as text; what Markdown makes is sanitised all the same. */
export function createParser(): MarkdownIt {
  return new MarkdownItClass({ html: false, linkify: true, typographer: false });
}

const parser = createParser();

export function renderMarkdown(source: string): string {
  return sanitizeHtml(parser.render(source));
}

/** Whether there may be formulas in a text, so that `math.ts` is worth loading. */
export function mayHaveMath(source: string): boolean {
  return /\$[^$]|\$\$|\\[([]|\\begin\{/.test(source);
}
