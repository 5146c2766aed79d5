import type { LentMemory } from '../protocol/lent-memory.ts';

/** Memory that some requests may put their results into, for as long as one of them may. */
export interface Loan {
  readonly memory: LentMemory;
  /** A request is done with it, and its result is out of it. `isClean`: no engine can be writing for it any more. */
  end(isClean: boolean): void;
}

export class RunningLoan implements Loan {
  readonly memory: LentMemory;
  readonly #onReturned: (isClean: boolean) => void;
  #users = 0;
  #isClean = true;

  constructor(memory: LentMemory, onReturned: (isClean: boolean) => void) {
    this.memory = memory;
    this.#onReturned = onReturned;
  }

  get isUsed(): boolean {
    return this.#users > 0;
  }

  begin(): this {
    this.#users += 1;
    return this;
  }

  end(isClean: boolean): void {
    if (!isClean && this.memory.isTouched) this.#isClean = false;
    this.#users -= 1;
    if (this.#users === 0) this.#onReturned(this.#isClean);
  }
}
