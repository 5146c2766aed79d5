import type { Language } from '../../protocol/client-messages.ts';
import { pxLanguage } from '../../protocol/px-language.ts';
import type { Token, TokenType } from './tokens.ts';
import { tokenizePython, type PythonState } from './tokenize-python.ts';

/**
 * Colours for cell text, line by line: TypeScript, plus the parallel magics that may stand where a statement
 * begins. The same function colours the plain text of a cell at rest and the text in Monaco, so nothing
 * changes its look when the editor takes over. It knows words, not grammar; being wrong costs a colour.
 */

/** What a line must know of the lines before it. */
export interface LineState {
  readonly inComment: boolean;
  /** Open template literals, outermost first. −1: in its text; else the depth of braces in its `${…}`. */
  readonly templates: readonly number[];
  /** The last thing was a value: `/` divides, `%` is a remainder. */
  readonly afterValue: boolean;
  /** What `%px` without targets is code of. */
  readonly px: Language;
  /** Below a `%%px` for Python engines; undefined: not there. */
  readonly python: PythonState | undefined;
}

/** Of a cell in a notebook whose engines run that. */
export function startOf(px: Language): LineState {
  return { inComment: false, templates: [], afterValue: false, px, python: undefined };
}

export const START = startOf('javascript');

export function sameState(a: LineState, b: LineState): boolean {
  return (
    a.inComment === b.inComment &&
    a.afterValue === b.afterValue &&
    a.px === b.px &&
    a.python === b.python &&
    a.templates.length === b.templates.length &&
    a.templates.every((depth, i) => depth === b.templates[i])
  );
}

const KEYWORDS = new Set(
  (
    'abstract as asserts async await break case catch class const continue debugger declare default delete do ' +
    'else enum export extends finally for from function get if implements import in infer instanceof ' +
    'interface is keyof let namespace new of private protected public readonly return satisfies set static ' +
    'super switch throw try type typeof using var void while with yield'
  ).split(' '),
);
const CONSTANTS = new Set(['true', 'false', 'null', 'undefined', 'NaN', 'Infinity', 'this', 'globalThis']);
/** Words after which a slash begins a regular expression although they look like names. */
const OPERATOR_WORDS = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'await',
  'yield',
  'else',
  'do',
]);

const MAGIC = /^\s*%%?[A-Za-z]\w*/;
const FLAG = /\s+(?:-[tog]-?\d[\d.,:-]*|--?[A-Za-z][\w-]*(?:[= ](?:\[[^\]]*\]|[\w.,:[\]-]+))?)/y;
const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER =
  /(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)n?/y;
const REGEXP = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?/y;

export function tokenizeLine(line: string, state: LineState): { tokens: readonly Token[]; state: LineState } {
  if (state.python !== undefined) {
    const { tokens, state: python } = tokenizePython(line, state.python);
    return { tokens, state: { ...state, python } };
  }
  return new LineReader(line, state).read();
}

/** All lines of a text. */
export function tokenizeText(
  text: string,
  px: Language = 'javascript',
): readonly { readonly line: string; readonly tokens: readonly Token[] }[] {
  let state = startOf(px);
  return text.split('\n').map((line) => {
    const result = tokenizeLine(line, state);
    state = result.state;
    return { line, tokens: result.tokens };
  });
}

class LineReader {
  private readonly tokens: Token[] = [];
  private readonly templates: number[];
  private readonly line: string;
  private readonly px: Language;
  private python: PythonState | undefined;
  private position = 0;
  private inComment: boolean;
  private afterValue: boolean;

  constructor(line: string, state: LineState) {
    this.line = line;
    this.px = state.px;
    this.templates = [...state.templates];
    this.inComment = state.inComment;
    this.afterValue = state.afterValue;
  }

  read(): { tokens: readonly Token[]; state: LineState } {
    this.readMagic();
    while (this.position < this.line.length) this.readNext();
    return {
      tokens: this.tokens,
      state: {
        inComment: this.inComment,
        templates: this.templates,
        afterValue: this.afterValue,
        px: this.px,
        python: this.python,
      },
    };
  }

