import type { Json, JsonObject } from './document.ts';
import { isJsonObject } from './cells.ts';
import { isJson, joined, split } from './ipynb-json.ts';
import { withoutLife } from './living-forms.ts';

/** nbformat: bundles hold any JSON under these, and multi-line strings under all others. */
const JSON_MIME = /^application\/(.*\+)?json$/;
/** Written as lists of lines. Base64 and the like stay one string. */
const TEXT_MIME = /^text\/|^application\/(javascript|x-latex)$|\+xml$/;

/** A bundle's data as our outputs have it; null when a value is not of its type's form. */
export function readMimeData(data: JsonObject): Readonly<Record<string, Json>> | null {
  const entries = Object.entries(data).map(([mime, value]) => [mime, readMime(mime, value)] as const);
  if (entries.some(([, value]) => value === undefined)) return null;
  return Object.fromEntries(entries) as Record<string, Json>;
}

/** The same without the values that are not of their type's form. */
export function readMimeDataThatFits(data: JsonObject): Readonly<Record<string, Json>> {
  const entries = Object.entries(data).map(([mime, value]) => [mime, readMime(mime, value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, Json>;
}

function readMime(mime: string, value: Json): Json | undefined {
  return JSON_MIME.test(mime) ? value : (joined(value) ?? undefined);
}

/** What JSON cannot hold is left out. */
export function writeMimeData(data: Readonly<Record<string, unknown>>): JsonObject {
  const entries = Object.entries(withoutLife(data)).filter((entry): entry is [string, Json] =>
    isJson(entry[1]),
  );
  return Object.fromEntries(entries.map(([mime, value]) => [mime, writeMime(mime, value)]));
}

function writeMime(mime: string, value: Json): Json {
  if (JSON_MIME.test(mime)) return value;
  if (typeof value !== 'string') return JSON.stringify(value);
  return TEXT_MIME.test(mime) ? split(value) : value;
}

export function writeMetadata(metadata: Readonly<Record<string, unknown>>): JsonObject {
  return isJson(metadata) && isJsonObject(metadata) ? metadata : {};
}

/** Pictures attached to a cell (nbformat's `attachments`), by name, as data addresses. */
export function attachmentsOf(cellKeys: JsonObject): (name: string) => string | null {
  const { attachments } = cellKeys;
  return (name) => {
    const bundle =
      isJsonObject(attachments) && Object.hasOwn(attachments, name) ? attachments[name] : undefined;
    if (!isJsonObject(bundle)) return null;
    const mime = Object.keys(bundle).find((key) => key.startsWith('image/'));
    const data = mime === undefined ? null : joined(bundle[mime]);
    return mime === undefined || data === null ? null : `data:${mime};base64,${data.replace(/\s/g, '')}`;
  };
}
