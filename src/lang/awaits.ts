import type { AnyNode, Program } from 'acorn';
import { walk } from './walk.ts';

/** Whether the cell itself waits, outside all functions: by `await`, `for await`, `await using` or a static import. */
export function hasTopLevelAwait(program: Program): boolean {
  let found = false;
  walk(program, {
    enter(node) {
      found ||= waits(node);
      return !found && !isFunction(node);
    },
  });
  return found;
}

function waits(node: AnyNode): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'AwaitExpression':
      return true;
    case 'VariableDeclaration':
      return node.kind === 'await using';
    case 'ForOfStatement':
      return node.await;
    default:
      return false;
  }
}

export function isFunction(node: AnyNode): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}
