import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Outbox } from './outbox.ts';

describe('an outbox', () => {
  let now = 0;
  let sent: (readonly number[])[] = [];
  let later: (() => void)[] = [];
  const turnEnds = () => Promise.resolve();
  const outbox = (looksForBursts: boolean) =>
    new Outbox<number>(
      (batch) => sent.push(batch),
      looksForBursts ? (callback) => later.push(callback) : null,
    );

  beforeEach(() => {
    sent = [];
    later = [];
    now = 1000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('sends what one turn posts as one message', async () => {
    const box = outbox(true);
    box.post(1);
    box.post(2);
    expect(sent).toEqual([]);
    await turnEnds();
    now += 10;
    box.post(3);
    await turnEnds();
    expect(sent).toEqual([[1, 2], [3]]);
    expect(later).toEqual([]);
  });

  it('sends what the turns of a burst post together, one turn later', async () => {
    const box = outbox(true);
    for (const n of [1, 2, 3, 4, 5, 6]) {
      box.post(n);
      await turnEnds();
    }
    expect(sent).toEqual([[1], [2], [3], [4]]);
    expect(later).toHaveLength(1);
    later[0]?.();
    expect(sent).toEqual([[1], [2], [3], [4], [5, 6]]);
    now += 1;
    box.post(7);
    await turnEnds();
    expect(sent.at(-1)).toEqual([7]);
  });

  it('sends at once when flushed, in a burst too, and nothing twice', async () => {
    const box = outbox(true);
    for (const n of [1, 2, 3, 4, 5, 6]) {
      box.post(n);
      box.flush();
    }
    await turnEnds();
    for (const callback of later) callback();
    expect(later).toHaveLength(2);
    expect(sent).toEqual([[1], [2], [3], [4], [5], [6]]);
  });

  it('does not look for bursts unless told how to wait', async () => {
    const box = outbox(false);
    for (const n of [1, 2, 3, 4, 5, 6]) {
      box.post(n);
      await turnEnds();
    }
    expect(sent).toEqual([[1], [2], [3], [4], [5], [6]]);
  });
});
