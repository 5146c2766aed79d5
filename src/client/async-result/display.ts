import { lateMark, type Output, type StreamName } from '../../protocol/outputs.ts';
import { ValueError } from '../errors.ts';
import type { Job, OutputEvent } from '../job.ts';

/** How the outputs of several engines are put in order. */
export type GroupBy = 'type' | 'engine' | 'order';

/**
 * Everything that finished jobs printed, displayed and resulted in, as outputs of a cell. Empty streams leave
 * nothing. A single result has no lane, so that it carries no prefix.
 *
 * `type`: all stdout, all stderr, all displays, all results; `engine`: one engine after the other; `order`: as
 * `type`, but displays alternate between engines: the first of each, then the second of each.
 * @throws ValueError for another word.
 */
export function collectOutputs(jobs: readonly Job[], isSingle: boolean, groupBy: GroupBy = 'type'): Output[] {
  const lanes = jobs.map((job) => new LaneOutputs(job, isSingle));
  switch (groupBy) {
    case 'engine':
      return lanes.flatMap((lane) => [
        ...lane.stream('stdout'),
        ...lane.stream('stderr'),
        ...lane.displays(),
        ...lane.result(),
      ]);
    case 'type':
      return byType(lanes, [lanes.flatMap((lane) => lane.displays())]);
    case 'order':
      return byType(lanes, roundRobin(lanes.map((lane) => lane.displays())));
    default:
      throw new ValueError(
        `groupBy must be one of 'type', 'engine', 'order', not ${JSON.stringify(groupBy)}`,
      );
  }
}

/** In groups, which the page keeps apart although each engine has a lane of its own. */
function byType(lanes: readonly LaneOutputs[], displays: readonly (readonly LaneOutput[])[]): Output[] {
  const groups = [
    lanes.flatMap((lane) => lane.stream('stdout')),
    lanes.flatMap((lane) => lane.stream('stderr')),
    ...displays,
    lanes.flatMap((lane) => lane.result()),
  ].filter(({ length }) => length > 0);
  return groups.flatMap((outputs, group) =>
    outputs.map((output) => (group === 0 || output.lane === null ? output : { ...output, group })),
  );
}

function roundRobin(lists: readonly (readonly LaneOutput[])[]): LaneOutput[][] {
  const longest = lists.reduce((most, list) => Math.max(most, list.length), 0);
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? []));
}

/** What a finished job can put out. */
type LaneOutput = Extract<Output, { readonly type: 'stream' | 'display' | 'result' }>;

class LaneOutputs {
  readonly #job: Job;
  readonly #isSingle: boolean;

  constructor(job: Job, isSingle: boolean) {
    this.#job = job;
    this.#isSingle = isSingle;
  }

  get #lane(): number | null {
    return this.#isSingle ? null : this.#job.engineId;
  }

  stream(name: StreamName): LaneOutput[] {
    return [this.#job.text(name, false), this.#job.text(name, true)].flatMap((text, i) =>
      text === ''
        ? []
        : { type: 'stream', lane: this.#lane, name, text, ...(i === 0 ? {} : { isLate: true }) },
    );
  }

  displays(): LaneOutput[] {
    return this.#job.displayed.map((one) => ({
      type: 'display',
      lane: this.#lane,
      bundle: one.bundle,
      ...lateMark(one),
    }));
  }

  result(): LaneOutput[] {
    const { executeResult: bundle, executionCount } = this.#job;
    return bundle ? [{ type: 'result', lane: this.#lane, bundle, executionCount: executionCount ?? 0 }] : [];
  }
}

/** One thing printed or displayed, as an output of a cell; null for what only clears. */
export function outputOfEvent(event: OutputEvent, lane: number | null): Output | null {
  switch (event.type) {
    case 'stream':
      return { type: 'stream', lane, name: event.name, text: event.text, ...lateMark(event) };
    case 'display': {
      const id = event.displayId === undefined ? {} : { displayId: event.displayId };
      return { type: 'display', lane, bundle: event.bundle, ...id, ...lateMark(event) };
    }
    case 'clear-output':
      return null;
  }
}

/** For realms that show no outputs: text, each line with its engine's prefix. */
export function outputAsText(output: Output): string {
  switch (output.type) {
    case 'stream':
      return prefixed(output.lane === null ? '' : `[${output.name}:${String(output.lane)}] `, output.text);
    case 'display':
      return prefixed(output.lane === null ? '' : `[output:${String(output.lane)}] `, plainText(output));
    case 'result': {
      const lane = output.lane === null ? '' : `${String(output.lane)}:`;
      return `Out[${lane}${String(output.executionCount)}]: ${plainText(output)}`;
    }
    case 'error':
      return output.error.traceback.join('\n');
    case 'composite-error':
      return output.message;
  }
}

function prefixed(prefix: string, text: string): string {
  return prefix + text.replace(/\n$/, '');
}

function plainText(output: Output & { type: 'display' | 'result' }): string {
  const text = output.bundle.data['text/plain'];
  return typeof text === 'string' ? text : `<${Object.keys(output.bundle.data).join(', ')}>`;
}
