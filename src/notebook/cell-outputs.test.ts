import { expect, test } from 'vitest';
import type { Output } from '../protocol/outputs.ts';
import { addOutputs, MAX_LANE_TEXT, MAX_OUTPUTS } from './cell-outputs.ts';
import { text } from './session-history.ts';

const display = (n: number): Output => ({
  type: 'display',
  lane: null,
  bundle: { data: { 'text/plain': String(n) }, metadata: {} },
});
const error: Output = {
  type: 'error',
  lane: null,
  error: { ename: 'Error', evalue: 'x', traceback: ['Error: x'], frames: [], engineInfo: null },
};
const streams = (outputs: readonly Output[]) =>
  outputs.map((output) => (output.type === 'stream' ? `${String(output.lane)} ${output.text}` : output.type));

test('chunks of one stream become one output', () => {
  expect(streams(addOutputs([text('a')], [text('b'), text('c\n')]))).toEqual(['null abc\n']);
});

test('stdout and stderr stay apart', () => {
  const err: Output = { type: 'stream', lane: null, name: 'stderr', text: 'e' };
  expect(addOutputs([], [text('a'), err, text('b')])).toHaveLength(3);
});

test('engines that write at the same time have one output each', () => {
  const added = [text('a', 0), text('b', 1), text('c', 0), text('d', 1)];
  expect(streams(addOutputs([], added))).toEqual(['0 ac', '1 bd']);
});

test('what the kernel prints keeps its place between the outputs of engines', () => {
  const added = [text('before'), text('x', 0), text('after'), text('y', 0)];
  expect(streams(addOutputs([], added))).toEqual(['null before', '0 x', 'null after', '0 y']);
});

test('a display between two chunks keeps them apart', () => {
  expect(addOutputs([], [text('a'), display(1), text('b')])).toHaveLength(3);
});

test('the list that was given is not changed', () => {
  const before: readonly Output[] = Object.freeze([text('a')]);
  addOutputs(before, [text('b')]);
  expect(before).toEqual([text('a')]);
});

test('a lane keeps its latest megabyte and says how much is gone; other lanes are untouched', () => {
  const line = 'x'.repeat(99) + '\n';
  const many = Array.from({ length: 30 }, () => text(line.repeat(1000), 0));
  const outputs = many.reduce<readonly Output[]>(
    (before, chunk) => addOutputs(before, [chunk]),
    [text('k', 1)],
  );
  const [other, long] = outputs;
  expect(other).toEqual(text('k', 1));
  expect(outputs).toHaveLength(2);
  if (long?.type !== 'stream') throw new Error('a stream');
  const mark = /^\[… (\d+) earlier characters are not kept …\]\n/.exec(long.text);
  const kept = long.text.slice(mark?.[0].length);
  expect(kept.length + Number(mark?.[1])).toBe(3_000_000);
  expect(kept.length).toBeLessThanOrEqual(MAX_LANE_TEXT);
  expect(kept.length).toBeGreaterThan(MAX_LANE_TEXT / 2);
  expect(kept.startsWith('x'.repeat(99) + '\n')).toBe(true);
});

test('a megabyte over many outputs of a lane is cut from the oldest on', () => {
  const chunk = 'y'.repeat(1000) + '\n';
  const added = Array.from({ length: 400 }, (_, i) => [text(chunk.repeat(4)), display(i)]).flat();
  const outputs = addOutputs([], added.slice(0, 2 * 300));
  expect(outputs.filter((output) => output.type === 'display').length).toBeGreaterThan(0);
  const total = streams(outputs).reduce((sum, output) => sum + output.length, 0);
  expect(total).toBeLessThan(MAX_LANE_TEXT + 10_000);
});

test('beyond five hundred outputs a cell counts what it does not keep, but still shows how it ended', () => {
  const added = Array.from({ length: MAX_OUTPUTS + 250 }, (_, i) => display(i));
  const outputs = addOutputs(addOutputs([], added), [display(-1), error]);
  expect(outputs).toHaveLength(MAX_OUTPUTS + 2);
  expect(outputs[MAX_OUTPUTS]).toMatchObject({ text: '[… 251 more outputs are not kept …]\n' });
  expect(outputs.at(-1)).toBe(error);
});

test('a flood of errors is bounded too', () => {
  const outputs = addOutputs(
    [],
    Array.from({ length: 2000 }, () => error),
  );
  expect(outputs.length).toBeLessThanOrEqual(MAX_OUTPUTS + 101);
  expect(outputs.at(-1)).toMatchObject({
    text: `[… ${String(2000 - MAX_OUTPUTS - 100)} more outputs are not kept …]\n`,
  });
});

test('ten thousand chunks of eight engines take no quadratic time', () => {
  const start = performance.now();
  let outputs: readonly Output[] = [];
  for (let i = 0; i < 10_000; i++) outputs = addOutputs(outputs, [text('a line of output\n', i % 8)]);
  expect(outputs).toHaveLength(8);
  expect(performance.now() - start).toBeLessThan(5_000);
});
