import type { MsgId } from '../protocol/ids.ts';
import type { Packed } from '../protocol/packed.ts';
import type { TaskRecord } from '../protocol/task-record.ts';
import type { ClientCore } from './client-core.ts';
import { ValueError } from './errors.ts';
import { msgIdsOf, type JobSpec } from './job-specs.ts';
import { isPlainObject } from './options.ts';
import { camelCase } from './spelling.ts';
import { Story } from './story.ts';

/** A key, or several. */
export type QueryOptions = string | readonly string[] | null;

/** A record as the hub gives it out. */
type Document = Omit<TaskRecord, 'result'> & { readonly result?: Packed | null };

/** See `Client.dbQuery`. Rejects with ValueError for what is no query, and TypeError for what cannot be sent. */
export async function askDatabase(
  core: ClientCore,
  query: object,
  keys: QueryOptions = null,
): Promise<TaskRecord[]> {
  const question = { type: 'db-query', query: plainQuery(query), keys: readKeys(keys) } as const;
  const documents = (await core.ask(question)) as readonly Document[];
  return documents.map((document) => revived(core, document));
}

/** @throws TypeError for what cannot be sent. */
function plainQuery(query: object): unknown {
  try {
    return structuredClone(inCamelCase(query));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(`a query is made of plain data, such as { label: 'fit' }: ${why}`);
  }
}

/** @throws TypeError for what is no key and no list of them. */
function readKeys(keys: QueryOptions): readonly string[] | null {
  if (keys === null) return null;
  const wanted: unknown = typeof keys === 'string' ? [keys] : keys;
  if (Array.isArray(wanted) && wanted.every((key) => typeof key === 'string')) return wanted.map(camelCase);
  throw new TypeError("the keys of a query are a text or a list of texts, such as ['msgId', 'label']");
}

/** See `Client.hubHistory`. */
export async function askHistory(core: ClientCore): Promise<MsgId[]> {
  return (await core.ask({ type: 'history' })) as MsgId[];
}

/** See `Client.story`. Rejects with ValueError when no task is named. */
export async function askStory(core: ClientCore, job: JobSpec): Promise<Story> {
  const [msgId] = msgIdsOf(job, core.history);
  if (msgId === undefined) throw new ValueError('story needs a task');
  return Story.tell((await core.ask({ type: 'story', msgId })) as Parameters<typeof Story.tell>[0]);
}

function revived(core: ClientCore, document: Document): TaskRecord {
  const { result } = document;
  if (result === undefined) return document;
  return { ...document, result: result === null ? undefined : core.revive(result) };
}

/** The names of facts in either spelling; operators and values stay as they are. */
function inCamelCase(query: unknown): unknown {
  if (Array.isArray(query)) return query.map(inCamelCase);
  if (!isPlainObject(query)) return query;
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [
      key.startsWith('$') ? key : camelCase(key),
      inCamelCase(value),
    ]),
  );
}
