import type { Timers } from '../base/clock.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import type { LiveCompletions, LiveName } from '../ui/editor/assist.ts';

/** Seconds: a kernel that is busy with a loop answers when it is too late to be of use. */
const PATIENCE = 1;

/**
 * Names that the kernel knows at this moment. A question goes to the kernel by number; its answer comes as an
 * event. Asked in vain, there is none: nobody's typing waits for a busy kernel.
 */
export class KernelCompletions implements LiveCompletions {
  readonly #ask: (n: number, code: string, cursor: number) => void;
  readonly #timers: Timers;
  readonly #waiting = new Map<number, (names: readonly LiveName[] | null) => void>();
  #asked = 0;

  constructor(ask: (n: number, code: string, cursor: number) => void, timers: Timers) {
    this.#ask = ask;
    this.#timers = timers;
  }

  async complete(_cell: unknown, code: string, offset: number): Promise<readonly LiveName[]> {
    return (await this.#namesAt(code, offset)) ?? [];
  }

  /** Whether the kernel has the name; null when it does not answer in time. */
  async has(name: string): Promise<boolean | null> {
    const names = await this.#namesAt(name, name.length);
    return names && names.some((one) => one.name === name);
  }

  hear(event: RuntimeEvent): void {
    if (event.type === 'kernel' && event.event.type === 'completions')
      this.#answer(event.event.n, event.event.items);
  }

  #namesAt(code: string, offset: number): Promise<readonly LiveName[] | null> {
    const n = this.#asked++;
    return new Promise((resolve) => {
      const cancel = this.#timers.after(PATIENCE, () => {
        this.#answer(n, null);
      });
      this.#waiting.set(n, (names) => {
        cancel();
        resolve(names);
      });
      this.#ask(n, code, offset);
    });
  }

  #answer(n: number, names: readonly LiveName[] | null): void {
    this.#waiting.get(n)?.(names);
    this.#waiting.delete(n);
  }
}
