/** Any function; its arguments and result stay as they are. */
type AnyFunction = (...args: never[]) => unknown;

/**
 * Who has started the code that runs now: a request of an engine, a cell of the kernel. What is printed or thrown late
 * is theirs.
 *
 * The platform tells nobody where a microtask comes from, but it runs them right behind the code that made them
 * ready. So whoever is entered stays until somebody else is, also when its callback has returned: what follows in the
 * same turn, continuations of `await` among it, is its own. Only what begins a turn has to enter: messages, and the
 * callbacks that `bind` keeps together with who has passed them.
 */
export class AsyncContext<Owner> {
  #now: Owner | null = null;

  /** Null before the first. */
  get now(): Owner | null {
    return this.#now;
  }

  enter(owner: Owner | null): void {
    if (owner !== null) this.#now = owner;
  }

  /** `callback`, which belongs to whoever runs now. */
  bind<F extends AnyFunction>(callback: F): F {
    const owner = this.#now;
    if (owner === null) return callback;
    const enter = () => {
      this.#now = owner;
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
}
