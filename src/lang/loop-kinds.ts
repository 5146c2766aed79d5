import type { ForOfStatement } from 'acorn';
import { isCounted, mayGrow, writtenRounds } from './counted-loops.ts';
import { lookInto, type Inside, type Loop } from './loop-body.ts';

/**
 * What keeps a loop from running for ever (docs/LOOPS.md tells it to users):
 *
 * - `itself`: its rounds are short and their number is fixed before the first. It stays as it is.
 * - `its items`: a `for … of` with short rounds, which cannot make its array longer. It ends by itself if what it
 *   goes through is an array; that shows when it begins.
 * - `its own count`: rounds are short, so many may pass between two checks.
 * - `the function’s count`: a round may take long.
 */
export type Keeper = 'itself' | 'its items' | 'its own count' | 'the function’s count';

export function keeperOf(loop: Loop): Keeper {
  const inside = lookInto(loop);
  if (!isShort(inside)) return 'the function’s count';
  if (loop.type === 'ForInStatement' || isCounted(loop, inside)) return 'itself';
  return loop.type === 'ForOfStatement' && cannotGrow(loop, inside) ? 'its items' : 'its own count';
}

/** Inner loops with so few rounds are no loops: the neighbours of a cell, the parts of a vector. */
const FEW_ROUNDS = 64;

function isShort(inside: Inside): boolean {
  return inside.callsNothing && inside.loops.every((loop) => roundsOf(loop) <= FEW_ROUNDS);
}

const counted = new WeakMap<Loop, number>();

/** Of a loop and the loops in it, if their texts say so and they are counted; else Infinity. */
function roundsOf(loop: Loop): number {
  const known = counted.get(loop);
  if (known !== undefined) return known;
  const rounds = countRounds(loop);
  counted.set(loop, rounds);
  return rounds;
}

function countRounds(loop: Loop): number {
  const inside = lookInto(loop);
  if (!inside.callsNothing || !isCounted(loop, inside)) return Infinity;
  return inside.outermost.reduce((rounds, inner) => rounds * roundsOf(inner), writtenRounds(loop));
}

function cannotGrow({ right }: ForOfStatement, { properties, elements }: Inside): boolean {
  // Its parts would be taken for arguments.
  if (right.type === 'SequenceExpression') return false;
  return !properties.has('length') && !elements.some((element) => mayGrow(element, right, null));
}
