import type { LentMemory } from '../protocol/lent-memory.ts';

/** Memory that some requests may have their results put into, for as long as one of them may. */
export class Loan {
  readonly memory: LentMemory;
  readonly #onReturned: (isClean: boolean) => void;
  #users = 0;
  #isClean = true;
  #openFor: readonly number[] = [];

  /** `isClean`: no engine can be writing for any of them any more. */
  constructor(memory: LentMemory, onReturned: (isClean: boolean) => void) {
    this.memory = memory;
    this.#onReturned = onReturned;
  }

  get isUsed(): boolean {
    return this.#users > 0;
  }

  /** Engines put the results of these there, by number, until they are told others; gives those of before. */
  openFor(requests: readonly number[]): readonly number[] {
    const before = this.#openFor;
    this.#openFor = requests;
    this.memory.openFor(requests);
    return before;
  }

  begin(): void {
    this.#users += 1;
  }

  /** A request is done with it, and its result is out of it. */
  end(isClean: boolean): void {
    if (!isClean && this.memory.isTouched) this.#isClean = false;
    this.#users -= 1;
    if (this.#users === 0) this.#onReturned(this.#isClean);
  }
}
