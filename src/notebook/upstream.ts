/**
 * Which cells stand on what is no longer so: they ran, and a name that they use has been given another value since,
 * or would be given one if its cell ran again. Told from the texts that ran, in the order in which they ran; nothing
 * is run because of it. Pure: the names come in.
 *
 * A name is written with its realm in front (`kernel data`, `engines data`), so that what a plain cell declares and
 * what a `%px` cell declares are not taken for the same.
 */
import type { CellId } from '../protocol/ids.ts';
import type { Cell } from './document.ts';

/** What the run of a cell has to do with names. */
export interface RunNames {
  readonly gives: readonly string[];
  readonly uses: readonly string[];
}

/** The last run of a cell. */
interface Ran {
  readonly cell: CellId;
  readonly source: string;
  /** Runs have places in one order. */
  readonly order: number;
  /** The same as long as source and what was used are the same: so are the values then. */
  readonly version: number;
  readonly gives: ReadonlySet<string>;
  /** Where each used name came from. */
  readonly took: ReadonlyMap<string, { readonly cell: CellId; readonly version: number }>;
}

export interface RunBook {
  readonly runs: ReadonlyMap<CellId, Ran>;
  /** For each name the run that gave it last. */
  readonly givers: ReadonlyMap<string, Ran>;
  readonly count: number;
}

export const NO_RUNS: RunBook = { runs: new Map(), givers: new Map(), count: 0 };

/** Why a cell is out of date. */
export interface Cause {
  /** Without their realm. */
  readonly names: readonly string[];
  /** The cell that gives them. */
  readonly cell: CellId;
  /** `changed`: it ran again, with another text or on other values; `edited`: not yet; `outdated`: it is so itself. */
  readonly how: 'changed' | 'edited' | 'outdated';
}

/** The book after a cell was sent to run with this text. */
export function recorded(book: RunBook, cell: CellId, source: string, { gives, uses }: RunNames): RunBook {
  const order = book.count + 1;
  const sources = uses.flatMap((name) => {
    const giver = book.givers.get(name);
    return giver ? [[name, { cell: giver.cell, version: giver.version }] as const] : [];
  });
  const took = new Map(sources);
  const before = book.runs.get(cell);
  const isSame =
    before?.source === source && isSameTaken(before.took, took) && ![...took.values()].some(isOwn);
  const ran: Ran = {
    cell,
    source,
    order,
    version: isSame ? before.version : order,
    gives: new Set(gives),
    took,
  };
  return {
    runs: new Map(book.runs).set(cell, ran),
    givers: new Map([...book.givers, ...gives.map((name) => [name, ran] as const)]),
    count: order,
  };

  /** `x += 1` gives another value each time. */
  function isOwn(taken: { readonly cell: CellId }): boolean {
    return taken.cell === cell;
  }
}

function isSameTaken(one: Ran['took'], other: Ran['took']): boolean {
  return (
    one.size === other.size &&
    [...one].every(([name, { cell, version }]) => {
      const taken = other.get(name);
      return taken?.cell === cell && taken.version === version;
    })
  );
}

/** The cells that are out of date, with what has changed; not those that run, and not those that were edited
 * themselves, which say so. */
export function outdatedCells(book: RunBook, cells: readonly Cell[]): ReadonlyMap<CellId, Cause> {
  const outdated = new Map<CellId, Cause>();
  if (book.count === 0) return outdated;
  const sources = new Map(cells.map(({ id, source }) => [id, source]));
  /** For each name the nearest cell above that gives it. */
  const above = new Map<string, CellId>();
  for (const cell of cells) {
    const ran = book.runs.get(cell.id);
    if (!ran || cell.kind !== 'code') continue;
    const isAtWork = cell.run.status === 'running' || cell.run.status === 'queued';
    if (!isAtWork && ran.source === cell.source) {
      const cause = causeOf(ran);
      if (cause) outdated.set(cell.id, cause);
    }
    for (const name of ran.gives) above.set(name, cell.id);
  }
  return outdated;

  function causeOf(ran: Ran): Cause | null {
    const found = [...ran.took].flatMap(([name, taken]) => {
      const cause = taken.cell === ran.cell ? null : howOf(name, taken, ran);
      return cause ? [cause] : [];
    });
    const how = (['changed', 'edited', 'outdated'] as const).find((each) =>
      found.some((one) => one.how === each),
    );
    const first = found.find((one) => one.how === how);
    if (!first) return null;
    const same = found.filter((one) => one.how === how && one.cell === first.cell);
    return { names: same.map(({ name }) => bare(name)), cell: first.cell, how: first.how };
  }

  function howOf(
    name: string,
    taken: { readonly cell: CellId; readonly version: number },
    ran: Ran,
  ): { readonly name: string; readonly cell: CellId; readonly how: Cause['how'] } | null {
    // Where the name came from; and what, in the order of the notebook, gives it now.
    for (const giver of new Set([above.get(name) ?? taken.cell, taken.cell])) {
      const latest = book.runs.get(giver);
      if (giver === ran.cell || !latest || !sources.has(giver)) continue;
      const isOther = giver !== taken.cell || latest.version !== taken.version;
      if (latest.order > ran.order && isOther && latest.gives.has(name))
        return { name, cell: giver, how: 'changed' };
    }
    const latest = book.runs.get(taken.cell);
    const source = sources.get(taken.cell);
    if (!latest || source === undefined) return null;
    if (source !== latest.source) return { name, cell: taken.cell, how: 'edited' };
    return outdated.has(taken.cell) ? { name, cell: taken.cell, how: 'outdated' } : null;
  }
}

/** The name as it is typed. */
function bare(name: string): string {
  return name.slice(name.indexOf(' ') + 1);
}
