import { expect, test } from 'vitest';
import type { KernelEvent } from '../protocol/kernel-messages.ts';
import { operationsFrom } from './runtime-operations.ts';
import { run, text } from './session-history.ts';

const kernel = (event: KernelEvent) => ({ type: 'kernel', event }) as const;
const output = (runId: string, written: string) =>
  kernel({ type: 'output', runId: run(runId), output: text(written) });

test('outputs of one run that follow each other become one operation', () => {
  const events = [
    kernel({ type: 'cell-started', runId: run('r1'), executionCount: 3 }),
    output('r1', 'a'),
    { type: 'notice', level: 'info', text: 'engine 1 is back' } as const,
    output('r1', 'b'),
    kernel({ type: 'clear-output', runId: run('r1'), wait: true }),
    output('r1', 'c'),
    output('r2', 'd'),
    kernel({ type: 'cell-finished', runId: run('r1'), status: 'ok' }),
  ];
  expect(operationsFrom(events, 5)).toEqual([
    { type: 'cell-started', runId: 'r1', executionCount: 3, at: 5 },
    { type: 'outputs-added', runId: 'r1', outputs: [text('a'), text('b')] },
    { type: 'output-cleared', runId: 'r1', wait: true },
    { type: 'outputs-added', runId: 'r1', outputs: [text('c')] },
    { type: 'outputs-added', runId: 'r2', outputs: [text('d')] },
    { type: 'cell-finished', runId: 'r1', status: 'ok', at: 5 },
  ]);
});

test('a kernel that has loaded is idle', () => {
  expect(operationsFrom([kernel({ type: 'ready' })], 1)).toEqual([
    { type: 'kernel-status-changed', status: 'idle', reason: null, at: 1 },
  ]);
});

test('events that are not the notebook’s are passed over', () => {
  expect(
    operationsFrom([{ type: 'engines', engines: [] }, kernel({ type: 'interrupt-received' })], 1),
  ).toEqual([]);
});
