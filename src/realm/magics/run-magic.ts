import type { Clock } from '../../base/clock.ts';
import { tagOf } from '../../protocol/brand-of.ts';
import type { Namespace } from '../namespace.ts';
import type { CellValue } from '../run.ts';
import type { Sleeper } from '../sleep.ts';
import { UsageError } from './flags.ts';
import type { RealmCall } from './realm-calls.ts';
import { timeText } from './time-text.ts';
import { doubtsAbout, timeit, type Body } from './timeit.ts';
import { whosText, whoText } from './variables.ts';

/** What the magics of a realm act on. */
export interface MagicRealm {
  readonly namespace: Namespace;
  readonly clock: Clock;
  readonly sleeper: Sleeper;
  /** To stdout. */
  write(text: string): void;
}

/** `body` is the code that is measured, `setup` what runs once before it. */
export type RunMagic = (call: RealmCall, body?: Body | null, setup?: Body | null) => Promise<CellValue>;

/** `%time`, `%timeit`, `%who`, `%whos` and `%reset`, in the realm in which users' code runs. */
export function createMagicRunner(realm: MagicRealm): RunMagic {
  return async (call, body, setup) => {
    switch (call.name) {
      case 'time':
        return time(body ?? nothing, realm);
      case 'timeit':
        await setup?.();
        return runTimeit(call, body ?? nothing, realm);
      case 'who':
        realm.write(whoText(realm.namespace, call.types));
        return {};
      case 'whos':
        realm.write(whosText(realm.namespace, call.types));
        return {};
      case 'reset':
        reset(call.force, realm.namespace);
        return {};
    }
  };
}

/** The hidden function that generated code calls; `assign` is the name that gets the value. */
export function createMagicHook(realm: MagicRealm) {
  const run = createMagicRunner(realm);
  return async (
    call: RealmCall,
    body: Body | null,
    setup: Body | null,
    assign: string | null,
  ): Promise<CellValue> => {
    const box = await run(call, body, setup);
    if (assign === null) return box;
    realm.namespace.set(assign, box.value);
    return {};
  };
}

function nothing(): CellValue {
  return {};
}

/** The time is printed even if the code throws. A promise that the code ends with is part of it. */
async function time(body: Body, realm: MagicRealm): Promise<CellValue> {
  const { clock } = realm;
  const began = clock.now();
  try {
    const result = body();
    const box = (isPromise(result) ? await result : result) as CellValue;
    return isPromise(box.value) ? { value: await box.value } : box;
  } finally {
    realm.write(`Wall time: ${timeText((clock.now() - began) / 1000)}\n`);
  }
}

/** Promises only: an AsyncResult is a value, and waiting for it is said with `await`. */
function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && tagOf(value) === 'Promise';
}

async function runTimeit(
  call: Extract<RealmCall, { name: 'timeit' }>,
  body: Body,
  realm: MagicRealm,
): Promise<CellValue> {
  const result = await timeit(body, call, realm);
  if (!call.quiet) {
    const doubts = doubtsAbout(result);
    realm.write(`${doubts === null ? '' : `${doubts}\n`}${result.toString()}\n`);
  }
  return call.isValue ? { value: result } : {};
}

function reset(force: boolean, namespace: Namespace): void {
  const names = namespace.keys();
  if (!force && names.length > 0) {
    const some = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
    const what = names.length === 1 ? 'one variable' : `${String(names.length)} variables`;
    throw new UsageError(
      `%reset would remove ${what} (${some}), which cannot be brought back. To do it: %reset -f`,
    );
  }
  namespace.clear();
}
