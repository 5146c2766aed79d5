import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatElapsed, formatEngines, formatSeconds, plural } from './format.ts';

describe('numbers that people read', () => {
  it('times carry the unit that fits', () => {
    expect([86e-6, 0.0012, 0.042, 1.236, 12.34, 125, 3723].map(formatSeconds)).toEqual([
      '86 µs',
      '1.2 ms',
      '42 ms',
      '1.24 s',
      '12.3 s',
      '2 min 05 s',
      '1 h 02 min',
    ]);
  });

  it('a running clock shows tenths and never less than nothing', () => {
    expect([-0.2, 0.04, 9.96, 61].map(formatElapsed)).toEqual(['0.0 s', '0.0 s', '10.0 s', '1 min 01 s']);
  });

  it('counts group thousands', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(plural(1, 'engine')).toBe('1 engine');
    expect(plural(0, 'engine')).toBe('0 engines');
  });

  it('sizes are decimal', () => {
    expect([999, 2100, 45_000, 14_000_000].map(formatBytes)).toEqual(['999 B', '2.1 kB', '45 kB', '14 MB']);
  });

  it('three engines in a row are shortened, two are not', () => {
    expect(formatEngines([0, 1, 2, 3])).toBe('e0–e3');
    expect(formatEngines([2, 0])).toBe('e0, e2');
    expect(formatEngines([5, 0, 1, 2, 6])).toBe('e0–e2, e5, e6');
    expect(formatEngines([])).toBe('');
  });
});
