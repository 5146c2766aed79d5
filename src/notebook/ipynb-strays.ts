/**
 * Strays: what a file has where nbformat 4.5 allows nothing of the kind (keys of a cell that the schema does not
 * know, metadata of the wrong form). Nothing of it is lost and files that we write are valid all the same, so a
 * stray moves into `metadata.tutti.strays` on saving and back to its place on opening.
 */
import type { CellKind, JsonObject } from './document.ts';
import { isJsonObject } from './cells.ts';
import { omit } from './ipynb-json.ts';
import { isAttachments, isMetadataField } from './nbformat-rules.ts';

/** `notebook` is the file as a whole. */
type Place = CellKind | 'notebook';

interface Found {
  readonly metadata: JsonObject;
  /** Keys beside `metadata` that are not ours. */
  readonly foreign: JsonObject;
}

export function putStrays({ metadata, foreign }: Found, place: Place): Found {
  const isAllowed = (key: string) =>
    key === 'attachments' &&
    (place === 'markdown' || place === 'raw') &&
    isAttachments(foreign['attachments']);
  const strayKeys = Object.keys(foreign).filter((key) => !isAllowed(key));
  const strayFields = Object.keys(metadata).filter((key) => !isMetadataField(key, metadata[key], place));
  if (strayKeys.length === 0 && strayFields.length === 0) return { metadata, foreign };
  const strays: JsonObject = {
    ...(strayKeys.length > 0 ? { keys: pick(foreign, strayKeys) } : {}),
    ...(strayFields.length > 0 ? { metadata: pick(metadata, strayFields) } : {}),
  };
  const tutti = isJsonObject(metadata['tutti']) ? metadata['tutti'] : {};
  return {
    metadata: { ...omit(metadata, strayFields), tutti: { ...tutti, strays } },
    foreign: omit(foreign, strayKeys),
  };
}

/** `known`: keys that no stray may pretend to be. */
export function takeStrays({ metadata, foreign }: Found, known: readonly string[]): Found {
  const tutti = metadata['tutti'];
  if (!isJsonObject(tutti) || !isJsonObject(tutti['strays'])) return { metadata, foreign };
  const { keys, metadata: fields } = tutti['strays'];
  const rest = omit(tutti, ['strays']);
  const others = omit(metadata, ['tutti']);
  return {
    metadata: {
      ...(isJsonObject(fields) ? fields : {}),
      ...others,
      ...(Object.keys(rest).length > 0 ? { tutti: rest } : {}),
    },
    foreign: { ...(isJsonObject(keys) ? omit(keys, known) : {}), ...foreign },
  };
}

function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}
