import type { EngineState } from '../protocol/client-messages.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { LookAnswer, LookQuestion } from '../protocol/looking.ts';
import type { Lane } from '../protocol/outputs.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import type { Looking } from '../ui/output/looking.ts';

const GONE: LookAnswer = { type: 'gone' };

interface Waiting {
  readonly at: Lane;
  /** Which life of the engine was asked; null for the kernel. */
  readonly uuid: string | null;
  readonly resolve: (answer: LookAnswer) => void;
}

/**
 * Questions of the page about values in kernel and engines. Each is answered: by who was asked, however late, or with
 * "gone" when that one has ended.
 */
export class Looks implements Looking {
  readonly #ask: (n: number, at: Lane, question: LookQuestion) => void;
  readonly #engines: () => readonly EngineState[];
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(
    ask: (n: number, at: Lane, question: LookQuestion) => void,
    engines: () => readonly EngineState[],
  ) {
    this.#ask = ask;
    this.#engines = engines;
  }

  look(at: Lane, question: LookQuestion): Promise<LookAnswer> {
    const uuid = at === null ? null : this.#uuidOf(at);
    if (at !== null && uuid === null) return Promise.resolve(GONE);
    const n = this.#asked++;
    return new Promise((resolve) => {
      this.#waiting.set(n, { at, uuid, resolve });
      this.#ask(n, at, question);
    });
  }

  hear(event: RuntimeEvent): void {
    if (event.type === 'seen') this.#settle(event.n, event.answer);
    else if (event.type === 'kernel-status' && (event.status === 'starting' || event.status === 'dead')) {
      this.#giveUp(({ at }) => at === null);
    } else if (event.type === 'engines') {
      const living = new Set(
        event.engines.filter(({ status }) => status !== 'dead').map(({ uuid }) => String(uuid)),
      );
      this.#giveUp(({ at, uuid }) => at !== null && !living.has(uuid ?? ''));
    }
  }

  #uuidOf(id: EngineId): string | null {
    return this.#engines().find((engine) => engine.id === id && engine.status !== 'dead')?.uuid ?? null;
  }

  #giveUp(isLost: (waiting: Waiting) => boolean): void {
    for (const [n, waiting] of this.#waiting) if (isLost(waiting)) this.#settle(n, GONE);
  }

  #settle(n: number, answer: LookAnswer): void {
    this.#waiting.get(n)?.resolve(answer);
    this.#waiting.delete(n);
  }
}
