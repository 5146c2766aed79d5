import type ts from 'typescript';

type Compiler = typeof ts;

/** What a value is like, as far as JavaScript makes a difference. */
type Shape = 'string' | 'number' | 'bigint' | 'boolean' | 'symbol' | 'function' | 'list' | 'object';

/**
 * Whether a value of one type can surely not stand where another one is wanted: a number for a function, an object
 * for a list. Much less than TypeScript asks for, since cells are JavaScript with a few types: what is wider than was
 * said, may be missing, or has other items, is fine.
 */
export function isOfAnotherKind(
  compiler: Compiler,
  checker: ts.TypeChecker,
  got: ts.Type,
  want: ts.Type,
): boolean {
  const has = shapesOf(compiler, checker, got);
  const wants = shapesOf(compiler, checker, want);
  if (has === null || wants === null || has.size === 0 || wants.size === 0) return false;
  return ![...has].some((shape) => [...wants].some((one) => fits(shape, one)));
}

function fits(shape: Shape, wanted: Shape): boolean {
  if (shape === wanted) return true;
  if (wanted === 'object') return shape === 'list' || shape === 'function';
  return wanted === 'list' && shape === 'string';
}

/** Null: it can be anything. What may be missing does not count. */
function shapesOf(compiler: Compiler, checker: ts.TypeChecker, type: ts.Type): ReadonlySet<Shape> | null {
  const shapes = new Set<Shape>();
  for (const one of parts(type)) {
    const shape = shapeOf(compiler, checker, one);
    if (shape === null) return null;
    if (shape !== 'nothing') shapes.add(shape);
  }
  return shapes;
}

export function parts(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

function shapeOf(compiler: Compiler, checker: ts.TypeChecker, type: ts.Type): Shape | 'nothing' | null {
  const { TypeFlags } = compiler;
  const is = (flags: ts.TypeFlags): boolean => (type.flags & flags) !== 0;
  if (is(TypeFlags.Undefined | TypeFlags.Null | TypeFlags.Void)) return 'nothing';
  if (is(TypeFlags.StringLike)) return 'string';
  if (is(TypeFlags.NumberLike)) return 'number';
  if (is(TypeFlags.BigIntLike)) return 'bigint';
  if (is(TypeFlags.BooleanLike)) return 'boolean';
  if (is(TypeFlags.ESSymbolLike)) return 'symbol';
  if (!is(TypeFlags.Object)) return null;
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return 'function';
  const members = type.getProperties();
  if (checker.isArrayLikeType(type) || members.some(({ name }) => name.startsWith('__@iterator')))
    return 'list';
  // `{}` and types without a member of their own take everything.
  return members.length > 0 || type.getStringIndexType() ? 'object' : null;
}
