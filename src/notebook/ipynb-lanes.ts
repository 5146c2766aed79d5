/**
 * Outputs of engines in a file. nbformat knows no lanes, and lets stream and error outputs carry nothing of
 * ours, so whatever an engine put out is saved as `display_data`: a `text/plain` that reads well in any
 * Jupyter (`[stdout:0] …`, `Out[0:3]: …`), the other forms as they were, and a note under a MIME type of our
 * own from which, together with the rest, the output is restored. A CompositeError is saved in the same way,
 * and not as nbformat's `error`, whose traceback could not be told apart by engine again.
 */
import {
  lateMark,
  type Grouped,
  type Lane,
  type MimeBundle,
  type Marked,
  type Output,
} from '../protocol/outputs.ts';
import type { WireError } from '../protocol/errors.ts';
import type { Json, JsonObject } from './document.ts';
import { assertNever } from '../base/assert.ts';
import { isJsonObject } from './cells.ts';
import { isJson, omit, split } from './ipynb-json.ts';
import { writeMetadata, writeMimeData } from './mime-data.ts';
import { readWireError, readWireErrors } from './wire-error-json.ts';

export const LANE_MIME = 'application/vnd.tutti.lane+json';

type OutputOf<T extends Output['type']> = Extract<Output, { type: T }>;

/** True for what nbformat has no place for. */
export function needsNote(output: Output): boolean {
  return output.lane !== null || output.type === 'composite-error' || isLate(output);
}

function isLate(output: Output): boolean {
  return 'isLate' in output;
}

// WRITE

export function writeWithNote(output: Output): JsonObject {
  switch (output.type) {
    case 'stream': {
      const note = { type: 'stream', lane: output.lane, name: output.name, ...extrasOf(output) };
      return displayData({ 'text/plain': split(labelled(labelOf(output), output.text)) }, note);
    }
    case 'display':
    case 'result':
      return writeBundle(output);
    case 'error':
    case 'composite-error':
      return displayData({ 'text/plain': split(errorText(output)) }, isJson(output) ? output : null);
    default:
      return assertNever(output);
  }
}

/** What the note has besides: `group` and `isLate`. */
function extrasOf(output: Grouped & Marked): { readonly group?: number; readonly isLate?: true } {
  return { ...(output.group === undefined ? {} : { group: output.group }), ...lateMark(output) };
}

function displayData(data: JsonObject, note: Json, metadata: JsonObject = {}): JsonObject {
  return { output_type: 'display_data', data: { ...data, [LANE_MIME]: note }, metadata };
}

/** The label goes into `text/plain`; `plain` remembers whether there was one. */
function writeBundle(output: OutputOf<'display' | 'result'>): JsonObject {
  const { 'text/plain': plain, ...others } = output.bundle.data;
  const hasPlain = typeof plain === 'string';
  const text = labelled(labelOf(output), hasPlain ? plain : '');
  const note = {
    type: output.type,
    lane: output.lane,
    plain: hasPlain,
    ...extrasOf(output),
    ...(output.type === 'result' ? { executionCount: output.executionCount } : {}),
  };
  const data = { ...writeMimeData(omitNote(others)), 'text/plain': split(text) };
  return displayData(data, note, writeMetadata(output.bundle.metadata));
}

function omitNote(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(data).filter(([mime]) => mime !== LANE_MIME));
}

function labelOf(output: OutputOf<'stream' | 'display' | 'result'>): string {
  const lane = output.lane === null ? '' : `:${String(output.lane)}`;
  const late = isLate(output) ? ', late' : '';
  switch (output.type) {
    case 'stream':
      return `[${output.name}${lane}${late}]`;
    case 'display':
      return `[output${lane}${late}]`;
    case 'result':
      return `Out[${lane.slice(1)}:${String(output.executionCount)}]:`;
    default:
      return assertNever(output);
  }
}

function labelled(label: string, text: string): string {
  return label + (text.trimEnd().includes('\n') ? '\n' : ' ') + text;
}

function errorText(output: OutputOf<'error' | 'composite-error'>): string {
  if (output.type === 'error') return tracebackText(output.error);
  return [`CompositeError: ${output.message}`, ...output.errors.map(tracebackText)].join('\n');
}

function tracebackText(error: WireError): string {
  const info = error.engineInfo;
  return (info ? `[${String(info.engineId)}:${info.method}] ` : '') + error.traceback.join('\n');
}

// READ

/** Null for a bundle without a note, or with one that does not fit it. */
export function readWithNote(bundle: MimeBundle): Output | null {
  const note = bundle.data[LANE_MIME] as Json | undefined;
  if (!isJsonObject(note)) return null;
  if (note['type'] === 'composite-error') return readComposite(note);
  const lane = note['lane'];
  if (lane === null && note['isLate'] === true) return readOfKernel(bundle, note);
  if (typeof lane !== 'number' || !Number.isInteger(lane) || lane < 0) return null;
  switch (note['type']) {
    case 'stream':
      return readStream(bundle, note, lane);
    case 'display':
    case 'result':
      return readBundle(bundle, note, lane);
    case 'error':
      return readError(note, lane);
    default:
      return null;
  }
}

/** Only what is late needs a note there. */
function readOfKernel(bundle: MimeBundle, note: JsonObject): Output | null {
  if (note['type'] === 'stream') return readStream(bundle, note, null);
  return note['type'] === 'display' ? readBundle(bundle, note, null) : null;
}

function readStream(bundle: MimeBundle, note: JsonObject, lane: Lane): Output | null {
  const { name } = note;
  if (name !== 'stdout' && name !== 'stderr') return null;
  const empty = { type: 'stream', lane, name, text: '', ...readExtras(note) } as const;
  const text = unlabelled(labelOf(empty), bundle.data['text/plain']);
  return text === null ? null : { ...empty, text };
}

function readBundle(bundle: MimeBundle, note: JsonObject, lane: Lane): Output | null {
  const output = emptyBundle(note, lane);
  const plain = output && unlabelled(labelOf(output), bundle.data['text/plain']);
  if (output === null || plain === null) return null;
  const others = omit(omitNote(bundle.data) as JsonObject, ['text/plain']);
  const data = note['plain'] === true ? { 'text/plain': plain, ...others } : others;
  return { ...output, bundle: { data, metadata: bundle.metadata } };
}

function readExtras({ group, isLate: late }: JsonObject): Grouped & Marked {
  return {
    ...(typeof group === 'number' && Number.isInteger(group) ? { group } : {}),
    ...(late === true ? { isLate: true } : {}),
  };
}

function emptyBundle(note: JsonObject, lane: Lane): OutputOf<'display' | 'result'> | null {
  const bundle = { data: {}, metadata: {} };
  const extras = readExtras(note);
  if (note['type'] === 'display') return { type: 'display', lane, bundle, ...extras };
  const { executionCount } = note;
  const { group } = extras;
  return typeof executionCount === 'number'
    ? { type: 'result', lane, bundle, executionCount, ...(group === undefined ? {} : { group }) }
    : null;
}

function unlabelled(label: string, text: unknown): string | null {
  return typeof text === 'string' && text.startsWith(label) ? text.slice(label.length + 1) : null;
}

function readError(note: JsonObject, lane: number): Output | null {
  const error = readWireError(note['error']);
  return error && { type: 'error', lane, error };
}

function readComposite(note: JsonObject): Output | null {
  const errors = readWireErrors(note['errors']);
  const { message, tbLimit } = note;
  if (errors === null || typeof message !== 'string' || typeof tbLimit !== 'number') return null;
  return { type: 'composite-error', lane: null, message, errors, tbLimit };
}
