import { expect, test } from 'vitest';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import { EventIntake } from './event-intake.ts';

/** A page whose every 200 events take `cost` milliseconds. */
function intake(cost = 0) {
  let now = 0;
  const timers: (() => void)[] = [];
  const handled: RuntimeEvent[] = [];
  const floods: string[] = [];
  const one = new EventIntake({
    clock: { now: () => now },
    timers: {
      after: (_delay, callback) => {
        timers.push(callback);
        return () => undefined;
      },
    },
    handle: (events) => {
      now += cost;
      handled.push(...events);
    },
    onFlood: (reason) => floods.push(reason),
  });
  return { one, handled, floods, pass: (ms: number) => (now += ms), rest: () => timers.shift()?.() };
}

const output = (i: number) => ({
  type: 'kernel',
  event: {
    type: 'output',
    runId: 'r',
    output: { type: 'stream', lane: null, name: 'stdout', text: String(i) },
  },
});
const finished = { type: 'kernel', event: { type: 'cell-finished', runId: 'r', status: 'ok' } };
const many = (n: number) => Array.from({ length: n }, (_, i) => output(i));

test('what comes is handled at once, in order', () => {
  const { one, handled } = intake();
  one.take([...many(1000), finished]);
  expect(handled).toHaveLength(1001);
  expect(handled.slice(0, 3)).toEqual(many(3));
});

test('more than a slice can take waits for the next; nothing is lost or out of order', () => {
  const { one, handled, rest } = intake(6);
  one.take(many(2000));
  expect(handled).toHaveLength(400);
  one.take([finished]);
  expect(handled).toHaveLength(400);
  for (let i = 0; i < 10; i++) rest();
  expect(handled).toEqual([...many(2000), finished]);
});

test('of a flood of outputs some are left out, and said so; that a cell has ended is not', () => {
  const { one, handled, rest } = intake(6);
  one.take(many(80_000));
  one.take([finished]);
  for (let i = 0; i < 300; i++) rest();
  const [end, notice] = handled.slice(-2);
  expect(end).toEqual(finished);
  expect(notice).toEqual({
    type: 'notice',
    level: 'warning',
    text: 'Output came faster than it can be shown: 30000 pieces were left out.',
  });
  expect(handled).toHaveLength(50_002);
});

test('a frame that posts without end is given up, once; one that posts sixty times a second is not', () => {
  const { one, handled, floods, pass } = intake();
  for (let second = 0; second < 10; second++) {
    for (let i = 0; i < 60; i++) one.take([output(i)]);
    pass(1000);
  }
  expect([handled.length, floods.length]).toEqual([600, 0]);
  for (let i = 0; i < 5000; i++) one.take('noise');
  one.take([finished]);
  expect(floods).toEqual(['The sandbox says more than this page can take in. It was stopped.']);
  // The noise is told of once.
  expect(handled).toHaveLength(601);
  expect(handled.at(-1)).toMatchObject({
    type: 'notice',
    text: expect.stringContaining('left out') as string,
  });
});
