import { expect, it } from 'vitest';
import { timedelta } from './timing.ts';

it('timedelta measures any number of times', () => {
  const times = Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? new Date(i) : null));
  expect(timedelta(times, times)).toBe(199.998);
  expect(timedelta(null, times)).toBe(0);
});
