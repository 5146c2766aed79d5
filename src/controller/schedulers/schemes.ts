import type { Random } from '../../base/random.ts';
import type { Scheme, SchemeName } from '../../protocol/hub-options.ts';

/** A scheme that always gives an index; `complain` hears, once, of a function that did not. */
export function schemeOf(
  scheme: SchemeName | Scheme,
  random: Random,
  complain: (why: string) => void,
): Scheme {
  if (typeof scheme === 'function') return guarded(scheme, complain);
  switch (scheme) {
    case 'leastload':
      return leastload;
    case 'lru':
      return lru;
    case 'plainrandom':
      return (loads) => below(loads.length, random);
    case 'twobin':
      return (loads) => Math.min(below(loads.length, random), below(loads.length, random));
    case 'weighted':
      return (loads) => weighted(loads, random);
  }
}

/** The least loaded; among equals the least recently used. */
export const leastload: Scheme = (loads) => {
  let best = 0;
  for (let i = 1; i < loads.length; i++) if ((loads[i] ?? 0) < (loads[best] ?? 0)) best = i;
  return best;
};

/** The least recently used, whatever its load. */
const lru: Scheme = () => 0;

/** Of two picks, weighted by the inverse of their loads, the less loaded: an idle engine is preferred a million
 * to one to a busy one. */
function weighted(loads: readonly number[], random: Random): number {
  const a = pickByLoad(loads, random);
  const b = pickByLoad(loads, random);
  return (loads[b] ?? 0) < (loads[a] ?? 0) ? b : a;
}

function pickByLoad(loads: readonly number[], random: Random): number {
  const weights = loads.map((load) => 1 / (1e-6 + load));
  let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i] ?? 0;
    if (rest < 0) return i;
  }
  return loads.length - 1;
}

function below(n: number, random: Random): number {
  return Math.min(n - 1, Math.floor(random() * n));
}

/** The user's function may throw, or give what is no place; a task must not be lost by that. */
function guarded(scheme: Scheme, complain: (why: string) => void): Scheme {
  let isBad = false;
  const fallBack = (loads: readonly number[], why: string) => {
    if (!isBad) complain(why);
    isBad = true;
    return leastload(loads);
  };
  return (loads) => {
    try {
      const choice: unknown = scheme([...loads]);
      const isPlace =
        Number.isInteger(choice) && (choice as number) >= 0 && (choice as number) < loads.length;
      if (isPlace) return choice as number;
      return fallBack(loads, `it gave ${String(choice)} for ${String(loads.length)} engines`);
    } catch (error) {
      // Where it is interpreted, it is the interpreter that says what it did.
      const isTold = error instanceof Error && error.name === 'SchemeError';
      return fallBack(loads, isTold ? error.message : `it threw ${String(error)}`);
    }
  };
}
