import { CellSyntaxError } from '../../lang/cell-syntax-error.ts';
import { compileCell } from '../../lang/compile-cell.ts';
import { splitMagics, type CellPart } from '../../lang/magics.ts';
import { padTo } from '../../lang/positions.ts';
import type { Problem } from '../../ui/editor/assist.ts';
import { cellText, KNOWN_MAGICS } from './cell-text.ts';

/** What would not run, told by the compiler that would run it: at most one problem, the first. */
export function syntaxProblems(source: string): readonly Problem[] {
  for (const part of splitMagics(source, { known: KNOWN_MAGICS })) {
    const problem = problemIn(part);
    if (problem) return [problem];
  }
  return [];
}

function problemIn(part: CellPart): Problem | null {
  switch (part.kind) {
    case 'js':
      return compiles(part.source);
    case 'line-magic': {
      const { rest, line, restColumn, name } = part;
      const code = cellText(`%${name} ${rest}`).code.slice(name.length + 2);
      return compiles(padTo(code, line, restColumn));
    }
    case 'cell-magic': {
      // The body of a magic that takes no code is blank.
      const head = `%%${part.name}\n`;
      const code = cellText(head + part.body).code.slice(head.length);
      return compiles(padTo(code, part.bodyLine));
    }
    case 'help':
      return null;
  }
}

function compiles(code: string): Problem | null {
  try {
    compileCell(code, { url: 'cell' });
    return null;
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    return { line: error.line, column: error.column, message: error.message };
  }
}
