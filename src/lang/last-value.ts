import type { ExpressionStatement, Program } from 'acorn';
import type { Edits } from './edits.ts';

/**
 * The statement whose value is the cell's result: the last one, if it is an expression. Empty statements
 * do not count, so neither `5;` nor `5;;` hides its value.
 */
export function lastExpression(program: Program): ExpressionStatement | null {
  const last = program.body.findLast((statement) => statement.type !== 'EmptyStatement');
  return last?.type === 'ExpressionStatement' ? last : null;
}

/** Boxed, so that a thenable (an AsyncResult) is handed on as it is and not awaited. */
export function returnValue(edits: Edits, statement: ExpressionStatement): void {
  const hasSemicolon = edits.source[statement.end - 1] === ';';
  edits.open(statement.start, ';return {value: (');
  edits.close(hasSemicolon ? statement.end - 1 : statement.end, ')}');
}
