import { expect, test } from 'vitest';
import { FIRST_VIEW, fit, follow, pan, reveal, zoom } from './viewport.ts';
import { tickLabel, ticks } from './ticks.ts';

const work = (now: number, burst = 0, isActive = true) => ({ now, burst, isActive, lastEnd: now });

test('a viewport that nobody looks at widens with the work from its beginning, then scrolls', () => {
  let view = FIRST_VIEW;
  const spans = [100, 300, 900, 4000, 100_000].map((now) => (view = follow(view, work(now), false)).span);
  expect(spans).toEqual([250, 500, 1000, 8000, 64_000]);
  expect(view.left + view.span).toBeGreaterThan(100_000);
});

test('it never zooms, and moves only as much as it must, while the reader looks', () => {
  const view = follow(FIRST_VIEW, work(100), false);
  expect(follow(view, work(200), true)).toBe(view);
  const later = follow(view, work(5000), true);
  expect(later.span).toBe(view.span);
  expect(later.left + later.span).toBeGreaterThan(5000);
});

test('it stands still when the reader has panned or zoomed, and when nothing is to be done', () => {
  for (const view of [pan(FIRST_VIEW, 10), zoom(FIRST_VIEW, 0.5, 20), fit(0, 100)]) {
    expect(follow(view, work(9000), false)).toBe(view);
  }
  const view = follow(FIRST_VIEW, work(100, 0, false), false);
  expect(follow(view, { ...work(50_000, 0, false), lastEnd: 100 }, false)).toBe(view);
});

test('a new stretch of work is shown from its own beginning', () => {
  const long = follow(FIRST_VIEW, work(30_000), false);
  const next = follow(long, work(60_000 + 100, 60_000), false);
  expect(next.span).toBe(250);
  expect(next.left).toBeLessThan(60_000);
});

test('zooming keeps the time under the pointer', () => {
  const view = zoom({ left: 100, span: 100, follows: true }, 0.5, 150);
  expect(view).toEqual({ left: 125, span: 50, follows: false });
  expect(fit(0, 94).span).toBeCloseTo(100);
  expect(reveal(view, 130, 140)).toBe(view);
  expect(reveal(view, 300, 310).left).toBeLessThan(300);
});

test('ticks are round times since the beginning, with the decimals that they need', () => {
  expect(
    ticks(1000, 100, 1000, 1000)
      .map(({ label }) => label)
      .slice(0, 4),
  ).toEqual(['0', '10 ms', '20 ms', '30 ms']);
  expect(
    ticks(1000, 2, 800, 1000)
      .map(({ label }) => label)
      .slice(0, 4),
  ).toEqual(['0', '500 µs', '1.0 ms', '1.5 ms']);
  expect(tickLabel(1200, 200)).toBe('1.2 s');
  expect(tickLabel(65_000, 5000)).toBe('1:05');
  expect(tickLabel(65_500, 500)).toBe('1:05.5');
  expect(tickLabel(3_720_000, 60_000)).toBe('1:02:00');
});
