import type { Clock } from '../base/clock.ts';
import type { Method } from '../protocol/requests.ts';
import type { Namespace } from '../realm/namespace.ts';

/** Milliseconds between two looks at the namespace after requests that seldom change it. */
const REST = 100;

/**
 * Which names the engine has, told with replies so that completion never waits for a busy engine. Looking is
 * cheap but not free: after a small `apply` it is done only now and then.
 */
export class NameReport {
  readonly #namespace: Namespace;
  readonly #clock: Clock;
  /** As told last; null when the other side has forgotten. */
  #told: readonly string[] | null = null;
  #looked = -Infinity;

  constructor(namespace: Namespace, clock: Clock) {
    this.#namespace = namespace;
    this.#clock = clock;
  }

  /** The names after a request, or null when they are those told before. */
  after(method: Method): readonly string[] | null {
    const now = this.#clock.now();
    const seldom = method === 'apply' || method === 'map' || method === 'pull';
    if (seldom && now - this.#looked < REST) return null;
    this.#looked = now;
    const names = this.#namespace.keys();
    if (
      this.#told &&
      names.length === this.#told.length &&
      names.every((name, i) => name === this.#told?.[i])
    ) {
      return null;
    }
    this.#told = names;
    return names;
  }

  forget(): void {
    this.#told = null;
  }
}
