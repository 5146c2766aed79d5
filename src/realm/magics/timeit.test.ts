import { describe, expect, it, test } from 'vitest';
import { systemTimers } from '../../base/clock.ts';
import { createSleeper } from '../sleep.ts';
import { countText, timeText } from './time-text.ts';
import { doubtsAbout, timeit, TimeitResult } from './timeit.ts';

/** Time that passes only where a test says so; milliseconds. */
function workshop() {
  let now = 1000;
  const clock = { now: () => now };
  const work = (ms: number) => {
    now += ms;
  };
  return { clock, work, sleeper: createSleeper(systemTimers, () => undefined) };
}

test.each([
  [0, '0 ns'],
  [1.5e-9, '1.5 ns'],
  [2.5e-7, '250 ns'],
  [3.14159e-5, '31.4 µs'],
  [0.00124, '1.24 ms'],
  [0.999, '999 ms'],
  [1, '1 s'],
  [59.94, '59.9 s'],
  [65, '1min 5s'],
  [3725, '1h 2min 5s'],
])('%d seconds are told as %s', (seconds, text) => {
  expect(timeText(seconds)).toBe(text);
});

test('counts have commas', () => {
  expect([1, 999, 1000, 1_234_567].map(countText)).toEqual(['1', '999', '1,000', '1,234,567']);
});

describe('timeit', () => {
  it('takes as many loops as need 0.2 s, and measures seven runs of them', async () => {
    const { clock, work, sleeper } = workshop();
    let calls = 0;
    const body = () => {
      calls++;
      work(10);
    };
    const result = await timeit(body, { loops: null, runs: 7, precision: 3 }, { clock, sleeper });
    expect(result.toString()).toBe('10 ms ± 0 ns per loop (mean ± std. dev. of 7 runs, 20 loops each)');
    // 1, 2, 5, 10 and 20 to find out.
    expect(calls).toBe(38 + 7 * 20);
  });

  it('awaits bodies that are async, and promises that bodies end with', async () => {
    for (const asBox of [false, true]) {
      const { clock, work, sleeper } = workshop();
      let running = 0;
      const once = async () => {
        expect(++running).toBe(1);
        await Promise.resolve();
        work(4);
        running--;
      };
      const body = () => (asBox ? { value: once() } : once());
      const result = await timeit(body, { loops: 5, runs: 2, precision: 3 }, { clock, sleeper });
      expect(result.toString()).toBe('4 ms ± 0 ns per loop (mean ± std. dev. of 2 runs, 5 loops each)');
    }
  });

  it('calls a body exactly as often as it is told', async () => {
    const { clock, sleeper } = workshop();
    let calls = 0;
    await timeit(() => calls++, { loops: 1, runs: 1, precision: 3 }, { clock, sleeper });
    expect(calls).toBe(1);
  });

  it('stops when the run is interrupted', async () => {
    const { clock, work, sleeper } = workshop();
    let calls = 0;
    const body = () => {
      work(30);
      if (++calls === 5) sleeper.interrupt();
    };
    const timing = timeit(body, { loops: 1000, runs: 9, precision: 3 }, { clock, sleeper });
    await expect(timing).rejects.toMatchObject({ name: 'KeyboardInterrupt' });
    expect(calls).toBeLessThan(20);
  });
});

test('mean and deviation are those of the runs; runs that differ a lot are doubted', () => {
  const steady = new TimeitResult(1000, [0.001, 0.003], 3);
  expect(steady.toString()).toBe('2 ms ± 1 ms per loop (mean ± std. dev. of 2 runs, 1,000 loops each)');
  expect(doubtsAbout(steady)).toBeNull();
  expect(doubtsAbout(new TimeitResult(1, [0.001, 0.005], 3))).toContain('5.00 times longer');
});
