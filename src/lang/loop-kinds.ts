import type {
  AnyNode,
  BinaryExpression,
  CallExpression,
  DoWhileStatement,
  Expression,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  MemberExpression,
  Pattern,
  PrivateIdentifier,
  WhileStatement,
} from 'acorn';
import { base, full, type RecursiveVisitors } from 'acorn-walk';
import { boundNames } from './declarations.ts';

export type Loop = ForStatement | ForInStatement | ForOfStatement | WhileStatement | DoWhileStatement;

const LOOPS: ReadonlySet<string> = new Set([
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
]);

export function isLoop(node: AnyNode): node is Loop {
  return LOOPS.has(node.type);
}

/** What happens in a round of a loop, outside the functions that it makes. */
export interface Inside {
  /** It calls nothing that could take long, waits for nothing, and has no loop in it. */
  readonly isShort: boolean;
  /** Variables that it assigns, by `x = …`, `x++`, patterns and so on. */
  readonly assigned: ReadonlySet<string>;
  /** Names of properties that it assigns: the `p` of `a.p = …`. */
  readonly properties: ReadonlySet<string>;
  /** The `a[i]` that it assigns. */
  readonly elements: readonly MemberExpression[];
}

/** Written bounds above this are not reached within seconds. */
const SOON = 1e9;

/** Calls, and what calls in disguise: iterators may run users' code, and may be endless. */
const MAY_TAKE_LONG: ReadonlySet<string> = new Set([
  'NewExpression',
  'TaggedTemplateExpression',
  'ImportExpression',
  'AwaitExpression',
  'YieldExpression',
  'SpreadElement',
  'ArrayPattern',
]);

const OUTSIDE_FUNCTIONS: RecursiveVisitors<unknown> = { ...base, Function: () => undefined };

export function lookInto(loop: Loop): Inside {
  let isShort = loop.type !== 'ForOfStatement' || !loop.await;
  const assigned = new Set<string>();
  const properties = new Set<string>();
  const elements: MemberExpression[] = [];
  const assign = (target: Pattern) => {
    if (target.type !== 'MemberExpression') {
      for (const { name } of boundNames(target)) assigned.add(name);
    } else if (target.computed) elements.push(target);
    else if (target.property.type === 'Identifier') properties.add(target.property.name);
  };
  for (const part of repeatedParts(loop)) {
    full(
      part,
      (node: AnyNode) => {
        if (isLoop(node) || MAY_TAKE_LONG.has(node.type)) isShort = false;
        else if (node.type === 'CallExpression') isShort &&= isMath(node);
        else if (node.type === 'AssignmentExpression') assign(node.left);
        else if (node.type === 'UpdateExpression') assign(node.argument as Pattern);
        else if (node.type === 'VariableDeclarator') assign(node.id);
      },
      OUTSIDE_FUNCTIONS,
    );
  }
  return { isShort, assigned, properties, elements };
}

/** All that runs in every round, but a counter's step. */
function repeatedParts(loop: Loop): readonly AnyNode[] {
  switch (loop.type) {
    case 'ForStatement':
      return [
        loop.body,
        ...(loop.test ? [loop.test] : []),
        ...(loop.update && !stepOf(loop) ? [loop.update] : []),
      ];
    case 'WhileStatement':
    case 'DoWhileStatement':
      return [loop.body, loop.test];
    default:
      return [loop.body];
  }
}

/** `Math.sqrt(x)` and the like are at once done. */
function isMath({ callee }: CallExpression): boolean {
  return (
    callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'Math'
  );
}

/**
 * Loops that stay as they are: rounds are short and their number is fixed before the first. That is
 * `for … in`, and `for (…; i < bound; i++)` in all its spellings, where the body assigns neither `i` nor
 * anything of which `bound` is made.
 */
export function cannotRunForEver(loop: Loop, inside: Inside): boolean {
  if (!inside.isShort) return false;
  if (loop.type === 'ForInStatement') return true;
  if (loop.type !== 'ForStatement') return false;
  const step = stepOf(loop);
  if (step === null || inside.assigned.has(step.name)) return false;
  const bound = boundOf(loop.test, step);
  return bound !== null && isFixed(bound, step.name, inside);
}

interface Step {
  /** Of the counter. */
  readonly name: string;
  readonly isUp: boolean;
}

/** `i++`, `--i`, `i += 2`, `i -= 0.5`. */
function stepOf({ update }: ForStatement): Step | null {
  if (update?.type === 'UpdateExpression' && update.argument.type === 'Identifier') {
    return { name: update.argument.name, isUp: update.operator === '++' };
  }
  if (update?.type !== 'AssignmentExpression' || update.left.type !== 'Identifier') return null;
  const isUp = update.operator === '+=';
  if (!isUp && update.operator !== '-=') return null;
  const { value } = update.right.type === 'Literal' ? update.right : {};
  return typeof value === 'number' && value > 0 ? { name: update.left.name, isUp } : null;
}

/** The other side of `i < bound`, if that is the end to which the counter goes. */
function boundOf(test: Expression | null | undefined, { name, isUp }: Step): Expression | null {
  if (test?.type !== 'BinaryExpression') return null;
  const { left, right } = test;
  const ends = isUp ? ['<', '<='] : ['>', '>='];
  if (isNamed(left, name)) return ends.includes(test.operator) ? right : null;
  const flipped = isUp ? ['>', '>='] : ['<', '<='];
  return isNamed(right, name) && flipped.includes(test.operator) && left.type !== 'PrivateIdentifier'
    ? left
    : null;
}

/** Whether the value of a bound is the same in every round, and is not far off if it is written there. */
function isFixed(bound: BinaryExpression['left'], counter: string, inside: Inside): boolean {
  switch (bound.type) {
    case 'Literal':
      return typeof bound.value === 'number' && bound.value <= SOON;
    case 'Identifier':
      return bound.name !== 'Infinity' && bound.name !== counter && !inside.assigned.has(bound.name);
    case 'ThisExpression':
      return true;
    case 'UnaryExpression':
      return bound.operator === '-' && isFixed(bound.argument, counter, inside);
    case 'BinaryExpression':
      return isFixed(bound.left, counter, inside) && isFixed(bound.right, counter, inside);
    case 'CallExpression':
      return (
        isMath(bound) &&
        bound.arguments.every((one) => one.type !== 'SpreadElement' && isFixed(one, counter, inside))
      );
    case 'MemberExpression':
      return isFixedMember(bound, counter, inside);
    default:
      return false;
  }
}

function isFixedMember(
  { object, property, computed }: MemberExpression,
  counter: string,
  inside: Inside,
): boolean {
  if (computed || object.type === 'Super' || property.type !== 'Identifier') return false;
  if (inside.properties.has(property.name) || property.name.endsWith('_INFINITY')) return false;
  return isFixed(object, counter, inside) && !inside.elements.some((one) => mayGrow(one, object, counter));
}

/** `a[i] = …` below `a.length` adds nothing to `a`; with another index it may. */
function mayGrow(element: MemberExpression, array: Expression, counter: string): boolean {
  const isSame =
    array.type !== 'Identifier' || element.object.type !== 'Identifier' || array.name === element.object.name;
  return isSame && !isNamed(element.property, counter);
}

function isNamed(node: AnyNode | PrivateIdentifier, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}
