import type { SnapshotMoment } from './snapshot-store.ts';

/** Of one notebook. */
export const MOST_SNAPSHOTS = 20;
export const MOST_BYTES = 32 * 1024 * 1024;

/** What the reader asked for counts as if it stood this much farther from its neighbours. */
const ASKED = 4;

/**
 * Which of a notebook's snapshots (oldest first) go, so that 20 and 32 MiB remain. The newest stays always, the first
 * as long as it can. Of those between them that one goes which leaves the smallest gap for its age: many of the last
 * hour, a few of last week, one of last month. Dropping the oldest instead would let an afternoon of work push out
 * everything before it.
 */
export function whichGo(
  moments: readonly SnapshotMoment[],
  limits = { count: MOST_SNAPSHOTS, bytes: MOST_BYTES },
): readonly SnapshotMoment[] {
  const kept = [...moments];
  const gone: SnapshotMoment[] = [];
  const bytes = () => kept.reduce((sum, moment) => sum + moment.bytes, 0);
  while (kept.length > 1 && (kept.length > limits.count || bytes() > limits.bytes)) {
    const at = leastMissed(kept);
    gone.push(...kept.splice(at, 1));
  }
  return gone;
}

function leastMissed(kept: readonly SnapshotMoment[]): number {
  const now = kept.at(-1)?.at ?? 0;
  let best = 0;
  let least = Infinity;
  for (let i = 1; i < kept.length - 1; i++) {
    const [before, moment, next] = kept.slice(i - 1, i + 2);
    if (!before || !moment || !next) break;
    const gap = (next.at - before.at) / Math.max(1, now - moment.at);
    const missed = moment.why === 'asked' ? gap * ASKED : gap;
    if (missed < least) {
      least = missed;
      best = i;
    }
  }
  return best;
}
