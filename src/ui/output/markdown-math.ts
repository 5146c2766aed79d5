import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';
import { placeOf } from './markdown-html.ts';

/**
 * Formulas in Markdown, as Jupyter takes them: `$…$`, `\(…\)`, and drawn apart `$$…$$`, `\[…\]` and environments
 * (`\begin{align} … \end{align}`). Money is no formula: a dollar sign opens one only before something, and the next
 * one closes it only behind something and before no digit. Each sign is looked at a bounded number of times.
 */
export function addMath(
  parser: MarkdownIt,
  /** What stands in the text for the formula. */
  place: (tex: string, displayMode: boolean) => string,
): void {
  parser.inline.ruler.before('escape', 'math', (state: StateInline, silent: boolean) => {
    const found = formulaAt(state.src, state.pos);
    if (!found) return false;
    if (!silent) {
      const token = state.push('math', '', 0);
      token.content = found.tex;
      token.meta = { displayMode: found.displayMode };
    }
    state.pos = found.end;
    return true;
  });
  parser.block.ruler.before('fence', 'math_block', mathBlock);
  parser.renderer.rules['math'] = (tokens, i) => {
    const token = tokens[i];
    return token ? place(token.content, (token.meta as { displayMode: boolean }).displayMode) : '';
  };
  parser.renderer.rules['math_block'] = (tokens, i) =>
    `<div>${place(tokens[i]?.content ?? '', true)}</div>\n`;
}

interface Formula {
  readonly tex: string;
  readonly displayMode: boolean;
  /** Behind its last sign. */
  readonly end: number;
}

function formulaAt(text: string, pos: number): Formula | null {
  const char = text.charCodeAt(pos);
  if (char === DOLLAR) return inDollars(text, pos);
  if (char !== BACKSLASH) return null;
  const apart = apartAt(text, pos);
  if (apart) return apart;
  if (!text.startsWith('\\(', pos)) return null;
  return between(text, pos + 2, '\\)', false);
}

const DOLLAR = 0x24;
const BACKSLASH = 0x5c;

/** A formula that is drawn apart. */
function apartAt(text: string, pos: number): Formula | null {
  if (text.startsWith('$$', pos)) return between(text, pos + 2, '$$', true);
  if (text.startsWith('\\[', pos)) return between(text, pos + 2, '\\]', true);
  BEGIN.lastIndex = pos;
  const name = BEGIN.exec(text)?.[1];
  if (name === undefined) return null;
  const close = `\\end{${name}}`;
  const at = placeOf(text, close, pos);
  if (at < 0) return null;
  const end = at + close.length;
  return { tex: text.slice(pos, end), displayMode: true, end };
}

const BEGIN = /\\begin\{([A-Za-z]{1,32}\*?)\}/y;

function between(text: string, from: number, close: string, displayMode: boolean): Formula | null {
  const at = placeOf(text, close, from);
  const tex = at < 0 ? '' : text.slice(from, at);
  return tex.trim() === '' ? null : { tex, displayMode, end: at + close.length };
}

/** The formula that the dollar sign here opens. */
function inDollars(text: string, pos: number): Formula | null {
  if (text.startsWith('$$', pos)) return apartAt(text, pos);
  if (isDigit(text.charCodeAt(pos - 1)) || isSpaceOrEnd(text.charCodeAt(pos + 1))) return null;
  let at = pos + 1;
  while (at < text.length && text.charCodeAt(at) !== DOLLAR) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  if (at >= text.length || isSpaceOrEnd(text.charCodeAt(at - 1)) || isDigit(text.charCodeAt(at + 1)))
    return null;
  return { tex: text.slice(pos + 1, at), displayMode: false, end: at + 1 };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpaceOrEnd(code: number): boolean {
  return Number.isNaN(code) || code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** A formula that has its lines to itself; blank lines may be in it. */
function mathBlock(state: StateBlock, line: number, endLine: number, silent: boolean): boolean {
  const from = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  const char = state.src.charCodeAt(from);
  if ((char !== DOLLAR && char !== BACKSLASH) || (state.sCount[line] ?? 0) - state.blkIndent >= 4)
    return false;
  const formula = apartAt(state.src, from);
  if (!formula) return false;
  let last = line;
  while (last < endLine && (state.eMarks[last] ?? 0) < formula.end) last++;
  if (last >= endLine || state.src.slice(formula.end, state.eMarks[last]).trim() !== '') return false;
  if (silent) return true;
  const token = state.push('math_block', '', 0);
  token.block = true;
  // Without the marks of a quote or a list that it stands in.
  const text = state.getLines(line, last + 1, state.blkIndent, false).trim();
  token.content = apartAt(text, 0)?.tex ?? formula.tex;
  token.map = [line, last + 1];
  state.line = last + 1;
  return true;
}
