/** What `dview['a'] = 5` has under way: a call whose result nobody holds. */
interface PendingAssignment {
  /** Calls back, at once if need be, with the error or null. */
  onSettled(listener: (error: Error | null) => void): void;
}

/**
 * Failures of assignments that nobody awaits. They surface at the next call on the same view once they are
 * known, and at the latest when whoever runs the cell asks for them.
 */
export class Assignments {
  readonly #pending = new Set<PendingAssignment>();
  #failures: { readonly view: object; readonly error: Error }[] = [];
  #onIdle: (() => void)[] = [];

  watch(view: object, assignment: PendingAssignment): void {
    this.#pending.add(assignment);
    assignment.onSettled((error) => {
      this.#pending.delete(assignment);
      if (error) this.#failures.push({ view, error });
      if (this.#pending.size === 0) this.#callIdle();
    });
  }

  /** Throws the first known failure of this view's assignments, and forgets them all. */
  raise(view: object): void {
    if (this.#failures.length === 0) return;
    const mine = this.#failures.filter((failure) => failure.view === view);
    this.#failures = this.#failures.filter((failure) => failure.view !== view);
    if (mine[0]) throw mine[0].error;
  }

  /** The known failures that have not surfaced, in order; they count as surfaced now. */
  take(): Error[] {
    const errors = this.#failures.map(({ error }) => error);
    this.#failures = [];
    return errors;
  }

  /** Resolves when no assignment is under way. */
  settled(): Promise<void> {
    if (this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  get isIdle(): boolean {
    return this.#pending.size === 0;
  }

  #callIdle(): void {
    const listeners = this.#onIdle;
    this.#onIdle = [];
    for (const listener of listeners) listener();
  }
}
