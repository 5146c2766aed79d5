import { describe, expect, it } from 'vitest';
import { gatheredNotices } from './gathered-notices.ts';

const gathered = (...texts: string[]) => gatheredNotices(texts.map((text) => ({ text })));

describe('gathered notices', () => {
  it('are one sentence for engines to which the same happened', () => {
    expect(gathered('Engine 1 died.', 'Engine 0 died.', 'Engine 2 died.')).toEqual([
      'Each of engines 0–2 died.',
    ]);
    expect(gathered('Engine 0 died.', 'Engine 2 died.', 'Engine 3 died.')).toEqual([
      'Each of engines 0, 2 and 3 died.',
    ]);
    expect(gathered('Engine 4 died.', 'Engine 5 died.')).toEqual(['Each of engines 4 and 5 died.']);
  });

  it('keep what differs apart, in the order of its first', () => {
    expect(
      gathered('Engine 0 died.', 'The kernel was restarted.', 'Engine 1 hangs.', 'Engine 1 died.'),
    ).toEqual(['Each of engines 0 and 1 died.', 'The kernel was restarted.', 'Engine 1 hangs.']);
    expect(gathered()).toEqual([]);
  });
});
