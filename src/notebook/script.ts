import type { Cell, NotebookDocument } from './document.ts';

/**
 * The notebook as a TypeScript script, to read, to diff, to take along: code as it stands, everything else as
 * comments. Cells begin with `// %%`, which editors know as the mark of a cell. Magics are commented out: they are no
 * TypeScript. Outputs are left out.
 */
export function scriptOf(document: NotebookDocument): string {
  const head = `${commented(document.name.replace(/\s+/g, ' '))}\n`;
  return [head, ...document.cells.map(cellText)].join('\n');
}

function cellText({ kind, source }: Cell): string {
  if (kind === 'code') return `// %%\n${codeText(source)}\n`;
  return `// %% [${kind}]\n${commented(source)}\n`;
}

/** With a magic of the whole cell all of it is the magic's. */
function codeText(source: string): string {
  if (/^\s*%%/.test(source)) return commented(source);
  return source
    .split(/\r\n|[\n\r]/)
    .map((line) => (isMagicLine(line) ? commented(line) : line))
    .join('\n');
}

/** `%px …`, `x = %px …` and `name?` are no JavaScript. */
function isMagicLine(line: string): boolean {
  return (
    /^\s*(?:(?:(?:const|let|var)\s+)?[\w$]+\s*=\s*)?%[A-Za-z]/.test(line) || /^\s*[\w$.]+\?\??\s*$/.test(line)
  );
}

/** Whatever ends a line in JavaScript ends a comment, too: each of them begins a comment of its own. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

function commented(text: string): string {
  return text
    .split(LINE_END)
    .map((line) => `// ${line}`.trimEnd())
    .join('\n');
}
