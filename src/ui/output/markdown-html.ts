import type { MarkdownIt, StateInline } from 'markdown-it';

/** What begins a piece of HTML that has no tag, and what ends it. */
const UNNAMED = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<![CDATA[', ']]>'],
  ['<!', '>'],
] as const;

/**
 * Markdown's rule for HTML inside lines looks through the rest of the text for the end of a comment, at each beginning
 * of one. That there is no end any more is found out once.
 */
export function unendedHtml(parser: MarkdownIt): void {
  parser.inline.ruler.before('html_inline', 'unended_html', (state: StateInline, silent: boolean) => {
    if (state.src.charCodeAt(state.pos) !== LESS) return false;
    const kind = UNNAMED.find(([begin]) => state.src.startsWith(begin, state.pos));
    if (!kind) return false;
    const [start, end] = kind;
    if (endsBehind(state.src, end, state.pos + start.length)) return false;
    if (!silent) state.pending += start;
    state.pos += start.length;
    return true;
  });
}

const LESS = 0x3c;

/** For the text that was asked about last: from where on there is none of these. */
let last = { text: '', missing: new Map<string, number>() };

/** Whether `end` comes at or behind `from`. Asked any number of times it looks through a text once or, where there is an
 * end, up to it. */
export function endsBehind(text: string, end: string, from: number): boolean {
  return placeOf(text, end, from) >= 0;
}

/** The place of `end` at or behind `from`, or -1. */
export function placeOf(text: string, end: string, from: number): number {
  if (last.text !== text) last = { text, missing: new Map() };
  if ((last.missing.get(end) ?? Infinity) <= from) return -1;
  const place = text.indexOf(end, from);
  if (place < 0) last.missing.set(end, from);
  return place;
}
