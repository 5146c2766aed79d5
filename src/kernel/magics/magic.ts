import type { RunContext } from '../run-context.ts';

/** A magic as it stands in a cell. */
export interface MagicCall {
  /** Without the per cent signs: `px`, `px0`. */
  readonly name: string;
  /** `%%name`: `body` is the rest of the cell. */
  readonly isCell: boolean;
  /** What follows the name on its line. */
  readonly rest: string;
  /** The line of the magic, from 1, and the column of `rest` on it, from 0. */
  readonly line: number;
  readonly column: number;
  /** For cell magics: what follows the first line, and the line it begins on. */
  readonly body: string;
  readonly bodyLine: number;
}

/**
 * Checks a call completely and gives what will run. Whatever is wrong with the flags or the code throws here:
 * every magic of a cell is prepared before anything of the cell runs.
 */
export type Magic = (call: MagicCall, context: RunContext) => () => Promise<MagicResult>;

export interface MagicResult {
  /** Present when the magic has a value: what the cell shows if it is the last thing in it, and what
   * `x = %magic` assigns. */
  readonly value?: unknown;
}

/** Magics by name. Views that are activated with a suffix add theirs (`px0`). */
export class MagicRegistry {
  readonly #magics = new Map<string, Magic>();

  register(name: string, magic: Magic): void {
    this.#magics.set(name, magic);
  }

  get(name: string): Magic | undefined {
    return this.#magics.get(name);
  }

  /** All there are, in alphabetical order. */
  names(): ReadonlySet<string> {
    return new Set([...this.#magics.keys()].sort());
  }
}
