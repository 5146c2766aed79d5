import { deferred } from '../base/deferred.ts';
import { KeyboardInterrupt } from '../realm/keyboard-interrupt.ts';

/**
 * One run's ear for the reader's interrupt. Awaiting code cannot be stopped from outside, but waiting for it
 * can: the run ends at once with KeyboardInterrupt and the abandoned promise is nobody's any more.
 */
export class Interrupts {
  #asked = false;
  readonly #listeners = new Set<() => void>();

  get asked(): boolean {
    return this.#asked;
  }

  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Called once, when the reader interrupts; at once if that has happened. The returned function forgets it. */
  onInterrupt(listener: () => void): () => void {
    if (this.#asked) listener();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** `work`, or KeyboardInterrupt as soon as the reader asks. */
  async race<T>(work: PromiseLike<T> | T): Promise<T> {
    const stopped = deferred<never>();
    const forget = this.onInterrupt(() => {
      stopped.reject(new KeyboardInterrupt());
    });
    stopped.promise.catch(() => undefined);
    try {
      return await Promise.race([work, stopped.promise]);
    } finally {
      forget();
    }
  }
}
