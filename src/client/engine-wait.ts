import type { EngineState } from '../protocol/client-messages.ts';
import { waitingTime } from './blocking.ts';
import type { ClientCore } from './client-core.ts';
import { EngineError, TimeoutError } from './errors.ts';
import { kindOf } from './flags.ts';

export interface WaitForEnginesOptions {
  /** Seconds; null or negative (default) is for ever. */
  readonly timeout?: number | null;
}

/**
 * Resolves when `n` engines are ready. Rejects with TimeoutError, or with EngineError when an engine leaves
 * meanwhile: what was hoped for may then never come. Ends with the cluster, and with the client.
 * @throws RuntimeError when the client is closed; EngineError when the cluster is gone.
 */
export function waitForEngines(
  core: ClientCore,
  n: number | null | undefined,
  options: WaitForEnginesOptions,
): Promise<void> {
  core.checkOpen();
  const wanted = wantedCount(core, n);
  const timeout = waitingTime(options.timeout);
  if (readyCount(core.engines) >= wanted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let before = core.engines;
    let cancelTimer: (() => void) | null = null;
    const stopListening = () => {
      stopEngines();
      stopEnd();
      cancelTimer?.();
    };
    const fail = (error: Error) => {
      stopListening();
      reject(error);
    };
    const stopEnd = core.onEnd(fail);
    const stopEngines = core.onEngines((engines) => {
      const gone = departed(before, engines);
      before = engines;
      if (readyCount(engines) >= wanted) {
        stopListening();
        resolve();
      } else if (gone) fail(departure(gone));
    });
    if (timeout === undefined) return;
    cancelTimer = core.environment.timers.after(timeout, () => {
      fail(new TimeoutError(timeoutMessage(wanted, timeout, readyCount(core.engines))));
    });
  });
}

/** The same, blocking. */
export function blockForEngines(
  core: ClientCore,
  n: number | null | undefined,
  options: WaitForEnginesOptions,
): void {
  core.checkOpen();
  const wanted = wantedCount(core, n);
  const timeout = waitingTime(options.timeout);
  const before = core.engines;
  const isReady = () => readyCount(core.engines) >= wanted;
  const gone = () => departed(before, core.engines);
  const isOver = () => isReady() || gone() !== undefined || core.environment.hub.lost !== null;
  core.block(isOver, timeout, 'await rc.waitForEngines(n)');
  if (isReady()) return;
  core.checkReachable();
  const engine = gone();
  if (engine) throw departure(engine);
  throw new TimeoutError(timeoutMessage(wanted, timeout ?? Infinity, readyCount(core.engines)));
}

function wantedCount(core: ClientCore, n: number | null | undefined): number {
  const wanted: unknown = n ?? core.environment.clusterSize?.() ?? null;
  if (typeof wanted === 'number' && !Number.isNaN(wanted)) return wanted;
  if (wanted !== null) {
    throw new TypeError(`waitForEngines needs a number of engines, not ${kindOf(wanted)}`);
  }
  throw new TypeError(
    'waitForEngines needs a number: this client does not know how many engines there will be',
  );
}

function departure(engine: EngineState): EngineError {
  return new EngineError(`Engine ${String(engine.id)} is gone. ${engine.death ?? 'It left.'}`);
}

function readyCount(engines: readonly EngineState[]): number {
  return engines.filter(({ status }) => status === 'idle' || status === 'busy').length;
}

function departed(before: readonly EngineState[], after: readonly EngineState[]): EngineState | undefined {
  const dead = after.find(({ status }) => status === 'dead');
  return dead ?? before.find((engine) => !after.some(({ id }) => id === engine.id));
}

function timeoutMessage(wanted: number, timeout: number, ready: number): string {
  const n = String(wanted);
  return `${n} engines not ready in ${String(timeout)} seconds. Currently ready: ${String(ready)}`;
}
