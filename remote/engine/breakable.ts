import { Script } from 'node:vm';
import { KeyboardInterrupt } from '../../src/realm/keyboard-interrupt.ts';

/** Where the work lies that the script below calls; a symbol, so that it is nobody's variable. */
const WORK = Symbol.for('tutti.work');
/** What users' code has as its global; to this program `globalThis` is another thing (`scripts/own-globals-plugin.ts`). */
const here = new Script('globalThis').runInThisContext() as Record<symbol, unknown>;
const script = new Script(`globalThis[Symbol.for('tutti.work')]()`, { filename: 'node:tutti' });

/**
 * Runs work that a SIGINT to this process breaks off, whatever it does: V8 is told to end it, and the namespace
 * stays. Holds for what runs until `work` returns; code that goes on after an `await` hears the interrupt
 * flag only. Costs about 0.1 ms, for Node starts a thread that waits for the signal.
 *
 * @throws KeyboardInterrupt when it was broken off; what `work` throws.
 */
export function breakable<T>(work: () => T): T {
  here[WORK] = work;
  try {
    return script.runInThisContext({ breakOnSigint: true, displayErrors: false }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') {
      throw new KeyboardInterrupt();
    }
    throw error;
  } finally {
    here[WORK] = undefined;
  }
}
