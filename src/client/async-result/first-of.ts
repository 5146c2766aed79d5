import { CompositeError } from '../composite-error.ts';
import { ClusterError, ValueError } from '../errors.ts';

/** As much of an AsyncResult as this needs. */
interface Racer<T> {
  ready(): boolean;
  cancel(): boolean;
  wait(): Promise<boolean>;
  get(): Promise<T>;
  exception(): Promise<Error | null>;
  onSettled(listener: (error: Error | null) => void): void;
}

/**
 * The first value; the rest is cancelled.
 * Rejects with CompositeError when all have failed; ValueError when there are none.
 */
export async function anyOf<T>(results: readonly Racer<T>[]): Promise<T> {
  const { first } = await decided(results, (error) => error === null, 'any');
  if (first !== null) return first.get();
  const errors = await Promise.all(results.map((result) => result.exception()));
  throw new CompositeError(
    'all of them failed',
    errors.filter((error) => error instanceof ClusterError),
  );
}

/** The outcome of the first that ends, good or bad; the rest is cancelled. Rejects with ValueError for none. */
export async function raceOf<T>(results: readonly Racer<T>[]): Promise<T> {
  const { first } = await decided(results, () => true, 'race');
  return (first ?? results[0])?.get() as Promise<T>;
}

/** Boxed, for AsyncResults are thenable; null when none decides. */
interface Decided<T> {
  readonly first: Racer<T> | null;
}

async function decided<T>(
  results: readonly Racer<T>[],
  decides: (error: Error | null) => boolean,
  name: string,
): Promise<Decided<T>> {
  if (results.length === 0) throw new ValueError(`${name} needs at least one AsyncResult`);
  const winner = await new Promise<Decided<T>>((resolve) => {
    let open = results.length;
    for (const result of results) {
      // Asked for, so that no failure is reported as one that nobody waits for.
      void result.wait();
      result.onSettled((error) => {
        open--;
        if (decides(error)) resolve({ first: result });
        else if (open === 0) resolve({ first: null });
      });
    }
  });
  if (winner.first !== null) for (const result of results) if (!result.ready()) result.cancel();
  return winner;
}
