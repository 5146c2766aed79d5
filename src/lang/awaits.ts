import type { Program } from 'acorn';
import { recursive } from 'acorn-walk';

/** Whether the cell itself waits, outside all functions: by `await`, `for await`, `await using` or a static import. */
export function hasTopLevelAwait(program: Program): boolean {
  let found = false;
  recursive(program, null, {
    FunctionDeclaration: () => undefined,
    FunctionExpression: () => undefined,
    ArrowFunctionExpression: () => undefined,
    ImportDeclaration: () => {
      found = true;
    },
    AwaitExpression: () => {
      found = true;
    },
    VariableDeclaration(node, state, visit) {
      found ||= node.kind === 'await using';
      for (const declarator of node.declarations) visit(declarator, state);
    },
    ForOfStatement(node, state, visit) {
      found ||= node.await;
      for (const part of [node.left, node.right, node.body]) visit(part, state);
    },
  });
  return found;
}
