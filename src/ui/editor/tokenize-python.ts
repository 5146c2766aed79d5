import type { Token, TokenType } from './tokens.ts';

/** Colours for a line of Python, for cells whose code goes to Python engines. It knows words, not grammar. */

/** The quote that closes a string over several lines; null outside of one. */
export type PythonState = '"""' | "'''" | null;

const KEYWORDS = new Set(
  (
    'and as assert async await break case class continue def del elif else except finally for from global if import ' +
    'in is lambda match nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
const CONSTANTS = new Set(['True', 'False', 'None', 'self', 'cls', 'Ellipsis', 'NotImplemented']);

const PIECES: readonly (readonly [TokenType, RegExp])[] = [
  ['comment', /#.*/y],
  ['string', /(?:[rRbBfFuU]{1,2})?(?:"(?!"")(?:[^"\\]|\\.)*"?|'(?!'')(?:[^'\\]|\\.)*'?)/y],
  [
    'number',
    /(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)[jJ]?/y,
  ],
  ['function', /@[\p{ID_Start}_][\p{ID_Continue}.]*/uy],
];
const TRIPLE = /(?:[rRbBfFuU]{1,2})?("""|''')/y;
const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;

export function tokenizePython(line: string, before: PythonState): { tokens: Token[]; state: PythonState } {
  const tokens: Token[] = [];
  let state = before;
  let at = 0;
  const push = (type: TokenType, end: number): void => {
    const last = tokens.at(-1);
    if (last?.type === type) tokens[tokens.length - 1] = { ...last, end };
    else if (end > at) tokens.push({ type, start: at, end });
    at = end;
  };
  while (at < line.length) {
    if (state !== null) {
      const end = line.indexOf(state, at);
      push('string', end < 0 ? line.length : end + 3);
      if (end >= 0) state = null;
      continue;
    }
    const triple = matchAt(TRIPLE, line, at);
    if (triple) {
      state = triple[1] as PythonState;
      push('string', at + triple[0].length);
      continue;
    }
    const piece = pieceAt(line, at);
    push(piece.type, piece.end);
  }
  return { tokens, state };
}

function pieceAt(line: string, at: number): { readonly type: TokenType; readonly end: number } {
  for (const [type, pattern] of PIECES) {
    const found = matchAt(pattern, line, at)?.[0];
    if (found) return { type, end: at + found.length };
  }
  const word = matchAt(NAME, line, at)?.[0];
  if (word === undefined) return { type: 'plain', end: at + 1 };
  const end = at + word.length;
  return { type: line[at - 1] === '.' ? callOr('plain', line, end) : wordType(word, line, end), end };
}

function wordType(word: string, line: string, end: number): TokenType {
  if (CONSTANTS.has(word)) return 'constant';
  if (KEYWORDS.has(word)) return 'keyword';
  return callOr(/^[A-Z]/.test(word) && /[a-z]/.test(word) ? 'type' : 'plain', line, end);
}

function callOr(type: TokenType, line: string, end: number): TokenType {
  return /^\s*\(/.test(line.slice(end)) ? 'function' : type;
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}
