import type { Output } from '../protocol/outputs.ts';
import type { Json, JsonObject } from './document.ts';
import { assertNever } from '../base/assert.ts';
import { isJsonObject } from './cells.ts';
import { isJson, isList, joined, sameJson, split } from './ipynb-json.ts';
import { isOutput } from './nbformat-rules.ts';
import { needsNote, readWithNote, writeWithNote } from './ipynb-lanes.ts';
import { readMimeData, readMimeDataThatFits, writeMetadata, writeMimeData } from './mime-data.ts';
import { framesIn } from './wire-error-json.ts';

/** Holds the original of an output that we cannot make ours without losing something. */
export const FOREIGN_MIME = 'application/vnd.tutti.foreign-output+json';

// WRITE

/** An output as nbformat 4.5 has it. A foreign one that it does not allow stays beside what is shown of it. */
export function writeOutput(output: Output): JsonObject {
  const original = output.type === 'display' ? output.bundle.data[FOREIGN_MIME] : undefined;
  if (isJson(original) && isJsonObject(original) && isOutput(original)) return original;
  return needsNote(output) ? writeWithNote(output) : writePlain(output);
}

function writePlain(output: Output): JsonObject {
  switch (output.type) {
    case 'stream':
      return { output_type: 'stream', name: output.name, text: split(output.text) };
    case 'display':
      return { output_type: 'display_data', ...writeBundle(output.bundle) };
    case 'result':
      return {
        output_type: 'execute_result',
        execution_count: output.executionCount,
        ...writeBundle(output.bundle),
      };
    case 'error': {
      const { ename, evalue, traceback } = output.error;
      return { output_type: 'error', ename, evalue, traceback };
    }
    case 'composite-error':
      return writeWithNote(output);
    default:
      return assertNever(output);
  }
}

function writeBundle({ data, metadata }: Extract<Output, { type: 'display' }>['bundle']): JsonObject {
  return { data: writeMimeData(data), metadata: writeMetadata(metadata) };
}

// READ

/**
 * An output of a file as ours. What we cannot say in our own terms, to the last key, is shown as well as we
 * can and keeps its original beside it, which is what will be saved: nothing of a foreign tool is lost.
 */
export function readOutput(json: JsonObject): Output {
  const found = complete(json);
  const ours = interpret(found);
  const isSame = (output: Output) => sameJson(withJoinedText(writeOutput(output)), withJoinedText(found));
  return ours.find(isSame) ?? foreign(found);
}

/** Older minors and careless writers leave out what 4.5 requires. */
function complete(json: JsonObject): JsonObject {
  switch (json['output_type']) {
    case 'display_data':
      return { metadata: {}, ...json };
    case 'execute_result':
      return { metadata: {}, execution_count: null, ...json };
    case 'stream':
      return { name: 'stdout', ...json };
    default:
      return json;
  }
}

/** What it may be in our terms, the best first. */
function interpret(json: JsonObject): readonly Output[] {
  switch (json['output_type']) {
    case 'stream':
      return readStream(json);
    case 'error':
      return readError(json);
    case 'display_data':
    case 'execute_result':
      return readBundle(json);
    default:
      return [];
  }
}

function readStream(json: JsonObject): readonly Output[] {
  const { name } = json;
  const text = joined(json['text']);
  if (text === null || (name !== 'stdout' && name !== 'stderr')) return [];
  return [{ type: 'stream', lane: null, name, text }];
}

function readError(json: JsonObject): readonly Output[] {
  const { ename, evalue, traceback } = json;
  const isText = (line: Json) => typeof line === 'string';
  if (typeof ename !== 'string' || typeof evalue !== 'string') return [];
  if (!isList(traceback) || !traceback.every(isText)) return [];
  const frames = framesIn(traceback);
  return [{ type: 'error', lane: null, error: { ename, evalue, traceback, frames, engineInfo: null } }];
}

function readBundle(json: JsonObject): readonly Output[] {
  const { metadata, execution_count: executionCount } = json;
  const data = isJsonObject(json['data']) ? readMimeData(json['data']) : null;
  const original = data?.[FOREIGN_MIME];
  if (original !== undefined && isJsonObject(original)) return [foreign(original)];
  if (data === null || FOREIGN_MIME in data || !isJsonObject(metadata)) return [];
  const bundle = { data, metadata };
  if (json['output_type'] === 'execute_result') {
    return typeof executionCount === 'number' ? [{ type: 'result', lane: null, bundle, executionCount }] : [];
  }
  const ofEngine = readWithNote(bundle);
  const plain: Output = { type: 'display', lane: null, bundle };
  return ofEngine ? [ofEngine, plain] : [plain];
}

/** The file's form with lines joined, for comparing. */
function withJoinedText(json: JsonObject): JsonObject {
  const text = joined(json['text']);
  const data = json['data'];
  return {
    ...json,
    ...(text === null ? {} : { text }),
    ...(isJsonObject(data) ? { data: { ...data, ...readMimeDataThatFits(data) } } : {}),
  };
}

function foreign(original: JsonObject): Output {
  const data = isJsonObject(original['data']) ? readMimeDataThatFits(original['data']) : {};
  const shown = Object.keys(data).length > 0 ? data : { 'text/plain': textOf(original) };
  const metadata = isJsonObject(original['metadata']) ? original['metadata'] : {};
  return {
    type: 'display',
    lane: null,
    bundle: { data: { ...shown, [FOREIGN_MIME]: original }, metadata },
  };
}

function textOf(output: JsonObject): string {
  const traceback = isList(output['traceback']) ? output['traceback'].map(String).join('\n') : null;
  const type = typeof output['output_type'] === 'string' ? output['output_type'] : 'unknown';
  return joined(output['text']) ?? traceback ?? `[an output of type "${type}", which Tutti cannot show]`;
}
