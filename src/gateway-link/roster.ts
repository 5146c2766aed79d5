import type { EngineState, Language } from '../protocol/client-messages.ts';
import type { EngineId, EngineUuid, MsgId } from '../protocol/ids.ts';
import { isJsEngine } from '../protocol/jupyter-message.ts';
import { LEFT_CLUSTER } from './sentences.ts';

/** An engine of the cluster, as far as a client knows it. */
export class LinkEngine {
  readonly id: EngineId;
  readonly uuid: EngineUuid;
  readonly language: Language;
  /** Null until it has told. */
  host: string | null = null;
  /** Ours, sent there and not answered. */
  readonly outstanding = new Set<MsgId>();
  completed = 0;
  failed = 0;
  /** Of any client; null: it is idle. */
  running: EngineState['running'] = null;
  isGone = false;
  names: readonly string[] = [];

  constructor(id: EngineId, uuid: EngineUuid) {
    this.id = id;
    this.uuid = uuid;
    this.language = isJsEngine(uuid) ? 'javascript' : 'python';
  }

  get state(): EngineState {
    const { id, uuid, completed, failed, running, isGone, names, language, host } = this;
    const isBusy = running !== null || this.outstanding.size > 0;
    return {
      id,
      uuid,
      generation: 1,
      status: isGone ? 'dead' : isBusy ? 'busy' : 'idle',
      outstanding: this.outstanding.size,
      queued: 0,
      completed,
      failed,
      running,
      death: isGone ? LEFT_CLUSTER : null,
      names,
      language,
      ...(host === null ? {} : { host }),
    };
  }
}

/** How many of those that are gone stay in the list, for the reader to see. */
const GONE_SHOWN = 8;

/** Who is in the cluster. Engines are known by uuid on the wire, by number to people. */
export class Roster {
  readonly #byUuid = new Map<string, LinkEngine>();
  readonly #byId = new Map<EngineId, LinkEngine>();
  /** The list has changed since it was last published. */
  isChanged = false;

  /** The engine, if it was not there before. One whose host was cut off may come back with its variables. */
  add(id: EngineId, uuid: string): LinkEngine | null {
    const known = this.#byUuid.get(uuid);
    if (known && !known.isGone) return null;
    if (known) this.#forgetId(known);
    const engine = new LinkEngine(id, uuid as EngineUuid);
    this.#byUuid.set(uuid, engine);
    this.#byId.set(id, engine);
    this.isChanged = true;
    return engine;
  }

  /** It is gone; null if that is known, or it never was there. */
  lose(uuid: string): LinkEngine | null {
    const engine = this.#byUuid.get(uuid);
    if (!engine || engine.isGone) return null;
    engine.isGone = true;
    engine.running = null;
    this.isChanged = true;
    const gone = [...this.#byUuid.values()].filter((other) => other.isGone);
    for (const old of gone.slice(0, -GONE_SHOWN)) {
      this.#byUuid.delete(old.uuid);
      this.#forgetId(old);
    }
    return engine;
  }

  /** A hub that was started anew may have given it to another since. */
  #forgetId(engine: LinkEngine): void {
    if (this.#byId.get(engine.id) === engine) this.#byId.delete(engine.id);
  }

  byId(id: EngineId): LinkEngine | undefined {
    return this.#byId.get(id);
  }

  byUuid(uuid: unknown): LinkEngine | undefined {
    return typeof uuid === 'string' ? this.#byUuid.get(uuid) : undefined;
  }

  /** Those that take work, by id. */
  get living(): LinkEngine[] {
    return [...this.#byUuid.values()].filter((engine) => !engine.isGone).sort((a, b) => a.id - b.id);
  }

  touch(): void {
    this.isChanged = true;
  }

  get states(): EngineState[] {
    return [...this.#byUuid.values()].sort((a, b) => a.id - b.id).map((engine) => engine.state);
  }
}
