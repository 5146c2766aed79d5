import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientId } from '../protocol/ids.ts';
import { History } from './history.ts';

describe('History', () => {
  it('is the list of what was added, whatever the gaps', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 30 })),
        fc.integer({ min: -40, max: 40 }),
        (numbers, place) => {
          const history = new History('c' as ClientId);
          for (const n of numbers) history.add(n);
          const ids = numbers.map((n) => `c_${String(n)}`);
          expect(history.toArray()).toEqual(ids);
          expect(history.length).toBe(ids.length);
          expect(history.at(place)).toBe(ids.at(place));
          for (let n = 1; n <= 30; n++) expect(history.has(n)).toBe(numbers.includes(n));
        },
      ),
    );
  });
});
