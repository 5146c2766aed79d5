import type { MsgId } from '../protocol/ids.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import type { StoredTask } from '../protocol/stored-task.ts';
import { HistoryChannel } from '../runtime/history-channel.ts';
import { expect, test } from 'vitest';
import { checkEvents } from './runtime-events.ts';

const stream = { type: 'stream', lane: 0, name: 'stdout', text: 'hi\n' };
const output = (o: unknown) => ({ type: 'kernel', event: { type: 'output', runId: 'r1', output: o } });

test('well-formed events pass unchanged', () => {
  const batch = [
    output(stream),
    output({ ...stream, group: 2 }),
    output({ ...stream, isLate: true }),
    output({
      type: 'display',
      lane: null,
      bundle: { data: { 'text/plain': 'x', 'application/json': { a: [1, null] } }, metadata: {} },
    }),
    { type: 'kernel', event: { type: 'cell-finished', runId: 'r1', status: 'ok' } },
    { type: 'notice', level: 'info', text: 'hello' },
    { type: 'adapting', adapt: { min: 1, max: 8, idle: 60 } },
    { type: 'adapting', adapt: null },
    { type: 'need-library', name: 'plot' },
  ];
  expect(checkEvents(batch)).toEqual({ events: batch, dropped: 0 });
});

test.each([
  ['no list', 'hello'],
  ['an unknown type', [{ type: 'eval', code: '1' }]],
  ['an output of another shape', [output({ ...stream, lane: 'all' })]],
  ['a mark that is none', [output({ ...stream, isLate: 'yes' })]],
  ['a text that is none', [output({ ...stream, text: { toString: 'x' } })]],
  ['a function in a bundle’s place', [output({ type: 'display', lane: null, bundle: null })]],
  [
    'JSON deeper than the stack',
    [output({ type: 'display', lane: null, bundle: { data: { x: deep() }, metadata: {} } })],
  ],
  ['bounds that are no numbers', [{ type: 'adapting', adapt: { min: 1, max: '8', idle: 60 } }]],
  ['an endless text', [output({ ...stream, text: 'x'.repeat(33 << 20) })]],
])('dropped: %s', (_what, batch) => {
  expect(checkEvents(batch)).toEqual({ events: [], dropped: 1 });
});

test('one bad event does not take the others with it, and unknown keys are left behind', () => {
  const { events, dropped } = checkEvents([output({ ...stream, onclick: 'x' }), 3, output(stream)]);
  expect(events).toEqual([output(stream), output(stream)]);
  expect(dropped).toBe(1);
});

function deep(): unknown {
  let value: unknown = null;
  for (let i = 0; i < 50_000; i++) value = [value];
  return value;
}

test('as many tasks as the hub writes at once are told in events that the page takes', () => {
  const events: RuntimeEvent[] = [];
  const channel = new HistoryChannel(3, (event) => events.push(event));
  const kept = Array.from({ length: 2500 }, (_, i) => ({ msgId: `c_${String(i)}`, header: {} }));
  channel.tell(kept as unknown as StoredTask[], ['c_9999' as MsgId]);
  channel.tell([], ['c_1' as MsgId]);
  const { events: taken, dropped } = checkEvents(structuredClone(events));
  expect(dropped).toBe(0);
  const told = taken.flatMap((event) => (event.type === 'history' ? [event] : []));
  expect(told.flatMap((event) => event.kept.map(({ msgId }) => msgId))).toEqual(
    kept.map(({ msgId }) => msgId),
  );
  expect(told.flatMap(({ gone }) => gone)).toEqual(['c_9999', 'c_1']);
});
