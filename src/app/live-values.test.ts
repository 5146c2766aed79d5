import { expect, test } from 'vitest';
import type { LookAnswer } from '../protocol/looking.ts';
import { LiveValues } from './live-values.ts';

function valuesOf(held: Readonly<Record<string, string | null>>, engines: readonly number[]) {
  let late: (() => void)[] = [];
  const live: LiveValues = new LiveValues(
    (n) => {
      const found = { from: 4, to: 5, text: '', path: ['x'], engines };
      live.hear({ type: 'kernel', event: { type: 'inspection', n, found } });
    },
    {
      look: (at) => {
        const text = held[String(at)];
        if (text === 'busy') return new Promise<LookAnswer>(() => undefined);
        const summary =
          text === null || text === undefined ? null : ({ kind: 'word', text, node: null } as const);
        return Promise.resolve({ type: 'name', summary });
      },
    },
    {
      after: (_delay, callback) => {
        late = [...late, callback];
        return () => undefined;
      },
    },
  );
  return {
    live,
    timeUp: () => {
      for (const callback of late) callback();
    },
  };
}

test('engines that hold the same are named together; one without the name is left out', async () => {
  const { live } = valuesOf({ 0: '1', 1: '2', 2: '1', 3: null }, [0, 1, 2, 3]);
  expect(await live.at('%px x', 4)).toEqual({
    from: 4,
    to: 5,
    values: [
      { who: 'e0, e2', text: '1' },
      { who: 'e1', text: '2' },
    ],
  });
});

test('nobody waits for an engine that is busy', async () => {
  const { live, timeUp } = valuesOf({ 0: '1', 1: 'busy' }, [0, 1]);
  const answer = live.at('%px x', 4);
  // Until the engines have been asked.
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  timeUp();
  expect((await answer)?.values).toEqual([
    { who: 'e0', text: '1' },
    { who: 'e1', text: '(busy)' },
  ]);
});

test('a plain cell asks the kernel; nothing known is nothing said', async () => {
  expect((await valuesOf({ null: '7' }, []).live.at('x', 1))?.values).toEqual([{ who: 'kernel', text: '7' }]);
  expect(await valuesOf({ 0: null }, [0]).live.at('%px x', 4)).toBeNull();
});
