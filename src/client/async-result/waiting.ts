import { waitingTime } from '../blocking.ts';
import { ValueError } from '../errors.ts';
import { camelKeys } from '../spelling.ts';

/** When a wait is over: when all is done, or at the first failure, or the first end, if that comes first. */
export type ReturnWhen = 'ALL_COMPLETED' | 'FIRST_EXCEPTION' | 'FIRST_COMPLETED';

export interface WaitOptions {
  /** Seconds; null or negative is for ever. */
  readonly timeout?: number | null;
  readonly returnWhen?: ReturnWhen;
}

export interface GetOptions extends WaitOptions {
  /** Errors in place of the values that failed, instead of throwing. */
  readonly returnExceptions?: boolean;
}

/** The options, complete: `timeout` undefined is for ever. */
export interface Waiting {
  readonly timeout: number | undefined;
  readonly returnWhen: ReturnWhen | undefined;
  readonly returnExceptions: boolean | undefined;
}

const FOR_EVER: Waiting = { timeout: undefined, returnWhen: undefined, returnExceptions: undefined };
const NAMES = ['timeout', 'returnWhen', 'returnExceptions'];

/** Reads `ar.get(1)`, `ar.get({ timeout: 1 })` and `ar.wait(1, { returnWhen })` alike. */
export function readWaiting(timeoutOrOptions?: number | null | GetOptions, more?: GetOptions): Waiting {
  if ((timeoutOrOptions ?? null) === null && more === undefined) return FOR_EVER;
  const isOptions = typeof timeoutOrOptions === 'object' && timeoutOrOptions !== null;
  const given = isOptions ? timeoutOrOptions : { timeout: timeoutOrOptions ?? null };
  const options = camelKeys({ ...given, ...more });
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`unknown option '${unknown}'; there are ${NAMES.join(', ')}`);
  return {
    timeout: waitingTime(options['timeout'] as number | null | undefined),
    returnWhen: checkReturnWhen(options['returnWhen']),
    returnExceptions: options['returnExceptions'] as boolean | undefined,
  };
}

export function checkReturnWhen(value: unknown): ReturnWhen | undefined {
  switch (value) {
    case undefined:
    case 'ALL_COMPLETED':
    case 'FIRST_EXCEPTION':
    case 'FIRST_COMPLETED':
      return value;
    default:
      throw new ValueError(
        `returnWhen must be 'FIRST_COMPLETED', 'FIRST_EXCEPTION' or 'ALL_COMPLETED', not ${JSON.stringify(value)}`,
      );
  }
}
