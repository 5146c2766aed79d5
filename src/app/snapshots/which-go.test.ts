import { expect, test } from 'vitest';
import type { SnapshotMoment } from './snapshot-store.ts';
import { whichGo } from './which-go.ts';

const HOUR = 3_600_000;
const moment = (at: number, more: Partial<SnapshotMoment> = {}): SnapshotMoment => ({
  notebook: 'n',
  at,
  why: 'edited',
  cells: 1,
  bytes: 100,
  ...more,
});

/** What remains when snapshots come one after the other. */
function keeping(times: readonly number[], why: (i: number) => SnapshotMoment['why'] = () => 'edited') {
  let kept: readonly SnapshotMoment[] = [];
  times.forEach((at, i) => {
    const next = [...kept, moment(at, { why: why(i) })];
    const gone = whichGo(next);
    kept = next.filter((each) => !gone.includes(each));
  });
  return kept;
}

test('twenty are kept, the newest always', () => {
  const times = Array.from({ length: 300 }, (_, i) => i * HOUR);
  const kept = keeping(times);
  expect(kept).toHaveLength(20);
  expect(kept.at(-1)?.at).toBe(299 * HOUR);
});

test('a busy afternoon does not push out what is older', () => {
  const month = Array.from({ length: 30 }, (_, i) => i * 24 * HOUR);
  const afternoon = Array.from({ length: 60 }, (_, i) => 30 * 24 * HOUR + (i * HOUR) / 6);
  const kept = keeping([...month, ...afternoon]);
  const now = kept.at(-1)?.at ?? 0;
  expect(kept.filter(({ at }) => now - at > 7 * 24 * HOUR).length).toBeGreaterThanOrEqual(2);
  expect(kept.filter(({ at }) => now - at < HOUR).length).toBeGreaterThanOrEqual(4);
});

test('what the reader asked for stays longer than what came by itself', () => {
  const times = Array.from({ length: 80 }, (_, i) => i * HOUR);
  const kept = keeping(times, (i) => (i % 8 === 0 ? 'asked' : 'edited'));
  const asked = kept.filter(({ why }) => why === 'asked').length;
  expect(asked).toBeGreaterThanOrEqual(5);
});

test('beyond 32 MiB they go too, but never the newest', () => {
  const big = [1, 2, 3].map((i) => moment(i * HOUR, { bytes: 20 << 20 }));
  expect(whichGo(big)).toHaveLength(2);
  expect(whichGo(big)).not.toContain(big[2]);
  expect(whichGo([moment(1, { bytes: 99 << 20 })])).toEqual([]);
});
