import type { Blocker } from '../client/blocking.ts';
import { BlockingUnavailableError } from '../client/errors.ts';
import type { FromKernel, ToKernel } from '../protocol/kernel-messages.ts';
import type { BlockableLink, Link } from '../protocol/link.ts';
import { KeyboardInterrupt } from '../realm/keyboard-interrupt.ts';

/** The kernel's link, in a thread that can block and in one that cannot. */
export type KernelLink = Link<ToKernel, FromKernel> | BlockableLink<ToKernel, FromKernel>;

/** How cells wait without `await`: in the link, which goes on handling what comes. Interrupts end a wait. */
export class KernelBlocker implements Blocker {
  readonly #link: KernelLink;
  /** Waits under way: a callback of a message that is handled in a wait may wait itself. */
  #depth = 0;
  #isInterrupted = false;

  constructor(link: KernelLink) {
    this.#link = link;
  }

  get isAvailable(): boolean {
    return 'canBlock' in this.#link && this.#link.canBlock;
  }

  wait(until: () => boolean, timeout?: number): string | null {
    const link = this.#link;
    if (!('block' in link)) return 'this thread cannot block';
    this.#depth += 1;
    try {
      const refusal = link.block(() => this.#isInterrupted || until(), timeout);
      if (this.#isInterrupted) throw new KeyboardInterrupt();
      return refusal;
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#isInterrupted = false;
    }
  }

  /** @throws KeyboardInterrupt; BlockingUnavailableError. */
  sleep(seconds: number): void {
    if (!this.isAvailable) {
      throw new BlockingUnavailableError(
        'sleepSync blocks, which is impossible here (it needs shared memory and a worker). Use `await sleep(t)` instead.',
      );
    }
    this.wait(() => false, seconds);
  }

  /** Ends the waits that are under way with KeyboardInterrupt. */
  interrupt(): void {
    if (this.#depth > 0) this.#isInterrupted = true;
  }
}
