import type { EngineId } from '../../protocol/ids.ts';
import { spell } from '../spelling.ts';

/** What an engine set asks of its cluster. */
export interface SetOwner {
  /** Of these, the ones that are there. */
  living(ids: readonly EngineId[]): EngineId[];
  outputOf(ids: readonly EngineId[]): string;
}

/** Engines that were started together. */
export class EngineSet {
  readonly id: string;
  readonly #owner: SetOwner;
  readonly #started: readonly EngineId[];

  constructor(id: string, started: readonly EngineId[], owner: SetOwner) {
    this.id = id;
    this.#started = started;
    this.#owner = owner;
  }

  /** Ids of its engines that have not been stopped, sorted. */
  get engineIds(): EngineId[] {
    return this.#owner.living(this.#started);
  }

  get n(): number {
    return this.engineIds.length;
  }

  /** What happened to its engines (started, registered, died and why), a line each with its time. */
  getOutput(): string {
    return this.#owner.outputOf(this.#started);
  }

  toString(): string {
    return `<EngineSet ${this.id}: engines ${this.engineIds.join(', ')}>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

spell(EngineSet);
