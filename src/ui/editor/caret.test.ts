import { describe, expect, it } from 'vitest';
import { offsetAt, placeAt } from './caret.ts';

const TEXT = 'one\n\nthree';

describe('places in a text', () => {
  it('every offset has a place, and back', () => {
    for (let offset = 0; offset <= TEXT.length; offset++) {
      expect(offsetAt(TEXT, placeAt(TEXT, offset))).toBe(offset);
    }
    expect(placeAt(TEXT, 5)).toEqual({ line: 3, column: 1 });
  });

  it('a place outside is the nearest one inside', () => {
    expect(offsetAt(TEXT, { line: 9, column: 9 })).toBe(TEXT.length);
    expect(offsetAt(TEXT, { line: 1, column: 99 })).toBe(3);
    expect(offsetAt(TEXT, { line: 0, column: 0 })).toBe(0);
  });
});
