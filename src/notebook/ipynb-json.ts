import type { Json, JsonObject } from './document.ts';
import { isJsonObject } from './cells.ts';

/** The file is no notebook we can read; the message says where and what. Nothing of it has been opened. */
export class NotebookFormatError extends Error {
  override readonly name = 'NotebookFormatError';
}

/** Deeper nesting is nobody's notebook, and would exhaust the stack of whoever walks it. */
const MAX_DEPTH = 500;

/** Parses a file's text. Throws NotebookFormatError for what is not JSON. */
export function parseJson(text: string): Json {
  const json = tryParse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  if (isDeep(json)) {
    throw new NotebookFormatError(`The file is nested more than ${String(MAX_DEPTH)} levels deep.`);
  }
  return json;
}

function tryParse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NotebookFormatError(`The file is not JSON, so it is not a notebook: ${why}`);
  }
}

function isDeep(json: Json): boolean {
  let level: Json[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

// CHECKS. `path` is where the value stands in the file: `cells[3].source`.

export function objectAt(value: Json | undefined, path: string): JsonObject {
  if (!isJsonObject(value)) throw new NotebookFormatError(`${path} must be an object.`);
  return value;
}

export function listAt(value: Json | undefined, path: string): readonly Json[] {
  if (!isList(value)) throw new NotebookFormatError(`${path} must be a list.`);
  return value;
}

/** nbformat's multi-line string, as one string. */
export function textAt(value: Json | undefined, path: string): string {
  const text = joined(value);
  if (text === null) throw new NotebookFormatError(`${path} must be a string or a list of strings.`);
  return text;
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Null for what is no multi-line string. */
export function joined(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const isLines = Array.isArray(value) && value.every((line) => typeof line === 'string');
  return isLines ? value.join('') : null;
}

/** The form in which Jupyter writes multi-line strings, so that versions of a file can be compared by line. */
export function split(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

export function omit(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/** Whether JSON can hold the value as it is. */
export function isJson(value: unknown, depth = 0): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  return Object.values(value).every((item) => isJson(item, depth + 1));
}
