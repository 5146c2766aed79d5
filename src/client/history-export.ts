import { RECORD_KEYS } from '../protocol/task-record.ts';
import type { ClientCore } from './client-core.ts';
import { askDatabase } from './hub-database.ts';

/** Tells readers of other programs, and of later versions, what they have. */
const FORMAT = 'tutti-history';

/** The records that match, as JSON text, by time of submission; times are ISO 8601. */
export async function exportHistory(core: ClientCore, query: object): Promise<string> {
  const records = await askDatabase(core, query, [...RECORD_KEYS, 'result']);
  const tasks = records.map(({ result, ...facts }) => ({ ...facts, result: asJson(result) }));
  return JSON.stringify({ format: FORMAT, version: 1, tasks }, null, 2);
}

/** As JSON holds it; as text where JSON cannot (a BigInt, a ring). */
function asJson(result: unknown): unknown {
  try {
    return result === undefined ? null : (JSON.parse(JSON.stringify(result, forJson)) as unknown);
  } catch {
    return String(result);
  }
}

function forJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  if (value instanceof Set) return [...(value as Set<unknown>)];
  if (ArrayBuffer.isView(value) && 'length' in value)
    return Array.from(value as unknown as ArrayLike<unknown>);
  return value;
}
