import { findDeclarations } from './declarations.ts';
import { cellUses } from './free-names.ts';
import { parseCell, type Language } from './parse-cell.ts';
import { freeReferences } from './references.ts';

/** What a cell has to do with the namespace, as far as its text tells. */
export interface CellNames {
  /** Names that it declares at the top level, or gives a value outside functions, each once. */
  readonly gives: readonly string[];
  /** Names that it reads and has not itself given a value before, builtins included, each once. */
  readonly uses: readonly string[];
}

/** A text that cannot be read has no names, since it cannot run either. */
export function cellNames(source: string, language: Language = 'ts'): CellNames {
  try {
    const { program } = parseCell(source, language);
    const declarations = findDeclarations(program);
    const written = freeReferences(program).filter(({ kind, deferred }) => kind === 'write' && !deferred);
    const gives = new Set([...declarations.definitions, ...written].map(({ name }) => name));
    return { gives: [...gives], uses: cellUses(program, declarations) };
  } catch {
    return { gives: [], uses: [] };
  }
}
