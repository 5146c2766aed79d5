import type { CellId } from '../../protocol/ids.ts';

/** Neighbours that stand in the page in one box. */
export interface CellBlock {
  /** Its own for as long as the block lives. */
  readonly key: number;
  readonly cells: readonly CellId[];
}

/** Cells of a new block. */
const SIZE = 16;
/** A block takes in new neighbours at its end up to here. */
const FULL = 2 * SIZE;

/**
 * The cells of a notebook in blocks: the browser looks at all children of a box in which something has changed, for
 * each frame, and so at a few dozen of them and not at a thousand. A cell that stays in its place stays in its block,
 * since one that goes into another box is drawn anew, and loses its editor and what was opened in its outputs. So
 * blocks grow with what is put into them; they are even in a notebook that was just opened.
 */
export function cellBlocks(order: readonly CellId[], before: readonly CellBlock[]): readonly CellBlock[] {
  const stays = staying(order, before);
  const blocks: { readonly key: number; readonly cells: CellId[] }[] = [];
  let fresh = Math.max(-1, ...before.map(({ key }) => key));
  const open = (key: number): CellId[] => {
    const last = blocks.at(-1);
    if (last?.key === key) return last.cells;
    const cells: CellId[] = [];
    blocks.push({ key, cells });
    return cells;
  };
  const known = new Set(before.map(({ key }) => key));
  let below: number | undefined;
  const nextKnown = stays
    .toReversed()
    .map((key) => (below = key ?? below))
    .reverse();
  order.forEach((id, i) => {
    const key = stays[i];
    const last = blocks.at(-1);
    if (key !== undefined) open(key).push(id);
    else {
      const next = nextKnown[i];
      const room = last && known.has(last.key) ? FULL : SIZE;
      if (last && (last.key === next || last.cells.length < room)) last.cells.push(id);
      else open(last === undefined && next !== undefined ? next : ++fresh).push(id);
    }
  });
  return blocks;
}

/** Of each cell the key of the block that it stays in; undefined for those that are new or have moved. */
function staying(order: readonly CellId[], before: readonly CellBlock[]): readonly (number | undefined)[] {
  const home = new Map(before.flatMap(({ cells }, at) => cells.map((id) => [id, at] as const)));
  const homes = order.map((id) => home.get(id));
  const kept = longestRising(homes);
  return homes.map((at, i) => (at !== undefined && kept.has(i) ? before[at]?.key : undefined));
}

/** Indices of the longest subsequence that never falls. */
function longestRising(values: readonly (number | undefined)[]): ReadonlySet<number> {
  /** Of the subsequences of length n + 1: the index of the smallest last value. */
  const ends: number[] = [];
  const previous = new Map<number, number | undefined>();
  values.forEach((value, i) => {
    if (value === undefined) return;
    const above = ends.findIndex((end) => (values[end] ?? 0) > value);
    const length = above < 0 ? ends.length : above;
    previous.set(i, ends[length - 1]);
    ends[length] = i;
  });
  const found = new Set<number>();
  for (let i = ends.at(-1); i !== undefined; i = previous.get(i)) found.add(i);
  return found;
}
