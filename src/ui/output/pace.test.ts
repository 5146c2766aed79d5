import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

/** Draws as often as it may for so many seconds, each time this long; how much time went into it. */
function flood(seconds: number, cost: number): number {
  let now = 0;
  let spent = 0;
  const pace = new Pace(() => now);
  while (now < seconds) {
    const { wait } = pace;
    if (wait > 0) {
      now += wait;
      continue;
    }
    now += cost;
    spent += cost;
    pace.spent(cost);
  }
  return spent;
}

test.each([0.001, 0.05, 0.4, 2])(
  'a flood of drawings of %d s takes a quarter of the time, and a second',
  (cost) => {
    const spent = flood(120, cost);
    expect(spent).toBeLessThan(120 * 0.25 + 1 + 2 * cost);
    expect(spent).toBeGreaterThan(120 * 0.15);
  },
);

test('a page at rest draws at once, and what has waited is drawn', () => {
  let now = 0;
  const pace = new Pace(() => now);
  expect(pace.wait).toBe(0);
  pace.spent(60);
  expect(pace.wait).toBeLessThanOrEqual(10.01);
  now += pace.wait;
  expect(pace.wait).toBe(0);
  now = 1000;
  pace.spent(0.9);
  expect(pace.wait).toBe(0);
});
