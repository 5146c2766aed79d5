/** A broken invariant: a bug of ours, never the user's mistake. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Narrows away `undefined` and `null` where our own bookkeeping says that the value is there. */
export function assertExists<T>(value: T | undefined | null, message: string): T {
  if (value === undefined || value === null) throw new InvariantError(message);
  return value;
}

/** Ends a `switch` over a closed union: the compiler refuses it when a case is missing. */
export function assertNever(value: never): never {
  throw new InvariantError(`Unexpected case: ${JSON.stringify(value)}`);
}
