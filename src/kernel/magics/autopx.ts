import type { EngineId } from '../../protocol/ids.ts';
import type { RunContext, Step } from '../run-context.ts';

/** Magics whose view takes the cells. */
export interface AutopxView {
  /** In words: `all`, `1`, `[0, 2]`. */
  readonly targets: string;
  readonly engines: readonly EngineId[];
  prepareCell(source: string, context: RunContext): Step;
}

/** The one switch of %autopx: at most one view takes the cells. */
export class Autopx {
  readonly #onChange: (current: AutopxView | null) => void;
  #current: AutopxView | null = null;

  constructor(onChange: (current: AutopxView | null) => void) {
    this.#onChange = onChange;
  }

  /** Whose engines cells go to; null when it is off. */
  get current(): AutopxView | null {
    return this.#current;
  }

  /** Off if these magics had it on, else on, whoever had it. Tells whether it is on now. */
  toggle(magics: AutopxView): boolean {
    this.#current = this.#current === magics ? null : magics;
    this.#onChange(this.#current);
    return this.#current !== null;
  }
}
