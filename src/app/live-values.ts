import type { Timers } from '../base/clock.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { KernelEvent } from '../protocol/kernel-messages.ts';
import type { Lane } from '../protocol/outputs.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import type { ValuesAt } from '../ui/editor/assist.ts';
import { formatEngines } from '../ui/format.ts';
import type { Looking } from '../ui/output/looking.ts';

type Found = Extract<KernelEvent, { readonly type: 'inspection' }>['found'];

/** Seconds that somebody who points at a name waits. */
const PATIENCE = 0.6;
/** What an engine holds that does not answer in time. */
const BUSY = '(busy)';

/**
 * The value of a name where its cell runs: in the kernel, or on each of the engines that a `%px` cell goes to. The
 * kernel tells which name it is and which engines those are; the engines are asked one by one, those that hold the
 * same are named together, and nobody waits for one that is busy.
 */
export class LiveValues {
  readonly #inspect: (n: number, code: string, cursor: number) => void;
  readonly #looking: Looking;
  readonly #timers: Timers;
  readonly #waiting = new Map<number, (found: Found) => void>();
  #asked = 0;

  constructor(inspect: (n: number, code: string, cursor: number) => void, looking: Looking, timers: Timers) {
    this.#inspect = inspect;
    this.#looking = looking;
    this.#timers = timers;
  }

  async at(code: string, offset: number): Promise<ValuesAt | null> {
    const found = await this.#ask(code, offset);
    if (!found || found.path.length === 0) return null;
    const { from, to, path, engines } = found;
    const asked: readonly Lane[] = engines.length > 0 ? engines : [null];
    const texts = await Promise.all(asked.map(async (at) => [at, await this.#textAt(at, path)] as const));
    const values = together(texts.filter((one): one is readonly [Lane, string] => one[1] !== null));
    return values.some(({ text }) => text !== BUSY) ? { from, to, values } : null;
  }

  hear(event: RuntimeEvent): void {
    if (event.type !== 'kernel' || event.event.type !== 'inspection') return;
    this.#waiting.get(event.event.n)?.(event.event.found);
  }

  #ask(code: string, offset: number): Promise<Found> {
    const n = this.#asked++;
    const answer = new Promise<Found>((resolve) => {
      this.#waiting.set(n, resolve);
    });
    this.#inspect(n, code, offset);
    return this.#soon(answer, null).finally(() => this.#waiting.delete(n));
  }

  /** Null: it has no such name. */
  async #textAt(at: Lane, path: readonly string[]): Promise<string | null> {
    const question = { type: 'name', path } as const;
    const answer = await this.#soon(this.#looking.look(at, question), { type: 'busy' } as const);
    if (answer.type === 'busy') return BUSY;
    return answer.type === 'name' ? (answer.summary?.text ?? null) : null;
  }

  #soon<T, L>(answer: Promise<T>, late: L): Promise<T | L> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(PATIENCE, () => {
        resolve(late);
      });
      void answer.then((value) => {
        cancel();
        resolve(value);
      });
    });
  }
}

/** Engines that hold the same, in the order of the first of them. */
function together(texts: readonly (readonly [Lane, string])[]): ValuesAt['values'] {
  const holders = new Map<string, Lane[]>();
  for (const [at, text] of texts) holders.set(text, [...(holders.get(text) ?? []), at]);
  return [...holders].map(([text, lanes]) => {
    const engines = lanes.filter((lane): lane is EngineId => lane !== null);
    return { who: engines.length > 0 ? formatEngines(engines) : 'kernel', text };
  });
}
