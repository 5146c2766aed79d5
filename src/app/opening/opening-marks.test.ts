import { expect, test } from 'vitest';
import type { KeyValues } from '../journal/key-values.ts';
import { createOpeningMarks, markOfNotebook, markOfText } from './opening-marks.ts';

function browser() {
  const texts = new Map<string, string>();
  const alive = new Set<string>();
  const clock = { now: 1_000_000 };
  const store: KeyValues = {
    keys: () => [...texts.keys()],
    get: (key) => texts.get(key) ?? null,
    set: (key, text) => texts.set(key, text).has(key),
    remove: (key) => void texts.delete(key),
  };
  const page = (id: string, former: string | null = null) => {
    alive.add(id);
    const life = { id, former, alive: () => Promise.resolve(new Set(alive)) };
    return createOpeningMarks({ store, life, now: () => clock.now });
  };
  return { page, alive, clock, texts };
}

const link = markOfText('#nb=abc');
const kept = markOfNotebook('nb-1');

test('what a page died of is not opened by the next one, under any of its names, until it has been opened', async () => {
  const { page, alive, texts } = browser();
  page('one').begin([link, kept]);
  alive.delete('one');
  const two = page('two');
  expect([await two.isStuck(link), await two.isStuck(kept)]).toEqual([true, true]);
  expect(await two.isStuck(markOfNotebook('nb-2'))).toBe(false);
  // As long as the reader has not decided.
  expect(await page('three').isStuck(link)).toBe(true);
  two.begin([kept]);
  two.done([kept]);
  expect(await two.isStuck(link)).toBe(false);
  expect(texts.size).toBe(0);
});

test('a reload of a page that hung tells it; one that answered has left nothing', async () => {
  const { page } = browser();
  page('one').begin([link]);
  expect(await page('two', 'one').isStuck(link)).toBe(true);
  const impatient = page('three');
  impatient.begin([kept]);
  impatient.leave();
  expect(await page('four', 'three').isStuck(kept)).toBe(false);
});

test('two tabs may open the same at once; one that takes for ever hangs, unless the clock was set back', async () => {
  const { page, clock } = browser();
  page('one').begin([link]);
  const two = page('two');
  expect(await two.isStuck(link)).toBe(false);
  clock.now -= 86_400_000;
  expect(await two.isStuck(link)).toBe(false);
  clock.now += 86_400_000 + 11_000;
  expect(await two.isStuck(link)).toBe(true);
});

test('what others have left in the storage is passed over', async () => {
  const { page, texts } = browser();
  for (const text of ['', 'null', '{', '{"names": 5, "at": 1}', '[]']) texts.set(text, text);
  expect(await page('one').isStuck(link)).toBe(false);
});
