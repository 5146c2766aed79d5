import * as v from 'valibot';
import {
  ENTRIES_AT_ONCE,
  MOST_ROWS_AT_ONCE,
  VARIABLE_KINDS,
  VARIABLES_AT_ONCE,
} from '../protocol/looking.ts';
import { MOST_ROWS, MOST_TEXTS, ROW_LENGTH } from '../protocol/task-rows.ts';
import { MOST_TOLD } from '../protocol/stored-task.ts';
import { EVENT_BOUNDS, isJson, isWithin } from '../protocol/event-bounds.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';

/**
 * The frame runs strangers' code, so what it tells is checked here, completely, before the page believes it: an
 * event of another shape or beyond these sizes is dropped and counted. What passes is data of known types;
 * what outputs hold is still to be sanitised where it is shown.
 */

/** Characters in one text: a stream chunk, an SVG, a base64 image. */
const TEXT_LIMIT = 32 << 20;
const LIST_LIMIT = 100_000;
/** A page of engines is a real cluster's; one of the frame's own has 128. */
const MOST_ENGINES = 4096;
/** Names of one engine, characters of a sentence for the reader. */
const MOST_NAMES = 10_000;
const SENTENCE = 2000;

const name = v.pipe(v.string(), v.maxLength(10_000));
const text = v.pipe(v.string(), v.maxLength(TEXT_LIMIT));
const count = v.number();
const fileName = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const engineId = v.pipe(v.number(), v.integer(), v.minValue(0));
const lane = v.nullable(engineId);
const listOf = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.maxLength(LIST_LIMIT));

/** Structured-clonable JSON; anything else in a bundle would be a surprise to whoever stores it. */
const json = v.custom<unknown>(isJson);
const bundle = v.object({ data: v.record(name, json), metadata: v.record(name, json) });

const frame = v.object({ functionName: v.nullable(name), url: name, line: count, column: count });
const wireError = v.object({
  ename: text,
  evalue: text,
  traceback: listOf(text),
  frames: listOf(frame),
  engineInfo: v.nullable(v.object({ engineId, engineUuid: name, method: name })),
  position: v.exactOptional(v.object({ url: name, line: count, column: count })),
});

const group = v.exactOptional(count);
const isLate = v.exactOptional(v.literal(true));
const output = v.variant('type', [
  v.object({ type: v.literal('stream'), lane, name: v.picklist(['stdout', 'stderr']), text, group, isLate }),
  v.object({ type: v.literal('display'), lane, bundle, displayId: v.exactOptional(name), group, isLate }),
  v.object({ type: v.literal('result'), lane, bundle, executionCount: count, group }),
  v.object({ type: v.literal('error'), lane, error: wireError }),
  v.object({
    type: v.literal('composite-error'),
    lane: v.null(),
    message: text,
    errors: listOf(wireError),
    tbLimit: count,
  }),
]);

const kernelEvent = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('interrupt-received') }),
  v.object({ type: v.literal('cell-started'), runId: name, executionCount: count }),
  v.object({ type: v.literal('output'), runId: name, output }),
  v.object({ type: v.literal('clear-output'), runId: name, wait: v.boolean() }),
  v.object({ type: v.literal('update-display'), displayId: name, bundle }),
  v.object({
    type: v.literal('cell-finished'),
    runId: name,
    status: v.picklist(['ok', 'error']),
    syntaxError: v.exactOptional(wireError),
  }),
  v.object({ type: v.literal('autopx'), targets: v.nullable(name) }),
  v.object({ type: v.literal('px-targets'), targets: v.union([v.literal('all'), listOf(engineId)]) }),
  v.object({ type: v.literal('replace-source'), runId: name, source: text }),
  v.object({
    type: v.literal('completions'),
    n: count,
    from: count,
    to: count,
    items: v.pipe(
      v.array(v.object({ name, kind: name, detail: v.exactOptional(name) })),
      v.maxLength(10_000),
    ),
  }),
  v.object({
    type: v.literal('inspection'),
    n: count,
    found: v.nullable(
      v.object({
        from: count,
        to: count,
        text,
        path: v.pipe(v.array(name), v.maxLength(100)),
        engines: v.pipe(v.array(engineId), v.maxLength(10_000)),
      }),
    ),
  }),
  v.object({ type: v.literal('cell-targets'), runId: name, targets: v.nullable(listOf(engineId)) }),
]);

const engineState = v.object({
  id: engineId,
  uuid: name,
  generation: count,
  status: v.picklist(['starting', 'idle', 'busy', 'dead']),
  outstanding: count,
  queued: count,
  completed: count,
  failed: count,
  running: v.nullable(v.object({ msgId: name, name, since: count })),
  death: v.nullable(text),
  names: v.pipe(v.array(name), v.maxLength(MOST_NAMES)),
  language: v.exactOptional(v.picklist(['javascript', 'python'])),
  host: v.exactOptional(name),
});

