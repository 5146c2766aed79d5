import { deferred, type Deferred } from '../../base/deferred.ts';
import type { Link } from '../../protocol/link.ts';
import type { CellTypes } from '../../ui/editor/assist.ts';
import type { SourceCell } from './cell-modules.ts';
import type { Answers, FromTypes, Question, Questions, ToTypes } from './types-messages.ts';

export interface CellTypesParts {
  /** Starts the worker; called once, when it is needed first. */
  readonly launch: () => Link<FromTypes, ToTypes>;
  /** Address of the declarations. */
  readonly declarations: string;
  /** The code cells of the notebook as they are now, in order. */
  readonly cells: () => readonly SourceCell[];
}

/** The page's end of the types worker: it learns what has changed right before each question. */
export function createCellTypes(parts: CellTypesParts): CellTypes {
  let types: Types | null = null;
  const start = (): Types => (types ??= new Types(parts));
  const ask = <About extends keyof Questions>(about: About, details: Questions[About]) =>
    start().ask({ about, ...details } as Question) as Promise<Answers[About]>;
  return {
    // The first answer takes the longest: all declarations are read for it.
    warm: () => {
      const [first] = parts.cells();
      if (first) ask('suggest', { cell: first.id, offset: 0 }).catch(() => undefined);
    },
    suggest: (cell, offset) => ask('suggest', { cell, offset }),
    describe: (cell, offset, name) => ask('describe', { cell, offset, name }),
    hover: (cell, offset) => ask('hover', { cell, offset }),
    signatures: (cell, offset) => ask('signatures', { cell, offset }),
    problems: (cell) => ask('problems', { cell }),
  };
}

class Types {
  readonly #link: Link<FromTypes, ToTypes>;
  readonly #cells: () => readonly SourceCell[];
  readonly #pending = new Map<number, Deferred<unknown>>();
  /** What the worker knows, in order. */
  #known: readonly SourceCell[] = [];
  #count = 0;
  #lost: string | null = null;

  constructor({ launch, cells, declarations }: CellTypesParts) {
    const link = launch();
    this.#link = link;
    this.#cells = cells;
    link.onMessages((messages) => {
      for (const message of messages) this.#hear(message);
    });
    link.onLost((reason) => {
      this.#lost = reason;
      for (const [n] of this.#pending) this.#settle(n)?.reject(new Error(reason));
    });
    link.post({ type: 'start', declarations });
  }

  ask(question: Question): Promise<unknown> {
    if (this.#lost !== null) return Promise.reject(new Error(this.#lost));
    this.#tellChanges();
    this.#count++;
    const answer = deferred<unknown>();
    this.#pending.set(this.#count, answer);
    this.#link.post({ type: 'ask', n: this.#count, ...question });
    return answer.promise;
  }

  #tellChanges(): void {
    const cells = this.#cells();
    const known = new Map(this.#known.map((cell) => [cell.id, cell]));
    const changed = cells
      .filter(({ id, source, mayFail }) => {
        const before = known.get(id);
        return before?.source !== source || before.mayFail !== mayFail;
      })
      .map(({ id, source, mayFail }) => ({ id, source, ...(mayFail ? { mayFail } : {}) }));
    const isSame =
      cells.length === this.#known.length && cells.every(({ id }, i) => id === this.#known[i]?.id);
    this.#known = cells;
    if (isSame && changed.length === 0) return;
    this.#link.post({ type: 'cells', order: cells.map(({ id }) => id), changed });
  }

  #hear(message: FromTypes): void {
    const asked = this.#settle(message.n);
    if (message.type === 'answer') asked?.resolve(message.answer);
    else asked?.reject(new Error(message.message));
  }

  #settle(n: number): Deferred<unknown> | undefined {
    const asked = this.#pending.get(n);
    this.#pending.delete(n);
    return asked;
  }
}
