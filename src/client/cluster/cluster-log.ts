import type { Clock } from '../../base/clock.ts';
import type { EngineState } from '../../protocol/client-messages.ts';
import type { EngineId } from '../../protocol/ids.ts';

/** Lines kept. */
const LIMIT = 2000;

interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Null: the controller's. */
  readonly engine: EngineId | null;
  readonly text: string;
}

/** What happened to a cluster's engines, told from one list of them to the next. */
export class ClusterLog {
  readonly #clock: Clock;
  #lines: LogLine[] = [];
  #before: ReadonlyMap<EngineId, EngineState> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(text: string, engine: EngineId | null = null): void {
    this.#lines.push({ at: this.#clock.now(), engine, text });
    if (this.#lines.length > LIMIT) this.#lines = this.#lines.slice(-LIMIT / 2);
  }

  hear(engines: readonly EngineState[]): void {
    const now = new Map(engines.map((engine) => [engine.id, engine] as const));
    for (const engine of engines) this.#compare(this.#before.get(engine.id), engine);
    for (const id of this.#before.keys()) if (!now.has(id)) this.note(`Engine ${String(id)} has left`, id);
    // Those told dead are not listed again, and have been told.
    this.#before = new Map([...now].filter(([, { status }]) => status !== 'dead'));
  }

  /** Lines of these engines (null: all lines), oldest first, each with its time. */
  textOf(engines: readonly EngineId[] | null): string {
    const lines = this.#lines.filter(({ engine }) => engines === null || engines.includes(engine ?? -1));
    return lines.map(({ at, text }) => `[${new Date(at).toISOString()}] ${text}\n`).join('');
  }

  #compare(before: EngineState | undefined, engine: EngineState): void {
    const { id, uuid, generation, status, death } = engine;
    const name = `Engine ${String(id)}`;
    if (status === 'dead') {
      this.note(`${name} has ended. ${death ?? ''}`.trimEnd(), id);
      return;
    }
    const isNewLife = before?.uuid !== uuid;
    if (isNewLife) {
      this.note(generation === 1 ? `${name} starts` : `${name} starts again, life ${String(generation)}`, id);
    }
    const isReady = status !== 'starting';
    if (isReady && (isNewLife || before.status === 'starting')) {
      this.note(`${name} registered with id ${String(id)}, uuid ${uuid}`, id);
    }
  }
}
