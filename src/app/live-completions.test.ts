import { expect, test } from 'vitest';
import { KernelCompletions } from './live-completions.ts';

function kernel() {
  const asked: number[] = [];
  let alarm = () => {};
  const live = new KernelCompletions((n) => asked.push(n), {
    after: (_delay, callback) => {
      alarm = callback;
      return () => undefined;
    },
  });
  const answer = (n: number, ...names: string[]) => {
    const items = names.map((name) => ({ name, kind: 'property' as const }));
    live.hear({ type: 'kernel', event: { type: 'completions', n, from: 0, to: 0, items } });
  };
  return { live, asked, answer, timeUp: () => alarm() };
}

test('each question gets the answer of its number', async () => {
  const { live, asked, answer } = kernel();
  const first = live.complete('a', 'e.', 2);
  const second = live.complete('a', 'rc.', 3);
  answer(asked[1] ?? -1, 'ids');
  answer(asked[0] ?? -1, 'elist');
  expect((await first).map(({ name }) => name)).toEqual(['elist']);
  expect((await second).map(({ name }) => name)).toEqual(['ids']);
});

test('a kernel that is busy leaves nobody waiting', async () => {
  const { live, answer, timeUp, asked } = kernel();
  const names = live.complete('a', 'e.', 2);
  timeUp();
  expect(await names).toEqual([]);
  answer(asked[0] ?? -1, 'late');
});
