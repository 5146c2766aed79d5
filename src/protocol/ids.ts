import type { Brand } from '../base/brand.ts';
import { randomName, type Random } from '../base/random.ts';

/** What users type: 0, 1, 2 … Given in order of registration and never given twice, except that an engine
 * which is respawned asks for its old id back. */
export type EngineId = number;

/** One life of an engine. A respawned engine keeps its id and gets a new uuid. */
export type EngineUuid = Brand<string, 'EngineUuid'>;
export const EngineUuid = {
  create: (random: Random): EngineUuid => `engine-${randomName(random, 12)}` as EngineUuid,
};

/** One request to one engine (direct) or one task (load-balanced). */
export type MsgId = Brand<string, 'MsgId'>;
export const MsgId = {
  /** `client` makes ids of several clients distinct; `n` is the client's own counter. */
  create: (client: ClientId, n: number): MsgId => `${client}_${String(n)}` as MsgId,
  /** `client` of it. */
  client: (msgId: MsgId): ClientId => msgId.slice(0, msgId.lastIndexOf('_')) as ClientId,
  /** `n` of it. */
  number: (msgId: MsgId): number => Number(msgId.slice(msgId.lastIndexOf('_') + 1)),
};

export type ClientId = Brand<string, 'ClientId'>;
export const ClientId = {
  create: (random: Random): ClientId => randomName(random, 10) as ClientId,
};

/** One run of one cell of the notebook. */
export type RunId = Brand<string, 'RunId'>;

/** nbformat's cell id: 1 to 64 of letters, digits, `-` and `_`. */
export type CellId = Brand<string, 'CellId'>;
