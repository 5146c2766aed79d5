import type { Timers } from '../base/clock.ts';
import { entrance } from '../base/primordials.ts';

interface Globals {
  readonly fetch?: (this: unknown, ...args: unknown[]) => Promise<unknown>;
  readonly addEventListener?: (type: string, listener: (event: Violation) => void) => void;
}

interface Violation {
  readonly effectiveDirective: string;
}

/**
 * `fetch` says that the notebook's network is off, where its policy is what forbids an address; browsers say "Failed to
 * fetch". Nothing changes where they tell of no violations. To be called before the realm's names are looked at.
 */
export function explainFetch(globals: object, timers: Pick<Timers, 'after'>): void {
  const { fetch, addEventListener } = globals as Globals;
  if (typeof fetch !== 'function' || typeof addEventListener !== 'function') return;
  let forbidden = 0;
  Reflect.apply(addEventListener, globals, [
    'securitypolicyviolation',
    ({ effectiveDirective }: Violation) => {
      if (effectiveDirective === 'connect-src') forbidden++;
    },
  ]);
  const explain = async (error: unknown, before: number): Promise<never> => {
    // The event is told in a turn of its own.
    await new Promise<void>((resolve) => {
      timers.after(0, resolve);
    });
    if (forbidden > before && error instanceof TypeError)
      error.message += ': network is off for this notebook. Allow network in the ⋯ menu.';
    throw error;
  };
  const apply = (target: typeof fetch, self: unknown, args: unknown[]): unknown => {
    const before = forbidden;
    return Reflect.apply(target, self, args).catch((error: unknown) => explain(error, before));
  };
  Object.defineProperty(globals, 'fetch', {
    value: new Proxy(fetch, { apply: entrance(apply as (this: unknown, ...args: never[]) => unknown) }),
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
