import type { Timers } from '../base/clock.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import type { LiveCompletions, LiveName } from '../ui/editor/assist.ts';

/** Seconds: a kernel that is busy with a loop answers when it is too late to be of use. */
const PATIENCE = 1;

/**
 * Names that the kernel knows at this moment. A question goes to the kernel by number; its answer comes as an
 * event. Asked in vain, the answer is empty: nobody's typing waits for a busy kernel.
 */
export class KernelCompletions implements LiveCompletions {
  readonly #ask: (n: number, code: string, cursor: number) => void;
  readonly #timers: Timers;
  readonly #waiting = new Map<number, (names: readonly LiveName[]) => void>();
  #asked = 0;

  constructor(ask: (n: number, code: string, cursor: number) => void, timers: Timers) {
    this.#ask = ask;
    this.#timers = timers;
  }

  complete(_cell: unknown, code: string, offset: number): Promise<readonly LiveName[]> {
    const n = this.#asked++;
    return new Promise((resolve) => {
      const cancel = this.#timers.after(PATIENCE, () => {
        this.#answer(n, []);
      });
      this.#waiting.set(n, (names) => {
        cancel();
        resolve(names);
      });
      this.#ask(n, code, offset);
    });
  }

  hear(event: RuntimeEvent): void {
    if (event.type === 'kernel' && event.event.type === 'completions')
      this.#answer(event.event.n, event.event.items);
  }

  #answer(n: number, names: readonly LiveName[]): void {
    this.#waiting.get(n)?.(names);
    this.#waiting.delete(n);
  }
}
