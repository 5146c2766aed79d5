import type { EngineId } from '../../protocol/ids.ts';
import type { FlagSpec } from '../../realm/magics/flags.ts';
import type { MagicCall } from '../../realm/magics/magic-call.ts';
import type { MagicSpec } from '../../realm/magics/realm-calls.ts';
import type { RunContext, Step } from '../run-context.ts';

/**
 * Checks a call completely and gives what will run, once or again and again. Whatever is wrong with the flags or
 * the code throws here: every magic of a cell is prepared before anything of the cell runs.
 */
export type PrepareMagic = (call: MagicCall, context: RunContext) => Step;

/** A magic: how it is called, in words for people, and what it does. */
export interface Magic extends MagicSpec {
  readonly prepare: PrepareMagic;
  /** Left out of lists: there are other ways to write it. */
  readonly isHidden?: boolean;
  /**
   * Its code runs on engines: on these, if the line behind the magic says what it says. Asked while one types, so
   * the line may be unfinished; it never throws.
   */
  readonly engines?: (line: string) => readonly EngineId[];
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

  /** Those that people are told of, as typed: `%px`, then `%%px`. */
  listed(): { readonly line: readonly string[]; readonly cell: readonly string[] } {
    const shown = [...this.names()].filter((name) => this.get(name)?.isHidden !== true);
    const of = (form: 'line' | 'cell') =>
      shown.filter((name) => [form, 'both'].includes(this.get(name)?.forms ?? ''));
    return { line: of('line').map((name) => `%${name}`), cell: of('cell').map((name) => `%%${name}`) };
  }
}

export const NO_FLAGS: readonly FlagSpec[] = [];
