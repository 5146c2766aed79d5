import type ts from 'typescript';

type Compiler = typeof ts;

/**
 * Words of a cell that may be names or properties although nothing declares them: what is assigned to, keys of objects
 * (`push({ a: 1 })`), and all words in strings and templates (`scatter('a', …)`, `execute('a = 1')`). What is only
 * used is not among them. Too many rather than too few: they are the names that are not said to be unknown.
 */
export function madeNames(compiler: Compiler, code: string): ReadonlySet<string> {
  const file = compiler.createSourceFile('cell.ts', code, compiler.ScriptTarget.ESNext);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (compiler.isStringLiteralLike(node) || compiler.isTemplateLiteralToken(node)) {
      for (const word of wordsOf(node.text)) found.add(word);
    } else if (isNamedMember(compiler, node)) {
      if (compiler.isIdentifier(node.name)) found.add(node.name.text);
    } else if (compiler.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      if (kind >= compiler.SyntaxKind.FirstAssignment && kind <= compiler.SyntaxKind.LastAssignment)
        assigned(compiler, node.left, found);
    } else if (compiler.isForInStatement(node) || compiler.isForOfStatement(node)) {
      if (!compiler.isVariableDeclarationList(node.initializer)) assigned(compiler, node.initializer, found);
    } else if (compiler.isPrefixUnaryExpression(node) || compiler.isPostfixUnaryExpression(node)) {
      const { operator } = node;
      if (operator === compiler.SyntaxKind.PlusPlusToken || operator === compiler.SyntaxKind.MinusMinusToken)
        assigned(compiler, node.operand, found);
    }
    compiler.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
}

function isNamedMember(
  compiler: Compiler,
  node: ts.Node,
): node is ts.PropertyAssignment | ts.MethodDeclaration | ts.PropertyDeclaration | ts.AccessorDeclaration {
  return (
    compiler.isPropertyAssignment(node) ||
    compiler.isMethodDeclaration(node) ||
    compiler.isPropertyDeclaration(node) ||
    compiler.isAccessor(node)
  );
}

/** `a = …`, `o.a = …`, `[a, { b }] = …`. */
function assigned(compiler: Compiler, target: ts.Node, found: Set<string>): void {
  if (compiler.isIdentifier(target)) found.add(target.text);
  else if (compiler.isPropertyAccessExpression(target)) found.add(target.name.text);
  else if (
    compiler.isArrayLiteralExpression(target) ||
    compiler.isObjectLiteralExpression(target) ||
    compiler.isParenthesizedExpression(target)
  ) {
    const visit = (node: ts.Node): void => {
      if (compiler.isIdentifier(node)) found.add(node.text);
      compiler.forEachChild(node, visit);
    };
    visit(target);
  }
}
