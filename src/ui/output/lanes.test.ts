import { describe, expect, it } from 'vitest';
import type { Lane, Output } from '../../protocol/outputs.ts';
import { addOutputs } from '../../notebook/cell-outputs.ts';
import { labelOf, layOut } from './lanes.ts';

const said = (lane: Lane, text: string): Output => ({ type: 'stream', lane, name: 'stdout', text });
const result = (lane: Lane, text: string, executionCount = 1): Output => ({
  type: 'result',
  lane,
  bundle: { data: { 'text/plain': text }, metadata: {} },
  executionCount,
});

describe('lanes', () => {
  it('every engine has a lane, in the order of engines, each in the order of arrival', () => {
    const [group] = layOut([said(1, 'a'), said(0, 'x'), said(1, 'b'), result(1, '5')], false);
    expect(group).toMatchObject({
      type: 'lanes',
      lanes: [
        { engines: [0], outputs: [{ text: 'x' }] },
        { engines: [1], outputs: [{ text: 'ab' }, { type: 'result' }] },
      ],
    });
  });

  it('what the kernel says in between parts the lanes', () => {
    expect(
      layOut([said(null, '1'), said(0, 'a'), said(null, '2'), said(0, 'b')], true).map((s) => s.type),
    ).toEqual(['kernel', 'lanes', 'kernel', 'lanes']);
  });

  it('45 by type, order and engine, the page shows three orders', () => {
    const shown = (lane: Lane, text: string): Output => ({
      type: 'display',
      lane,
      bundle: { data: { 'text/plain': text }, metadata: {} },
    });
    const grouped = (outputs: readonly Output[], group: number) =>
      outputs.map((output) => (group === 0 ? output : ({ ...output, group } as Output)));
    const out = [said(0, 'o0'), said(1, 'o1')];
    const results = [result(0, 'r0'), result(1, 'r1')];
    const type = [out, [shown(0, 'a0'), shown(0, 'b0'), shown(1, 'a1'), shown(1, 'b1')], results];
    const order = [out, [shown(0, 'a0'), shown(1, 'a1')], [shown(0, 'b0'), shown(1, 'b1')], results];
    const engine = [
      [said(0, 'o0'), shown(0, 'a0'), shown(0, 'b0'), result(0, 'r0')],
      [said(1, 'o1'), shown(1, 'a1'), shown(1, 'b1'), result(1, 'r1')],
    ];
    const read = (outputs: readonly Output[]) =>
      layOut(addOutputs([], outputs), true)
        .flatMap((segment) => (segment.type === 'lanes' ? segment.lanes : []))
        .flatMap((lane) => lane.outputs)
        .map((one) => ('text' in one ? one.text : 'bundle' in one ? one.bundle.data['text/plain'] : ''))
        .join(' ');
    expect([read(type.flatMap(grouped)), read(order.flatMap(grouped)), read(engine.flat())]).toEqual([
      'o0 o1 a0 b0 a1 b1 r0 r1',
      'o0 o1 a0 a1 b0 b1 r0 r1',
      'o0 a0 b0 r0 o1 a1 b1 r1',
    ]);
    // Streams of two groups are two, also where nothing stands between them.
    expect(addOutputs([], [said(0, 'x'), { ...said(0, 'y'), group: 1 } as Output])).toHaveLength(2);
    // As are what is known to be of a request and what is late.
    const late = addOutputs([], [said(0, 'x'), { ...said(0, 'y'), isLate: true } as Output]);
    expect(layOut(late, true)).toMatchObject([{ lanes: [{ outputs: [{ text: 'x' }, { text: 'y' }] }] }]);
  });

  it('four equal outputs are one output of four engines, whatever their counts', () => {
    const outputs = [0, 1, 2, 3].map((lane) => result(lane, '42', lane));
    expect(layOut(outputs, true)).toMatchObject([{ lanes: [{ engines: [0, 1, 2, 3] }] }]);
    expect(layOut(outputs, false)).toMatchObject([{ lanes: [{}, {}, {}, {}] }]);
  });

  it('an outlier keeps its own lane', () => {
    const outputs = [said(0, 'ok'), said(1, 'bad'), said(2, 'ok')];
    expect(layOut(outputs, true)).toMatchObject([{ lanes: [{ engines: [0, 2] }, { engines: [1] }] }]);
  });

  it('labels are those of IPython', () => {
    expect([said(0, ''), said(null, ''), result(0, '', 3), result(null, '', 3)].map(labelOf)).toEqual([
      '[stdout:0]',
      null,
      'Out[0:3]:',
      'Out[3]:',
    ]);
  });
});