  private readMagic(): void {
    if (this.inComment || this.templates.length > 0 || this.afterValue) return;
    const word = MAGIC.exec(this.line)?.[0];
    if (word === undefined) return;
    this.push('magic', word.length);
    const isPython = pxLanguage(this.line, this.px) === 'python';
    // What follows a cell magic on its line are its arguments; after a line magic comes code.
    if (word.trimStart().startsWith('%%')) {
      this.push('magic', this.line.length);
      if (isPython) this.python = null;
      return;
    }
    for (let flag = this.match(FLAG); flag !== null; flag = this.match(FLAG)) {
      this.push('magic', this.position + flag.length);
    }
    if (isPython) this.readPython();
  }

  private readPython(): void {
    const from = this.position;
    for (const { type, end } of tokenizePython(this.line.slice(from), null).tokens)
      this.push(type, from + end);
  }

  private readNext(): void {
    if (this.inComment) this.readComment();
    else if (this.templates.at(-1) === -1) this.readTemplateText();
    else this.readCode();
  }

  private readComment(): void {
    const end = this.line.indexOf('*/', this.position);
    this.inComment = end < 0;
    this.push('comment', end < 0 ? this.line.length : end + 2);
  }

  private readTemplateText(): void {
    let end = this.position;
    while (end < this.line.length) {
      const char = this.line[end];
      if (char === '\\') end += 2;
      else if (char === '`') {
        this.templates.pop();
        this.afterValue = true;
        this.push('string', end + 1);
        return;
      } else if (char === '$' && this.line[end + 1] === '{') {
        this.templates[this.templates.length - 1] = 0;
        this.afterValue = false;
        this.push('string', end + 2);
        return;
      } else end++;
    }
    this.push('string', this.line.length);
  }

  private readCode(): void {
    const char = this.line[this.position] ?? '';
    if (this.line.startsWith('//', this.position)) this.push('comment', this.line.length);
    else if (this.line.startsWith('/*', this.position)) {
      this.inComment = true;
      const end = this.line.indexOf('*/', this.position + 2);
      this.inComment = end < 0;
      this.push('comment', end < 0 ? this.line.length : end + 2);
    } else if (char === '`') {
      this.templates.push(-1);
      this.push('string', this.position + 1);
    } else if (!this.readWord() && !this.readLiteral(char)) this.readPunctuation(char);
  }

  private readWord(): boolean {
    const word = this.match(NAME);
    if (word === null) return false;
    const end = this.position + word.length;
    const member = this.line[this.position - 1] === '.';
    this.push(this.wordType(word, end, member), end);
    this.afterValue = member || !OPERATOR_WORDS.has(word);
    return true;
  }

  private wordType(word: string, end: number, member: boolean): TokenType {
    if (!member && CONSTANTS.has(word)) return 'constant';
    if (!member && KEYWORDS.has(word) && !/^\s*:/.test(this.line.slice(end))) return 'keyword';
    if (/^\s*(?:<[\w\s,[\]|]*>)?\(/.test(this.line.slice(end))) return 'function';
    return !member && /^[A-Z]/.test(word) && /[a-z]/.test(word) ? 'type' : 'plain';
  }

  private readLiteral(char: string): boolean {
    const kinds: readonly (readonly [boolean, RegExp, TokenType])[] = [
      [/[\d.]/.test(char), NUMBER, 'number'],
      [char === '"' || char === "'", STRING, 'string'],
      [char === '/' && !this.afterValue, REGEXP, 'regexp'],
    ];
    for (const [applies, pattern, type] of kinds) {
      const text = applies ? this.match(pattern) : null;
      if (text === null || text === '') continue;
      this.push(type, this.position + text.length);
      this.afterValue = true;
      return true;
    }
    return false;
  }

  private readPunctuation(char: string): void {
    const top = this.templates.length - 1;
    const depth = this.templates[top];
    if (depth !== undefined && char === '{') this.templates[top] = depth + 1;
    if (depth !== undefined && char === '}') {
      this.templates[top] = depth - 1;
      if (depth === 0) {
        this.push('string', this.position + 1);
        return;
      }
    }
    if (!/\s/.test(char)) this.afterValue = char === ')' || char === ']';
    this.push('plain', this.position + 1);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.position;
    return pattern.exec(this.line)?.[0] ?? null;
  }

  private push(type: TokenType, end: number): void {
    const last = this.tokens.at(-1);
    if (end <= this.position) return;
    if (last?.type === type) this.tokens[this.tokens.length - 1] = { ...last, end };
    else this.tokens.push({ type, start: this.position, end });
    this.position = end;
  }
}
