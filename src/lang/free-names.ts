import type { Program } from 'acorn';
import type { Declarations } from './declarations.ts';
import { parseFunction } from './function-source.ts';
import type { FreeReference } from './references.ts';
import { freeReferences } from './references.ts';

/**
 * The names that a function (by its own text) looks up in the namespace, each once, builtins included.
 * Names that it only assigns are not among them, and neither are names that it asks about with `typeof`:
 * it does without them. Throws TypeError for text that is no function's.
 */
export function freeNames(functionSource: string): readonly string[] {
  const references = freeReferences(parseFunction(functionSource).program);
  const guarded = new Set(references.filter((one) => one.kind === 'guarded').map((one) => one.name));
  return unique(references.filter((one) => one.kind === 'read' && !guarded.has(one.name)));
}

/**
 * The names that a cell takes from the namespace as it was before: those that it reads before (or without)
 * giving them a value. Functions are thought to be called at the end.
 */
export function cellUses(program: Program, declarations: Declarations): readonly string[] {
  const definedAt = firstDefinitions(program, declarations);
  return unique(
    freeReferences(program).filter(({ kind, name, start, deferred }) => {
      const from = definedAt.get(name) ?? Infinity;
      return kind !== 'write' && (deferred ? from === Infinity : start < from);
    }),
  );
}

/** From which offset on a name has the value that this cell gives it. */
function firstDefinitions(program: Program, { definitions }: Declarations): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  const define = (name: string, at: number) => first.set(name, Math.min(at, first.get(name) ?? Infinity));
  for (const { name, definedAt } of definitions) define(name, definedAt);
  for (const statement of program.body) {
    if (statement.type !== 'ExpressionStatement') continue;
    const { expression } = statement;
    const isAssignment = expression.type === 'AssignmentExpression' && expression.operator === '=';
    if (isAssignment && expression.left.type === 'Identifier') define(expression.left.name, expression.end);
  }
  return first;
}

function unique(references: readonly FreeReference[]): readonly string[] {
  return [...new Set(references.map((one) => one.name))];
}
