import type { EngineInfo, Frame, WireError } from '../protocol/errors.ts';
import type { EngineUuid } from '../protocol/ids.ts';
import type { Json } from './document.ts';
import { isJsonObject } from './cells.ts';
import { isList } from './ipynb-json.ts';

/** Errors out of files, whoever wrote them: null unless every part has its form. */
export function readWireError(json: Json | undefined): WireError | null {
  if (!isJsonObject(json)) return null;
  const { ename, evalue, position } = json;
  const traceback = readAll(json['traceback'], readText);
  const frames = readAll(json['frames'], readFrame);
  const engineInfo = readEngineInfo(json['engineInfo']);
  if (typeof ename !== 'string' || typeof evalue !== 'string') return null;
  if (traceback === null || frames === null || engineInfo === undefined) return null;
  const error = { ename, evalue, traceback, frames, engineInfo };
  if (position === undefined) return error;
  const place = readPosition(position);
  return place && { ...error, position: place };
}

export function readWireErrors(json: Json | undefined): readonly WireError[] | null {
  return readAll(json, readWireError);
}

/** Null when one of them is. */
function readAll<T>(json: Json | undefined, read: (item: Json) => T | null): readonly T[] | null {
  if (!isList(json)) return null;
  const items = json.map(read);
  return items.every((item) => item !== null) ? items : null;
}

function readText(json: Json): string | null {
  return typeof json === 'string' ? json : null;
}

function readPosition(json: Json): NonNullable<WireError['position']> | null {
  if (!isJsonObject(json)) return null;
  const { url, line, column } = json;
  const isPlace = typeof url === 'string' && typeof line === 'number' && typeof column === 'number';
  return isPlace ? { url, line, column } : null;
}

function readFrame(json: Json): Frame | null {
  const place = readPosition(json);
  const functionName = isJsonObject(json) ? json['functionName'] : undefined;
  if (place === null || (functionName !== null && typeof functionName !== 'string')) return null;
  return { functionName, ...place };
}

/** Undefined when malformed; null is a value. */
function readEngineInfo(json: Json | undefined): EngineInfo | null | undefined {
  if (json === null) return null;
  if (!isJsonObject(json)) return undefined;
  const { engineId, engineUuid, method } = json;
  if (typeof engineId !== 'number' || typeof engineUuid !== 'string' || typeof method !== 'string') {
    return undefined;
  }
  return { engineId, engineUuid: engineUuid as EngineUuid, method };
}

/** A line of a traceback that names a place in a cell: `at f (cell-4/a1b2:3:5)`, `cell-4/a1b2:3:5`. */
const PLACE = /(?:\bat ([^(]{1,200}) \()?(cell-[0-9]+\/[A-Za-z0-9_-]{1,64}):([0-9]+):([0-9]+)/;

/** The frames that a traceback's lines tell of, up to those of its cause; nbformat's errors have no others. */
export function framesIn(traceback: readonly string[]): readonly Frame[] {
  const places = traceback.map(placeIn);
  const first = places.findIndex((place) => place !== null);
  if (first < 0) return [];
  const end = places.indexOf(null, first);
  return places.slice(first, end < 0 ? undefined : end).filter((place) => place !== null);
}

function placeIn(line: string): Frame | null {
  const [, name, url, row, column] = PLACE.exec(line) ?? [];
  if (url === undefined) return null;
  return { functionName: name ?? null, url, line: Number(row), column: Number(column) };
}
