import type {
  AnyNode,
  CallExpression,
  DoWhileStatement,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  MemberExpression,
  Pattern,
  WhileStatement,
} from 'acorn';
import { isFunction } from './awaits.ts';
import { boundNames } from './declarations.ts';
import { walk } from './walk.ts';

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

/** What happens in a round of a loop, outside the functions that it makes. A counter's step in the head of a
 * `for` is left out. */
export interface Inside {
  /** It calls nothing that could take long, and waits for nothing. */
  readonly callsNothing: boolean;
  /** The loops in it, at any depth. */
  readonly loops: readonly Loop[];
  /** Those of them that stand in no other one of them. */
  readonly outermost: readonly Loop[];
  /** What assigns a variable, by its name: `x = …`, `x++`, patterns and so on. */
  readonly assigned: ReadonlyMap<string, readonly AnyNode[]>;
  /** Names of properties that it assigns: the `p` of `a.p = …`. */
  readonly properties: ReadonlySet<string>;
  /** The `a[i]` that it assigns. */
  readonly elements: readonly MemberExpression[];
  /** A `continue` may leave out the rest of a round. */
  readonly continues: boolean;
}

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

const looked = new WeakMap<Loop, Inside>();

export function lookInto(loop: Loop): Inside {
  const known = looked.get(loop);
  if (known) return known;
  const inside = look(loop);
  looked.set(loop, inside);
  return inside;
}

function look(loop: Loop): Inside {
  let callsNothing = loop.type !== 'ForOfStatement' || !loop.await;
  let continues = false;
  const loops: Loop[] = [];
  const outermost: Loop[] = [];
  const assigned = new Map<string, AnyNode[]>();
  const properties = new Set<string>();
  const elements: MemberExpression[] = [];
  const assign = (target: Pattern, by: AnyNode) => {
    if (target.type !== 'MemberExpression') {
      for (const { name } of boundNames(target)) {
        const writes = assigned.get(name);
        if (writes) writes.push(by);
        else assigned.set(name, [by]);
      }
    } else if (target.computed) elements.push(target);
    else if (target.property.type === 'Identifier') properties.add(target.property.name);
  };
  for (const part of repeatedParts(loop)) {
    let depth = 0;
    walk(part, {
      enter(node) {
        if (isLoop(node)) {
          loops.push(node);
          if (depth++ === 0) outermost.push(node);
        } else if (MAY_TAKE_LONG.has(node.type)) callsNothing = false;
        else if (node.type === 'CallExpression') callsNothing &&= isMath(node);
        else if (node.type === 'ContinueStatement') continues = true;
        else if (node.type === 'AssignmentExpression') assign(node.left, node);
        else if (node.type === 'UpdateExpression') assign(node.argument as Pattern, node);
        else if (node.type === 'VariableDeclarator') assign(node.id, node);
        return !isFunction(node);
      },
      leave(node) {
        if (isLoop(node)) depth--;
      },
    });
  }
  return { callsNothing, loops, outermost, assigned, properties, elements, continues };
}

/** All that runs in every round, but a counter's step. */
function repeatedParts(loop: Loop): readonly AnyNode[] {
  switch (loop.type) {
    case 'ForStatement':
      return [
        loop.body,
        ...(loop.test ? [loop.test] : []),
        ...(loop.update && !stepOf(loop.update) ? [loop.update] : []),
      ];
    case 'WhileStatement':
    case 'DoWhileStatement':
      return [loop.body, loop.test];
    default:
      return [loop.body];
  }
}

/** `Math.sqrt(x)` and the like are at once done. */
export function isMath({ callee }: CallExpression): boolean {
  return (
    callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'Math'
  );
}

/** `i++`, `--i`, `i += 2`, `i -= 0.5`. */
export interface Step {
  /** Of the counter. */
  readonly name: string;
  readonly isUp: boolean;
  /** By how much, above 0. */
  readonly by: number;
}

export function stepOf(node: AnyNode): Step | null {
  if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier') {
    return { name: node.argument.name, isUp: node.operator === '++', by: 1 };
  }
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'Identifier') return null;
  const isUp = node.operator === '+=';
  if (!isUp && node.operator !== '-=') return null;
  const { value } = node.right.type === 'Literal' ? node.right : {};
  return typeof value === 'number' && value > 0 ? { name: node.left.name, isUp, by: value } : null;
}
