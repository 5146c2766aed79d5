import { BlockingUnavailableError } from './errors.ts';

/**
 * Waits without `await`: stops this thread, handling the cluster's messages as they come, until `until()` is
 * true or `timeout` seconds are over (undefined: for ever). Throws KeyboardInterrupt when interrupted.
 * Returns null, or why it had to give up: what is coming cannot be had without giving up the turn.
 */
export interface Blocker {
  wait(until: () => boolean, timeout?: number): string | null;
}

/**
 * Blocks until `until()`, if it is not true already; false when time is up first.
 * `twin` is what to write instead, for the error.
 * @throws BlockingUnavailableError where nothing can block.
 */
export function blockUntil(
  blocker: Blocker | undefined,
  until: () => boolean,
  timeout: number | undefined,
  twin: string,
): boolean {
  if (until()) return true;
  if (!blocker) {
    throw new BlockingUnavailableError(
      `This call waits without \`await\`, which is impossible here (it needs shared memory and a worker). ` +
        `Use \`${twin}\` instead.`,
    );
  }
  const refusal = blocker.wait(until, timeout);
  if (refusal !== null) {
    throw new BlockingUnavailableError(
      `This call cannot wait for what is coming without \`await\`: ${refusal}. Use \`${twin}\` instead.`,
    );
  }
  return until();
}

/** The result of the function `name` is there, and cannot be had without `await`. */
export function outOfReach(name: string, reason: string, twin: string): BlockingUnavailableError {
  return new BlockingUnavailableError(
    `The result of ${name} cannot be read without \`await\`: ${reason}. Use \`${twin}\` instead.`,
  );
}

/** Seconds to wait: undefined for ever. As in IPython, null and negative numbers mean for ever too. */
export function waitingTime(timeout: number | null | undefined): number | undefined {
  if (timeout === null || timeout === undefined) return undefined;
  if (typeof timeout !== 'number' || Number.isNaN(timeout)) {
    throw new TypeError(`timeout must be a number of seconds or null, not ${String(timeout)}`);
  }
  return timeout < 0 || timeout === Infinity ? undefined : timeout;
}
