import { describe, expect, it } from 'vitest';
import { bestOf, textOf } from './bundle.ts';

describe('which form of an output is shown', () => {
  it('the richest that the page knows', () => {
    const data = { 'text/plain': 'x', 'image/png': 'AAAA', 'application/x-own': 1 };
    expect(bestOf({ data, metadata: { 'image/png': { width: 320, alt: 'A curve' } } })).toEqual({
      mime: 'image/png',
      label: 'Picture',
      value: 'AAAA',
      description: 'A curve',
      width: 320,
    });
  });

  it('none, when none is known', () => {
    expect(bestOf({ data: { 'application/x-own': 1 }, metadata: {} })).toBeNull();
  });

  it('text in a list of lines is put together', () => {
    expect(textOf(['a\n', 'b'])).toBe('a\nb');
    expect(textOf(7)).toBe('7');
  });
});
