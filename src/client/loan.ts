import { SLOTS, type LentMemory } from '../protocol/lent-memory.ts';

/** Memory that some requests may have their results put into, for as long as one of them may. */
export class Loan {
  readonly memory: LentMemory;
  readonly #onReturned: (isClean: boolean) => void;
  /** By number, with the slot in which it is said. */
  readonly #borrowers = new Map<number, number>();
  /** Slots that are free below the highest one ever used. */
  readonly #free: number[] = [];
  #used = 0;
  #isClean = true;

  /** `isClean`: no engine can be writing for any of them any more. */
  constructor(memory: LentMemory, onReturned: (isClean: boolean) => void) {
    this.memory = memory;
    this.#onReturned = onReturned;
  }

  get isUsed(): boolean {
    return this.#borrowers.size > 0;
  }

  /** That request's result may be put there from now on. False: it may not, there are too many. */
  begin(request: number): boolean {
    const slot = this.#free.pop() ?? (this.#used < SLOTS ? this.#used++ : undefined);
    if (slot === undefined) return false;
    this.#borrowers.set(request, slot);
    this.memory.say(slot, request);
    return true;
  }

  /** That request's result may be put there. */
  serves(request: number): boolean {
    return this.#borrowers.has(request);
  }

  /** The request is done with it, and its result is out of it. */
  end(request: number, isClean: boolean): void {
    const slot = this.#borrowers.get(request);
    if (slot === undefined) return;
    this.#borrowers.delete(request);
    this.#free.push(slot);
    this.memory.say(slot, 0);
    if (!isClean && this.memory.isTouched) this.#isClean = false;
    if (!this.isUsed) this.#onReturned(this.#isClean);
  }
}
