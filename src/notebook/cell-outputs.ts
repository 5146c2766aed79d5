/**
 * The outputs of one cell as they grow. Promises that whatever a program prints, a cell stays bounded: at
 * most `MAX_OUTPUTS` outputs, a mark that says how many more there were, and a hundred results and errors on
 * top, which people look for; and at most `MAX_LANE_TEXT` characters of stream text for each lane, the
 * latest ones.
 */
import { goesOn, type Lane, type MimeBundle, type Output } from '../protocol/outputs.ts';
import { assertNever } from '../base/assert.ts';
import { cutFront, growStream, readCut, type StreamOutput } from './stream-text.ts';

export const MAX_OUTPUTS = 500;
export const MAX_LANE_TEXT = 1024 * 1024;
export const MAX_AFTER_MARK = 100;
/** Cut deeper than needed, so that a long stream is not cut at every chunk. */
const LANE_TEXT_AFTER_CUT = MAX_LANE_TEXT * 0.75;

/** The outputs with `added` behind them. */
export function addOutputs(outputs: readonly Output[], added: readonly Output[]): readonly Output[] {
  const grown = [...outputs];
  const lanes = new Set<Lane>();
  for (const output of added) {
    if (output.type === 'stream') {
      addStream(grown, output);
      lanes.add(output.lane);
    } else {
      push(grown, output);
    }
  }
  return [...lanes].reduce<readonly Output[]>(cutLane, grown);
}

/** Every display of this id shows `bundle` now. The same list when there is none. */
export function updateDisplay(
  outputs: readonly Output[],
  displayId: string,
  bundle: MimeBundle,
): readonly Output[] {
  const isIt = (output: Output) => output.type === 'display' && output.displayId === displayId;
  return outputs.some(isIt)
    ? outputs.map((output) => (isIt(output) ? ({ ...output, bundle } as Output) : output))
    : outputs;
}

// STREAMS

function addStream(outputs: Output[], output: StreamOutput): void {
  if (output.text === '') return;
  const at = continuedBy(outputs, output);
  const before = outputs[at];
  if (before?.type === 'stream') outputs[at] = growStream(before, output.text);
  else push(outputs, growStream({ ...output, text: '' }, output.text));
}

/**
 * Which output the chunk continues, or -1. Engines write at the same time, so a chunk of one continues that
 * engine's last output although others have written since; the kernel's own outputs keep their place among
 * all others.
 */
function continuedBy(outputs: readonly Output[], chunk: StreamOutput): number {
  for (let i = outputs.length - 1; i >= 0; i--) {
    const output = outputs[i];
    if (output === undefined || isCutMark(output)) continue;
    if (output.lane === chunk.lane) return continues(output, chunk) ? i : -1;
    if (chunk.lane === null || output.lane === null) return -1;
  }
  return -1;
}

function continues(output: Output, chunk: StreamOutput): boolean {
  return output.type === 'stream' && goesOn(chunk, output) && output.group === chunk.group;
}

function cutLane(outputs: readonly Output[], lane: Lane): readonly Output[] {
  const isOurs = (output: Output): output is StreamOutput =>
    output.type === 'stream' && output.lane === lane && !isCutMark(output);
  const total = outputs.reduce((sum, output) => sum + (isOurs(output) ? output.text.length : 0), 0);
  if (total <= MAX_LANE_TEXT) return outputs;
  let excess = total - LANE_TEXT_AFTER_CUT;
  let lost = 0;
  return outputs.flatMap((output) => {
    if (excess <= 0 || !isOurs(output)) return [output];
    const cut = readCut(output.text);
    lost += cut.lost;
    const taken = Math.min(excess, cut.rest.length);
    excess -= taken;
    if (excess > 0) {
      lost += taken;
      return [];
    }
    excess = 0;
    return [{ ...output, text: cutFront(cut.rest, taken, lost) }];
  });
}

// THE BOUND ON THEIR NUMBER

const CUT_MARK = /^\[… ([0-9]+) more outputs? (?:is|are) not kept …\]\n$/;

function cutMark(missing: number): StreamOutput {
  const what = missing === 1 ? 'output is' : 'outputs are';
  return {
    type: 'stream',
    lane: null,
    name: 'stderr',
    text: `[… ${String(missing)} more ${what} not kept …]\n`,
  };
}

/** How many outputs this one stands for; 0 when it is no mark. */
function missingAt(output: Output): number {
  if (output.type !== 'stream' || output.lane !== null || output.text.length > 100) return 0;
  return Number(CUT_MARK.exec(output.text)?.[1] ?? 0);
}

function isCutMark(output: Output): boolean {
  return missingAt(output) > 0;
}

function push(outputs: Output[], output: Output): void {
  const mark = outputs.findLastIndex(isCutMark);
  const bound = isSought(output) ? MAX_OUTPUTS + MAX_AFTER_MARK : mark < 0 ? MAX_OUTPUTS : 0;
  if (outputs.length < bound) {
    outputs.push(output);
  } else if (mark < 0) {
    outputs.push(cutMark(1));
  } else {
    const before = outputs[mark];
    outputs[mark] = cutMark((before ? missingAt(before) : 0) + 1);
  }
}

/** People look for how a cell ended, however much it has shown. */
function isSought(output: Output): boolean {
  switch (output.type) {
    case 'result':
    case 'error':
    case 'composite-error':
      return true;
    case 'stream':
    case 'display':
      return false;
    default:
      return assertNever(output);
  }
}
