import { CLASSES_ONLY, NO_ACCESSORS } from './decorator-syntax.ts';
import { pythonHint } from './python-hints.ts';
import { lineEnd } from './trivia.ts';

/** Parsers say little; these sentences say what happened and, where a cell differs from a file, what to do. */
export function friendlyMessage(raw: string, text: string, offset: number): string {
  const message = raw.replace(/ \(\d+:\d+\)$/, '');
  if (!/^Unexpected|^Unterminated|^Invalid|expected|^Expecting/.test(message))
    return sentence(message, text, offset);
  const hint = pythonHint(lineAt(text, offset));
  return `${sentence(message, text, offset)}${hint === null ? '' : `. This looks like Python; in JavaScript ${hint}`}`;
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(start, lineEnd(text, start));
}

function sentence(message: string, text: string, offset: number): string {
  if (/^Unexpected token/.test(message)) return unexpected(text, offset);
  if (message === "'return' outside of function")
    return "'return' works only inside a function; the value of a cell is its last expression";
  if (/stack/.test(message)) return TOO_DEEP;
  return message;
}

export const TOO_DEEP = 'This cell is nested too deeply';
export const NO_JSX =
  'JSX does not work in cells, which have no React; write the HTML as a text and show it with display.html(text)';

function unexpected(text: string, offset: number): string {
  const rest = text.slice(offset);
  const before = text.slice(0, offset);
  const lineBefore = before.slice(before.lastIndexOf('\n') + 1);
  if (/^\s*$/.test(rest)) return 'Unexpected end of input';
  if (/(?:^|[^.\w$])await\s+$/.test(lineBefore))
    return "'await' works only at the top level of a cell and in async functions";
  if (/(?:^|[^.\w$])yield\s+$/.test(lineBefore))
    return "'yield' works only in generator functions: function* () { … }";
  if (/(?:^|[\s{;])accessor\s+$/.test(lineBefore)) return NO_ACCESSORS;
  if (rest.startsWith('@')) return CLASSES_ONLY;
  return `Unexpected ${tokenAt(rest)}${magicHint(lineBefore + rest)}`;
}

/** People may have meant the line as a magic. */
function magicHint(line: string): string {
  const magic = /^\s*(%%?[A-Za-z_]\w*)(?=\s|$)/.exec(line)?.[1];
  if (magic === undefined) return '';
  return magic.startsWith('%%')
    ? `: ${magic} must be the first line of its cell`
    : `: ${magic} works as a magic only between statements, at the top level of a cell`;
}

function tokenAt(rest: string): string {
  const word = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u.exec(rest)?.[0];
  if (word !== undefined) return `identifier '${word}'`;
  if (/^["']/.test(rest)) return 'string';
  if (rest.startsWith('`')) return 'template string';
  const number = /^\d[\w.]*/.exec(rest)?.[0];
  if (number !== undefined) return `number '${number}'`;
  const punctuator = /^(?:=>|\.\.\.|[-+*/%&|^<>=!?]{1,3}|.)/su.exec(rest)?.[0];
  return `token '${punctuator ?? ''}'`;
}
