import { expect, test } from 'vitest';
import { FrameWatch } from './frame-watch.ts';

/** A frame that answers when it is told to, and a page whose time passes as it is told. */
function watched() {
  let now = 0;
  let timer: (() => void) | null = null;
  let visible = true;
  const told: boolean[] = [];
  const questions: (() => void)[] = [];
  const watch = new FrameWatch({
    ask: () => new Promise((resolve) => questions.push(resolve)),
    clock: { now: () => now },
    timers: {
      after: (delay, callback) => {
        expect(delay).toBe(1);
        timer = callback;
        return () => (timer = null);
      },
    },
    isVisible: () => visible,
    onSilence: (isSilent) => told.push(isSilent),
  });
  return {
    told,
    questions,
    watch,
    /** `n` looks, so many seconds apart. */
    pass: (n: number, seconds = 1) => {
      for (let i = 0; i < n; i++) {
        now += seconds * 1000;
        timer?.();
      }
    },
    answer: async () => {
      questions.at(-1)?.();
      await Promise.resolve();
      await Promise.resolve();
    },
    show: (isVisible: boolean) => (visible = isVisible),
  };
}

test('a frame that answers is asked once a second, and nothing is told', async () => {
  const w = watched();
  for (let i = 1; i <= 20; i++) {
    w.pass(1);
    await w.answer();
    expect(w.questions).toHaveLength(i);
  }
  expect(w.told).toEqual([]);
});

test('five seconds without an answer are told, once, and so is the answer', async () => {
  const w = watched();
  w.pass(5);
  expect(w.told).toEqual([]);
  w.pass(1);
  expect(w.told).toEqual([true]);
  w.pass(100);
  expect(w.told).toEqual([true]);
  expect(w.questions).toHaveLength(1);
  await w.answer();
  expect(w.told).toEqual([true, false]);
});

test.each([
  ['a machine that slept', (w: ReturnType<typeof watched>) => w.pass(1, 3600)],
  ['a page that is held up itself', (w: ReturnType<typeof watched>) => w.pass(20, 3)],
  ['a machine that is busy', (w: ReturnType<typeof watched>) => w.pass(20, 1.4)],
  ['a tab in the background, whose timers are slow', (w: ReturnType<typeof watched>) => w.pass(20, 60)],
  [
    'a tab in the background, whose timers are not',
    (w: ReturnType<typeof watched>) => {
      w.show(false);
      w.pass(60);
      w.show(true);
    },
  ],
])('no false alarm: %s', async (_what, pass) => {
  const w = watched();
  w.pass(3);
  pass(w);
  w.pass(1);
  expect(w.told).toEqual([]);
  await w.answer();
  w.pass(4);
  expect(w.told).toEqual([]);
});

test('after its end it tells no more than that the alarm is over', () => {
  const w = watched();
  w.pass(6);
  w.watch.close();
  w.pass(10);
  expect(w.told).toEqual([true, false]);
});
