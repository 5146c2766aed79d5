import { MOST_ENGINES } from '../protocol/most-engines.ts';

/** Places for engines, which all hubs of one host share: whoever asks for more than there are gets none. */
export class Places {
  readonly most: number;
  #taken = 0;

  constructor(most: number = MOST_ENGINES) {
    this.most = most;
  }

  get free(): number {
    return this.most - this.#taken;
  }

  /** False: there is none. */
  take(): boolean {
    if (this.free <= 0) return false;
    this.#taken++;
    return true;
  }

  giveBack(): void {
    this.#taken--;
  }
}