const summary = v.object({
  kind: v.picklist(['number', 'string', 'word', 'function', 'object']),
  text: name,
  node: v.nullable(count),
});
const cell = v.nullable(v.union([v.number(), v.string(), v.boolean()]));
const entries = {
  entries: v.pipe(v.array(v.object({ name, value: summary })), v.maxLength(ENTRIES_AT_ONCE)),
  total: count,
};
const variable = v.object({
  name,
  kind: v.picklist(VARIABLE_KINDS),
  type: name,
  length: v.nullable(count),
  bytes: count,
  text: name,
  digest: name,
  whole: v.boolean(),
});
const answer = v.variant('type', [
  v.object({ type: v.literal('entries'), ...entries }),
  v.object({
    type: v.literal('rows'),
    rows: v.pipe(v.array(v.pipe(v.array(cell), v.maxLength(1000))), v.maxLength(MOST_ROWS_AT_ONCE)),
    rowNames: v.nullable(v.pipe(v.array(v.string()), v.maxLength(MOST_ROWS_AT_ONCE))),
  }),
  v.object({ type: v.literal('name'), summary: v.nullable(summary) }),
  v.object({
    type: v.literal('open'),
    summary: v.nullable(summary),
    value: v.nullable(v.object({ handle: name, summary, ...entries })),
  }),
  v.object({
    type: v.literal('variables'),
    round: count,
    names: v.nullable(listOf(name)),
    changed: v.pipe(v.array(variable), v.maxLength(VARIABLES_AT_ONCE)),
    next: v.nullable(count),
  }),
  v.object({ type: v.literal('forgotten') }),
  v.object({ type: v.literal('gone') }),
]);

const runtimeEvent = v.variant('type', [
  v.object({
    type: v.literal('history'),
    book: count,
    // Whoever keeps them looks whether they can be kept.
    kept: v.pipe(v.array(v.object({ msgId: name, task: v.unknown() })), v.maxLength(MOST_TOLD)),
    gone: listOf(name),
  }),
  v.object({ type: v.literal('kernel'), event: kernelEvent }),
  v.object({
    type: v.literal('kernel-status'),
    status: v.picklist(['starting', 'idle', 'busy', 'dead']),
    reason: v.nullable(v.pipe(text, v.transform(sentence))),
  }),
  v.object({
    type: v.literal('engines'),
    engines: v.pipe(v.array(engineState), v.maxLength(MOST_ENGINES)),
  }),
  v.object({
    type: v.literal('adapting'),
    adapt: v.nullable(v.object({ min: count, max: count, idle: count })),
  }),
  v.object({
    type: v.literal('notice'),
    level: v.picklist(['info', 'warning']),
    text: v.pipe(text, v.transform(sentence)),
    lost: v.exactOptional(v.picklist(['kernel', 'engines'])),
  }),
  v.object({
    type: v.literal('tasks'),
    texts: v.pipe(v.array(name), v.maxLength(MOST_TEXTS)),
    firstText: v.pipe(count, v.integer(), v.minValue(0), v.maxValue(MOST_TEXTS)),
    msgIds: v.pipe(v.array(name), v.maxLength(MOST_ROWS)),
    rows: v.pipe(
      v.instance(Float64Array),
      v.check((rows) => rows.length <= MOST_ROWS * ROW_LENGTH),
    ),
  }),
  v.object({ type: v.literal('seen'), n: count, answer }),
  v.object({ type: v.literal('need-library'), name }),
  v.object({ type: v.literal('join-asked'), n: count, link: name, runId: v.nullable(name) }),
  v.object({ type: v.literal('join-withdrawn'), n: count }),
  v.object({
    type: v.literal('change-file'),
    n: count,
    change: v.variant('type', [
      v.object({ type: v.literal('write'), name: fileName, blob: v.instance(Blob) }),
      v.object({ type: v.literal('remove'), name: fileName }),
    ]),
  }),
]);

export interface CheckedEvents {
  readonly events: readonly RuntimeEvent[];
  /** How many were dropped, for the console. */
  readonly dropped: number;
}

export function checkEvents(batch: unknown): CheckedEvents {
  if (!Array.isArray(batch)) return { events: [], dropped: 1 };
  const events: RuntimeEvent[] = [];
  for (const candidate of batch as readonly unknown[]) {
    const event = check(candidate);
    if (event !== null) events.push(event);
  }
  return { events, dropped: batch.length - events.length };
}

function check(candidate: unknown): RuntimeEvent | null {
  // The first look is cheap, and so is all that follows for what has passed it.
  if (!isWithin(EVENT_BOUNDS, withoutTasks(candidate))) return null;
  const checked = v.safeParse(runtimeEvent, candidate);
  // The brands of ids are ours alone; a string of the right length is all that can be checked.
  return checked.success ? (checked.output as unknown as RuntimeEvent) : null;
}

/** Tasks of the history may hold whatever can be kept, and have bounds of their own: they are not looked into here. */
function withoutTasks(candidate: unknown): unknown {
  if (typeof candidate !== 'object' || candidate === null || !('kept' in candidate)) return candidate;
  const { kept } = candidate;
  if (!Array.isArray(kept) || kept.length > MOST_TOLD) return { ...candidate, kept: undefined };
  return { ...candidate, kept: kept.map((entry: unknown) => isEntry(entry) && entry.msgId) };
}

function isEntry(entry: unknown): entry is { readonly msgId: unknown } {
  return typeof entry === 'object' && entry !== null && 'msgId' in entry;
}

/** One line, of bounded length. */
function sentence(words: string): string {
  const short = words.length > SENTENCE ? `${words.slice(0, SENTENCE)} …` : words;
  return short.replaceAll(/\s+/g, ' ');
}
