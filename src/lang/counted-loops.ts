import type { AnyNode, BinaryExpression, Expression, MemberExpression, PrivateIdentifier } from 'acorn';
import { isFunction } from './awaits.ts';
import { isMath, stepOf, type Inside, type Loop } from './loop-body.ts';
import { walk } from './walk.ts';

/** Written bounds above this are not reached within seconds. */
const SOON = 1e9;

/**
 * Whether a loop counts towards a bound that nothing in it moves, so that it ends by itself:
 * `for (…; i < bound; i++)`, `while (i++ < bound)`, `while (i > bound) { …; i -= 2 }`, in all spellings. More
 * conditions behind `&&` only end it sooner.
 */
export function isCounted(loop: Loop, inside: Inside): boolean {
  return comparisonsOf(loop).some((comparison) => endsBy(comparison, loop, inside));
}

/** The `i < bound` that must hold for another round. */
function comparisonsOf(loop: Loop): readonly BinaryExpression[] {
  if (loop.type === 'ForInStatement' || loop.type === 'ForOfStatement') return [];
  const found: BinaryExpression[] = [];
  const conditions = loop.test ? [loop.test] : [];
  for (let test = conditions.pop(); test; test = conditions.pop()) {
    if (test.type === 'BinaryExpression') found.push(test);
    else if (test.type === 'LogicalExpression' && test.operator === '&&')
      conditions.push(test.right, test.left);
  }
  return found;
}

function endsBy(comparison: BinaryExpression, loop: Loop, inside: Inside): boolean {
  return readings(comparison).some(({ counter, bound, isUp }) => {
    const name = counterName(counter);
    if (name === null) return false;
    const step = loop.type === 'ForStatement' && loop.update ? stepOf(loop.update) : null;
    if (step?.name === name) {
      return step.isUp === isUp && !inside.assigned.has(name) && isFixed(bound, name, inside, name);
    }
    return stepsInside(name, isUp, counter, loop, inside) && isFixed(bound, name, inside, null);
  });
}

interface Reading {
  readonly counter: Expression;
  readonly bound: Expression;
  /** The counter must grow to reach the bound. */
  readonly isUp: boolean;
}

/** `i < n` may count `i` up to `n`, or `n` down to `i`. */
function readings({ left, right, operator }: BinaryExpression): readonly Reading[] {
  const isLess = operator === '<' || operator === '<=';
  if ((!isLess && operator !== '>' && operator !== '>=') || left.type === 'PrivateIdentifier') return [];
  return [
    { counter: left, bound: right, isUp: isLess },
    { counter: right, bound: left, isUp: !isLess },
  ];
}

/** Of `i`, `i++` and `--i`. */
function counterName(node: Expression): string | null {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'UpdateExpression' && node.argument.type === 'Identifier' ? node.argument.name : null;
}

/** Every round takes a step towards the bound, and nothing in it takes one back. */
function stepsInside(name: string, isUp: boolean, counter: Expression, loop: Loop, inside: Inside): boolean {
  const writes = inside.assigned.get(name) ?? [];
  if (!writes.every((write) => stepOf(write)?.isUp === isUp)) return false;
  if (counter.type === 'UpdateExpression') return true;
  return !inside.continues && inside.loops.length === 0 && writes.some((write) => isCertain(write, loop));
}

/** What stands in these may be passed by in a round. */
const MAY_BE_LEFT_OUT: ReadonlySet<string> = new Set([
  'ConditionalExpression',
  'LogicalExpression',
  'ChainExpression',
  'AssignmentPattern',
]);

/** It stands in a statement of the body itself, where nothing can pass it by. */
function isCertain(write: AnyNode, { body }: Loop): boolean {
  const statements = body.type === 'BlockStatement' ? body.body : [body];
  return statements.some((statement) => {
    if (statement.type !== 'ExpressionStatement' && statement.type !== 'VariableDeclaration') return false;
    let found = false;
    walk(statement, {
      enter(node) {
        found ||= node === write;
        return !found && !isFunction(node) && !MAY_BE_LEFT_OUT.has(node.type);
      },
    });
    return found;
  });
}

/** How many rounds a loop makes, if its text says so: `for (let i = -1; i <= 1; i++)`; else Infinity. */
export function writtenRounds(loop: Loop): number {
  if (loop.type !== 'ForStatement' || loop.init?.type !== 'VariableDeclaration' || !loop.update)
    return Infinity;
  const step = stepOf(loop.update);
  const [reading] = loop.test?.type === 'BinaryExpression' ? readings(loop.test) : [];
  if (step === null || reading?.counter.type !== 'Identifier' || reading.counter.name !== step.name) {
    return Infinity;
  }
  const first = loop.init.declarations.find(
    ({ id }) => id.type === 'Identifier' && id.name === step.name,
  )?.init;
  const from = writtenNumber(first);
  const to = writtenNumber(reading.bound);
  return from === null || to === null ? Infinity : Math.floor(Math.abs(to - from) / step.by) + 1;
}

function writtenNumber(node: Expression | null | undefined): number | null {
  if (node?.type === 'UnaryExpression' && node.operator === '-') {
    const value = writtenNumber(node.argument);
    return value === null ? null : -value;
  }
  return node?.type === 'Literal' && typeof node.value === 'number' ? node.value : null;
}

/** Whether the value of a bound is the same in every round, and is not far off if it is written there.
 * `index`: the name with which elements are certain to lie below the bound. */
function isFixed(bound: Expression, counter: string, inside: Inside, index: string | null): boolean {
  const fixed = (part: BinaryExpression['left']): boolean =>
    part.type !== 'PrivateIdentifier' && isFixed(part, counter, inside, index);
  switch (bound.type) {
    case 'Literal':
      return typeof bound.value === 'number' && bound.value <= SOON;
    case 'Identifier':
      return bound.name !== 'Infinity' && bound.name !== counter && !inside.assigned.has(bound.name);
    case 'ThisExpression':
      return true;
    case 'UnaryExpression':
      return bound.operator === '-' && fixed(bound.argument);
    case 'BinaryExpression':
      return operandsOf(bound).every(fixed);
    case 'CallExpression':
      return isMath(bound) && bound.arguments.every((one) => one.type !== 'SpreadElement' && fixed(one));
    case 'MemberExpression':
      return isFixedMember(bound, inside, index, fixed);
    default:
      return false;
  }
}

/** What a chain of operators is made of: `a`, `b` and `c` of `a + b - c`. It may be long. */
function operandsOf(chain: BinaryExpression): readonly BinaryExpression['left'][] {
  const operands: BinaryExpression['left'][] = [];
  let left: BinaryExpression['left'] = chain;
  for (; left.type === 'BinaryExpression'; left = left.left) operands.push(left.right);
  return [...operands, left];
}

function isFixedMember(
  { object, property, computed }: MemberExpression,
  inside: Inside,
  index: string | null,
  fixed: (part: Expression) => boolean,
): boolean {
  if (computed || object.type === 'Super' || property.type !== 'Identifier') return false;
  if (inside.properties.has(property.name) || property.name.endsWith('_INFINITY')) return false;
  return fixed(object) && !inside.elements.some((one) => mayGrow(one, object, index));
}

/** `a[i] = …` below `a.length` adds nothing to `a`; with another index it may. */
export function mayGrow(element: MemberExpression, array: Expression, index: string | null): boolean {
  const isSame =
    array.type !== 'Identifier' || element.object.type !== 'Identifier' || array.name === element.object.name;
  return isSame && (index === null || !isNamed(element.property, index));
}

function isNamed(node: AnyNode | PrivateIdentifier, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}
