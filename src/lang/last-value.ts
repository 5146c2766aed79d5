import type { Expression, ExpressionStatement, Program } from 'acorn';
import type { Edits } from './edits.ts';

/**
 * The statements one of whose values is the cell's result: the last one, if it is an expression; of `try`, the last
 * ones of what is tried and of what is done instead, as in the browsers' consoles. Empty statements do not count, so
 * neither `5;` nor `5;;` hides its value. `always`: whatever the cell does, one of them is reached or it throws.
 */
export function lastExpressions(program: Program): {
  readonly expressions: readonly ExpressionStatement[];
  readonly always: boolean;
} {
  return {
    expressions: lastOf(program.body),
    always: lastStatement(program.body)?.type === 'ExpressionStatement',
  };
}

function lastOf(body: Program['body']): readonly ExpressionStatement[] {
  const last = lastStatement(body);
  switch (last?.type) {
    case 'ExpressionStatement':
      return [last];
    case 'TryStatement':
      return [...lastOf(last.block.body), ...lastOf(last.handler?.body.body ?? [])];
    default:
      return [];
  }
}

function lastStatement(body: Program['body']): Program['body'][number] | undefined {
  return body.findLast((statement) => statement.type !== 'EmptyStatement');
}

/** Boxed, so that a thenable (an AsyncResult) is handed on as it is and not awaited. */
export function returnValue(edits: Edits, statement: ExpressionStatement): void {
  const hasSemicolon = edits.source[statement.end - 1] === ';';
  edits.open(statement.start, `;return {value: (${isNameless(statement.expression) ? '0, ' : ''}`);
  edits.close(hasSemicolon ? statement.end - 1 : statement.end, ')}');
}

/** A function, or class, that would be called `value`. */
function isNameless(expression: Expression): boolean {
  switch (expression.type) {
    case 'ArrowFunctionExpression':
      return true;
    case 'FunctionExpression':
    case 'ClassExpression':
      return !expression.id;
    default:
      return false;
  }
}
