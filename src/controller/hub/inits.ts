import { MsgId, type ClientId, type EngineId } from '../../protocol/ids.ts';
import type { EngineRequest, Submission } from '../../protocol/requests.ts';
import type { Context } from './context.ts';
import type { Payloads } from './payloads.ts';
import type { Pending } from './pending.ts';
import { Task, type Engine } from './state.ts';

interface Init {
  readonly request: EngineRequest;
  readonly everywhere: boolean;
  readonly engines: Set<EngineId>;
}

/** Nobody's: what it would be told goes nowhere. */
const HUB = 'init' as ClientId;

/** Cells that are run again on every new life of an engine, in the order in which they were run first. */
export class Inits {
  readonly #context: Context;
  readonly #pending: Pending;
  readonly #payloads: Payloads;
  readonly #inits = new Map<string, Init>();
  #replays = 0;

  constructor(context: Context, pending: Pending, payloads: Payloads) {
    this.#context = context;
    this.#pending = pending;
    this.#payloads = payloads;
  }

  note({ init, route, request }: Submission): void {
    if (init === undefined || route.type !== 'direct' || request.method !== 'execute') return;
    const known = this.#inits.get(init.key);
    const engines = known?.request === request ? known.engines : new Set<EngineId>();
    engines.add(route.engine);
    this.#inits.set(init.key, { request, everywhere: init.everywhere, engines });
  }

  /** The engine has just become ready, and has been given nothing: they go to the head of its queue. */
  replay(engine: Engine, seq: () => number): void {
    let place: Task | null = null;
    for (const { request, everywhere, engines } of this.#inits.values()) {
      if (!everywhere && !engines.has(engine.id)) continue;
      const task = this.#task(engine, request, seq());
      engine.waiting.insertAfter(place, task);
      place = task;
    }
  }

  #task(engine: Engine, request: EngineRequest, seq: number): Task {
    const msgId = MsgId.create(HUB, ++this.#replays);
    const route = { type: 'direct', engine: engine.id } as const;
    const head = { msgId, clientId: HUB, route, request, label: null, submitted: this.#context.at };
    const task = new Task({ ...head, runId: null, abortsQueueOnError: false }, seq);
    task.engine = engine;
    this.#pending.add(task);
    this.#payloads.retain(request);
    this.#context.note('submitted', msgId, engine.id, 'init');
    return task;
  }

  /** A replay failed: a sentence for the reader; null for what is no replay. */
  failureOf(task: Task, engine: Engine, evalue: string): string | null {
    if (task.clientId !== HUB) return null;
    return `A cell with --init failed on engine ${String(engine.id)}, which was started anew: ${evalue}`;
  }
}
