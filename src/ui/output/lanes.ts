import type { EngineId } from '../../protocol/ids.ts';
import { TABLE_MIME, VALUE_MIME } from '../../protocol/looking.ts';
import { goesOn, type MimeBundle, type Output } from '../../protocol/outputs.ts';

/**
 * How the outputs of a cell are laid out. What engines say between two outputs of the kernel forms one group
 * of lanes, a lane for each engine, in the order of engines and, inside a lane, of arrival. So a stream that
 * goes on grows in place, and what stands above never moves. Outputs that come in groups have lanes in each of them.
 */
export type Segment =
  | { readonly type: 'kernel'; readonly outputs: readonly Output[] }
  | { readonly type: 'lanes'; readonly lanes: readonly LaneView[] };

export interface LaneView {
  /** More than one: these engines said the same. */
  readonly engines: readonly EngineId[];
  /** Of the first of `engines`; neighbouring pieces of one stream are joined. */
  readonly outputs: readonly Output[];
  /** The outputs of each of `engines`, for their labels. */
  readonly perEngine: readonly (readonly Output[])[];
}

/** `collapse`: engines that said the same share a lane. Off while a cell runs, as equal beginnings differ later. */
export function layOut(outputs: readonly Output[], collapse: boolean): readonly Segment[] {
  return segments(outputs).map((segment) =>
    segment.type === 'kernel'
      ? { type: 'kernel', outputs: joinStreams(segment.outputs) }
      : { type: 'lanes', lanes: collapse ? shareEqual(lanesOf(segment.outputs)) : lanesOf(segment.outputs) },
  );
}

interface RawSegment {
  readonly type: Segment['type'];
  readonly outputs: Output[];
}

function segments(outputs: readonly Output[]): readonly RawSegment[] {
  const list: RawSegment[] = [];
  let group: number | undefined;
  for (const output of outputs) {
    const type = output.lane === null ? 'kernel' : 'lanes';
    const last = list.at(-1);
    const before = group;
    group = 'group' in output ? output.group : undefined;
    if (last?.type === type && (type === 'kernel' || before === group)) last.outputs.push(output);
    else list.push({ type, outputs: [output] });
  }
  return list;
}

function lanesOf(outputs: readonly Output[]): readonly LaneView[] {
  const byEngine = new Map<EngineId, Output[]>();
  for (const output of outputs) {
    if (output.lane === null) continue;
    const lane = byEngine.get(output.lane);
    if (lane) lane.push(output);
    else byEngine.set(output.lane, [output]);
  }
  return [...byEngine]
    .sort(([a], [b]) => a - b)
    .map(([engine, list]) => {
      const joined = joinStreams(list);
      return { engines: [engine], outputs: joined, perEngine: [joined] };
    });
}

export function joinStreams(outputs: readonly Output[]): readonly Output[] {
  const list: Output[] = [];
  for (const output of outputs) {
    const last = list.at(-1);
    if (output.type === 'stream' && last?.type === 'stream' && goesOn(output, last)) {
      list[list.length - 1] = { ...last, text: last.text + output.text };
    } else list.push(output);
  }
  return list;
}

interface Shared extends LaneView {
  readonly engines: EngineId[];
  readonly perEngine: (readonly Output[])[];
}

function shareEqual(lanes: readonly LaneView[]): readonly LaneView[] {
  const byContent = new Map<string, Shared>();
  for (const lane of lanes) {
    const key = JSON.stringify(lane.outputs.map(contentOf));
    const same = byContent.get(key);
    if (same) {
      same.engines.push(...lane.engines);
      same.perEngine.push(...lane.perEngine);
    } else {
      byContent.set(key, { ...lane, engines: [...lane.engines], perEngine: [...lane.perEngine] });
    }
  }
  return [...byContent.values()];
}

/** All that a reader would call the output itself: not which engine, nor its count. */
function contentOf(output: Output): unknown {
  switch (output.type) {
    case 'stream':
      return [output.name, output.text, output.isLate];
    case 'display':
      return ['display', withoutHandles(output.bundle), output.isLate];
    case 'result':
      return ['result', withoutHandles(output.bundle)];
    case 'error':
      return ['error', output.error.ename, output.error.evalue, output.error.frames];
    case 'composite-error':
      return ['composite-error', output.message];
  }
}

/** Under which handle an engine keeps what it shows is no part of it. */
function withoutHandles({ data, metadata }: MimeBundle): unknown {
  const value = data[VALUE_MIME] as { readonly entries?: unknown; readonly total?: unknown } | undefined;
  const table = data[TABLE_MIME] as object | undefined;
  return [
    {
      ...data,
      [VALUE_MIME]: value && [value.entries, value.total],
      [TABLE_MIME]: table && { ...table, handle: null },
    },
    metadata,
  ];
}

/** `[stdout:0]`, `Out[0:3]:`, `Out[3]:`; null for what needs none. */
export function labelOf(output: Output): string | null {
  const { lane } = output;
  switch (output.type) {
    case 'stream':
      return lane === null ? null : `[${output.name}:${String(lane)}]`;
    case 'result':
      return lane === null
        ? `Out[${String(output.executionCount)}]:`
        : `Out[${String(lane)}:${String(output.executionCount)}]:`;
    case 'display':
      return lane === null ? null : `[output:${String(lane)}]`;
    case 'error':
    case 'composite-error':
      return null;
  }
}
