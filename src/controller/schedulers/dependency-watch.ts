import type { EngineId } from '../../protocol/ids.ts';
import type { DependencySpec } from '../../protocol/terms.ts';
import type { Fate } from '../hub/fates.ts';

/** One dependency, as far as the fates of its tasks are known. Each is told once. */
export class DependencyWatch {
  readonly spec: DependencySpec;
  /** Tasks that have not ended. */
  #open: number;
  /** Those that ended as they should have. */
  #satisfied = 0;
  /** Where those ran. */
  readonly #places = new Set<EngineId>();
  /** One of those never ran. */
  #isNowhere = false;

  constructor(spec: DependencySpec) {
    this.spec = spec;
    this.#open = spec.msgIds.length;
  }

  learn({ ok, engineId }: Fate): void {
    this.#open--;
    if (!(ok ? this.spec.success : this.spec.failure)) return;
    this.#satisfied++;
    if (engineId === null) this.#isNowhere = true;
    else this.#places.add(engineId);
  }

  get isMet(): boolean {
    const { all, msgIds } = this.spec;
    if (msgIds.length === 0) return true;
    return all ? this.#satisfied === msgIds.length : this.#satisfied > 0;
  }

  /** It can never be met any more. */
  get isUnreachable(): boolean {
    const { all, msgIds } = this.spec;
    const contrary = msgIds.length - this.#open - this.#satisfied;
    return all ? contrary > 0 : contrary === msgIds.length && contrary > 0;
  }

  /** Where a task that follows may run; null: anywhere. With `all`, one place only can be where all ran. */
  get places(): readonly EngineId[] | null {
    return this.spec.msgIds.length === 0 ? null : [...this.#places];
  }

  /** All are to have run in one place, and did not. */
  get isScattered(): boolean {
    return this.spec.all && (this.#places.size > 1 || this.#isNowhere);
  }

  /** Nobody is left who could bring a place. */
  get isPlaceless(): boolean {
    return this.#open === 0 && this.#places.size === 0 && this.spec.msgIds.length > 0;
  }
}
