import type { Timers } from '../base/clock.ts';

/** Any function; its arguments and result stay as they are. */
type AnyFunction = (...args: never[]) => unknown;

/** Seconds. */
const SOON = 0.001;

/**
 * Who has started the code that runs now: a request of an engine, a cell of the kernel. What is printed or thrown late
 * is theirs.
 *
 * The platform tells nobody where a microtask comes from, but it runs them right behind the code that made them
 * ready. So whoever is entered stays until somebody else is, also when its callback has returned: what follows in the
 * same turn, continuations of `await` among it, is its own. Only what begins a turn has to enter: messages, and the
 * callbacks that `bind` keeps together with who has passed them. What begins a turn and was bound by nobody runs for
 * nobody.
 */
export class AsyncContext<Owner> {
  readonly #timers: Pick<Timers, 'after'>;
  #now: Owner | null = null;
  /** How often somebody was entered. */
  #entries = 0;
  #isWatching = false;

  constructor(timers: Pick<Timers, 'after'>) {
    this.#timers = timers;
  }

  /** Null: nobody knows. */
  get now(): Owner | null {
    return this.#now;
  }

  enter(owner: Owner | null): void {
    this.#now = owner;
    this.#entries++;
    if (owner !== null && !this.#isWatching) this.#watch();
  }

  /** `callback`, which belongs to whoever runs now. Before the first it is the realm's own, which enters nobody. */
  bind<F extends AnyFunction>(callback: F): F {
    if (this.#entries === 0) return callback;
    const owner = this.#now;
    const enter = () => {
      this.enter(owner);
    };
    return function (this: unknown, ...args: never[]): unknown {
      enter();
      return Reflect.apply(callback, this, args);
    } as F;
  }

  /** The same for what comes with a promise. */
  bindPromise<T>(promise: PromiseLike<T>): Promise<T> {
    const owner = this.#now;
    return Promise.resolve(promise).then(
      (value) => {
        this.enter(owner);
        return value;
      },
      (error: unknown) => {
        this.enter(owner);
        throw error;
      },
    );
  }

  /** Whoever runs now goes on when `work` has called callbacks of others. */
  stay<T>(work: () => T): T {
    const owner = this.#now;
    try {
      return work();
    } finally {
      this.enter(owner);
    }
  }

  /**
   * Turns end without a word; once in some milliseconds it is asked whether one has. Two timers, one behind the other:
   * the first may be due when a long turn ends, before the platform has told of rejections in it.
   */
  #watch(): void {
    this.#isWatching = true;
    const entries = this.#entries;
    const look = (): void => {
      this.#isWatching = false;
      if (entries === this.#entries) this.#now = null;
      else if (this.#now !== null) this.#watch();
    };
    this.#timers.after(SOON, () => {
      this.#timers.after(SOON, look);
    });
  }
}
