/** `sum`, `prod` … by name, as in MPI, or a function of two values. */
export type ReduceOp<T> = ReduceName | ((a: T, b: T) => T);
export type ReduceName = 'sum' | 'prod' | 'max' | 'min' | 'land' | 'lor' | 'band' | 'bor' | 'bxor';

/** Whatever JavaScript's operators take; they complain of what does not fit. */
type Scalar = number;
type Pair = (a: Scalar, b: Scalar) => unknown;

const SCALARS: Readonly<Record<ReduceName, Pair>> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  max: (a, b) => (a >= b ? a : b),
  min: (a, b) => (a <= b ? a : b),
  land: (a, b) => Boolean(a) && Boolean(b),
  lor: (a, b) => Boolean(a) || Boolean(b),
  band: (a, b) => a & b,
  bor: (a, b) => a | b,
  bxor: (a, b) => a ^ b,
};

export type Combine = (a: unknown, b: unknown) => unknown;

/**
 * What combines two values: arrays item by item, typed arrays keep their type, functions get the values as they are.
 * @throws TypeError for an unknown name.
 */
export function combiner(op: unknown): Combine {
  if (typeof op === 'function')
    return (a, b) => Reflect.apply(op as (...args: unknown[]) => unknown, undefined, [a, b]);
  if (typeof op !== 'string' || !Object.hasOwn(SCALARS, op)) {
    throw new TypeError(
      `op must be a function of two values or one of ${Object.keys(SCALARS).join(', ')}, not ${String(op)}`,
    );
  }
  const scalar = SCALARS[op as ReduceName];
  const combine: Combine = (a, b) => {
    if (!isList(a) && !isList(b)) return scalar(a as Scalar, b as Scalar);
    if (!isList(a) || !isList(b) || a.length !== b.length) {
      throw new TypeError(
        `${op} needs values of the same shape on all ranks: ${shapeOf(a)} and ${shapeOf(b)} differ`,
      );
    }
    return Array.isArray(a)
      ? a.map((item, i) => combine(item, b[i]))
      : combineTyped(a as NumberArray, b, scalar);
  };
  return combine;
}

interface NumberArray {
  readonly length: number;
  [i: number]: number | bigint;
  slice(): NumberArray;
}

function combineTyped(a: NumberArray, b: ArrayLike<unknown>, scalar: Pair): NumberArray {
  const result = a.slice();
  for (let i = 0; i < result.length; i++) {
    result[i] = scalar(result[i] as Scalar, b[i] as Scalar) as number;
  }
  return result;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

function shapeOf(value: unknown): string {
  return isList(value) ? `a list of ${String(value.length)}` : `a ${typeof value}`;
}
