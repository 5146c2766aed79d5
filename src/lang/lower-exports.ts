import type { ExportDefaultDeclaration, ExportNamedDeclaration, ExportAllDeclaration, Program } from 'acorn';
import { Edits } from './edits.ts';
import { breaksOf, type ShiftLayer } from './positions.ts';

type Export = ExportDefaultDeclaration | ExportNamedDeclaration | ExportAllDeclaration;

/**
 * The code of a module as a cell: what it exports is there without the word, for every other cell sees it. What
 * is exported from another module is imported from there. Null when nothing is exported at the top level.
 */
export function lowerExports(text: string, program: Program): { text: string; shifts: ShiftLayer } | null {
  const exports = program.body.filter((one): one is Export => one.type.startsWith('Export'));
  if (exports.length === 0) return null;
  const edits = new Edits(text);
  for (const node of exports) lowerExport(edits, node);
  return edits.apply();
}

function lowerExport(edits: Edits, node: Export): void {
  switch (node.type) {
    case 'ExportNamedDeclaration':
      if (node.declaration) leaveOut(edits, node.start, node.declaration.start);
      else if (node.source) replaceWord(edits, node);
      else leaveOut(edits, node.start, node.end, ';');
      break;
    case 'ExportAllDeclaration':
      if (node.exported) replaceWord(edits, node);
      else leaveOut(edits, node.start, node.source.start, 'import ');
      break;
    case 'ExportDefaultDeclaration':
      lowerDefault(edits, node);
  }
}

/** `export { a as b } from 'c'` is an import of the names that others would see. */
function replaceWord(edits: Edits, { start }: Export): void {
  edits.replace(start, start + 'export'.length, 'import');
}

/** A default without a name is a value. */
function lowerDefault(edits: Edits, { start, end, declaration }: ExportDefaultDeclaration): void {
  const isDeclared =
    /^(?:Function|Class)Declaration$/.test(declaration.type) && 'id' in declaration && declaration.id;
  if (isDeclared) {
    leaveOut(edits, start, declaration.start);
    return;
  }
  const hasSemicolon = edits.source[end - 1] === ';' && declaration.end < end;
  leaveOut(edits, start, declaration.start, ';(');
  edits.close(hasSemicolon ? end - 1 : end, hasSemicolon ? ')' : ');');
}

/** Decorators may stand in front of the word. */
function leaveOut(edits: Edits, start: number, end: number, instead = ''): void {
  if (end > start) edits.replace(start, end, instead + breaksOf(edits.source.slice(start, end)));
}
