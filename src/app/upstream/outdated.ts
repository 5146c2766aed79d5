import type { Timers } from '../../base/clock.ts';
import { type Cause, NO_RUNS, outdatedCells, recorded } from '../../notebook/upstream.ts';
import type { CellId } from '../../protocol/ids.ts';
import type { NotebookStore } from '../../ui/stores/notebook-store.ts';
import type { RunSurroundings, runNames } from './run-names.ts';

/** Keeps the book of what ran, and marks the cells that are out of date by it. */
export interface Outdated {
  /** A cell is sent to the kernel. */
  readonly sent: (cell: CellId, source: string) => void;
}

export interface OutdatedParts {
  readonly notebook: NotebookStore;
  readonly surroundings: () => RunSurroundings;
  /** What reads names: it comes with a parser, so it is loaded when something runs. */
  readonly load: () => Promise<{ readonly runNames: typeof runNames }>;
  readonly timers: Timers;
}

/** Seconds between an edit and the marks. */
const PAUSE = 0.3;

export function createOutdated({ notebook, surroundings, load, timers }: OutdatedParts): Outdated {
  let book = NO_RUNS;
  /** Grows when all that ran is forgotten: names that are still being read are of an earlier life. */
  let life = 0;
  let reading = Promise.resolve();
  let cancel: (() => void) | null = null;

  const mark = (): void => {
    cancel = null;
    const { session, outdated } = notebook.getState();
    const found = outdatedCells(book, session.document.cells);
    if (!isSame(found, outdated)) notebook.setState({ outdated: found });
  };
  const soon = (): void => {
    cancel ??= timers.after(PAUSE, mark);
  };
  const forget = (): void => {
    life++;
    book = NO_RUNS;
    cancel?.();
    mark();
  };

  notebook.subscribe(({ session }, { session: before }) => {
    const { status } = session.kernel;
    const isAnew = status !== before.kernel.status && (status === 'dead' || status === 'starting');
    if (isAnew || session.document.id !== before.document.id) forget();
    else if (session.document.cells !== before.document.cells) soon();
  });

  return {
    sent: (cell, source) => {
      const { usual, autopx } = surroundings();
      const born = life;
      reading = reading.then(load).then(
        (names) => {
          if (born !== life) return;
          book = recorded(book, cell, source, names.runNames(source, { usual, autopx }));
          soon();
        },
        // Without it cells are not marked, and that is all.
        () => undefined,
      );
    },
  };
}

function isSame(one: ReadonlyMap<CellId, Cause>, other: ReadonlyMap<CellId, Cause>): boolean {
  return (
    one.size === other.size &&
    [...one].every(([id, cause]) => {
      const twin = other.get(id);
      return (
        twin?.how === cause.how && twin.cell === cause.cell && twin.names.join(' ') === cause.names.join(' ')
      );
    })
  );
}
