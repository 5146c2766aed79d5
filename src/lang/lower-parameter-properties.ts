import { skipTrivia } from './trivia.ts';
import type { Erasure, Typed } from './typed-nodes.ts';

/**
 * `constructor(private x: number) {…}` becomes
 * `constructor(x) {this.x=x;…}`, after `super(…)` if there is one.
 */
export function assignProperties(erasure: Erasure, { params = [], body }: Typed): void {
  const names: string[] = [];
  for (const { type, start, parameter, decorators = [] } of params) {
    if (type !== 'TSParameterProperty' || !parameter) continue;
    const from = skipTrivia(erasure.source, Math.max(start, ...decorators.map((one) => one.end)));
    const { start: nameStart, name } = parameter.left ?? parameter;
    erasure.erase(from, nameStart);
    if (name !== undefined) names.push(name);
  }
  if (names.length === 0 || !body) return;
  const statements = body.body as unknown as readonly Typed[];
  const parent = statements.find(isCallOfParent);
  const directive = statements.findLast((one) => 'directive' in one);
  erasure.edits.close(
    parent?.end ?? directive?.end ?? body.start + 1,
    `;${names.map((name) => `this.${name}=${name};`).join('')}`,
  );
}

function isCallOfParent({ type, expression }: Typed): boolean {
  if (type !== 'ExpressionStatement' || expression?.type !== 'CallExpression') return false;
  return 'callee' in expression && (expression.callee as Typed).type === 'Super';
}
