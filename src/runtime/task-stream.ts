import type { Clock, Timers } from '../base/clock.ts';
import { requestBytes } from '../controller/hub/records.ts';
import type { CallSubmission, ItemsSettled } from '../protocol/calls.ts';
import type { EngineState, FromController, ToController } from '../protocol/client-messages.ts';
import type { CellId, EngineId, MsgId, RunId } from '../protocol/ids.ts';
import type { Settlement } from '../protocol/replies.ts';
import type { Submission } from '../protocol/requests.ts';
import {
  clusterAt,
  lifeOf,
  METHODS,
  MOST_ROWS,
  NONE,
  OUTCOMES,
  placeAt,
  REQUEUE_CAUSES,
  ROW,
  type TaskBatch,
} from '../protocol/task-rows.ts';
import { NO_TERMS, type DependencySpec } from '../protocol/terms.ts';
import type { CellClusterEar } from './client-lines.ts';
import { StreamNumbers } from './stream-numbers.ts';
import { TaskRowsRing } from './task-rows-ring.ts';

/** Rows kept for a reader who comes later: three or four for each task. */
const CAPACITY = 1 << 17;
/** Runs of cells that may still submit something. */
const RUNS = 1024;
/** Dependencies of one task that are told. */
const MOST_LINKS = 64;
/** Seconds between two batches; and while more is there than one takes, which whoever opens the stream late waits for. */
const INTERVAL = 0.1;
const CATCH_UP = 0.02;

/**
 * Listens to what the notebook's clients and their cluster say to each other, and keeps what a task stream shows of
 * it. It stands between them, so it sees an in-page controller and a real cluster alike and adds no message to
 * either. While nobody watches it costs a few stores for each task; whoever watches gets ten batches a second, and more only to catch up.
 */
export class TaskStream {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #emit: (batch: TaskBatch) => void;
  readonly #ring = new TaskRowsRing(CAPACITY);
  readonly #numbers = new StreamNumbers();
  readonly #cells = new Map<RunId, CellId>();
  /** As told last. */
  readonly #engines = new Map<EngineId, Pick<EngineState, 'generation' | 'status' | 'running'>>();
  /** Of cells. */
  #clusters = 0;
  #watched = false;
  #scheduled = false;

  constructor(clock: Clock, timers: Timers, emit: (batch: TaskBatch) => void) {
    this.#clock = clock;
    this.#timers = timers;
    this.#emit = emit;
  }

  /** On: what is kept and has not been told comes, and then what happens. */
  watch(on: boolean): void {
    this.#watched = on;
    this.#schedule();
  }

  /** A cell is going to run. */
  cellRuns(runId: RunId, cell: CellId): void {
    this.#cells.set(runId, cell);
    if (this.#cells.size <= RUNS) return;
    for (const oldest of this.#cells.keys()) {
      this.#cells.delete(oldest);
      break;
    }
  }

  /** The clients have another cluster from now on. */
  clusterChanged(): void {
    for (const place of this.#engines.keys()) if (clusterAt(place) === 0) this.#engines.delete(place);
    this.#ring.write(ROW.cluster, 0, this.#clock.now());
    this.#schedule();
  }

  /** A cluster that cells have started or joined: what is heard there is told as its. */
  cluster(name: string): CellClusterEar {
    const cluster = ++this.#clusters;
    this.#ring.write(ROW.named, cluster, NONE, this.#ring.text(name));
    return {
      asked: (batch) => {
        this.asked(batch, cluster);
      },
      told: (message) => {
        this.told(message, cluster);
      },
      gone: () => {
        this.#gone(cluster);
      },
    };
  }

  /** From the clients. To be called before the messages are handled: they may move what they carry. */
  asked(batch: readonly ToController[], cluster = 0): void {
    for (const message of batch) {
      if (message.type === 'submit') this.#submitted(message.submission, cluster);
      else if (message.type === 'submit-call') this.#callSubmitted(message.call);
      else if (message.type === 'resubmit') {
        const { submitted, runId } = message;
        for (const { from, to } of message.tasks) this.#resubmitted(from, to, submitted, runId);
      }
    }
    this.#schedule();
  }

  /** To the clients. To be called before the message is posted. */
  told(message: FromController, cluster = 0): void {
    switch (message.type) {
      case 'assigned':
        this.#assigned(message.msgId, message.engineId, cluster);
        break;
      case 'items-assigned':
        this.#itemsAssigned(message, cluster);
        break;
      case 'requeued':
        this.#about(message.msgId, (n) => {
          const cause = REQUEUE_CAUSES.indexOf(message.cause);
          this.#ring.write(ROW.requeued, n, this.#clock.now(), placeAt(cluster, message.engineId), cause);
        });
        break;
      case 'settled':
        this.#settled(message.settlement, cluster);
        break;
      case 'items-settled':
        this.#itemsSettled(message, cluster);
        break;
      case 'engines':
        this.#enginesAre(message.engines, cluster);
        break;
      case 'event':
      case 'answer':
      case 'out-of-reach':
        return;
    }
    this.#schedule();
  }

  #submitted({ msgId, submitted, request, label, route, runId }: Submission, cluster: number): void {
    if (this.#numbers.has(msgId)) return;
    const n = this.#numbers.add(msgId);
    const direct = route.type === 'direct';
    const terms = direct ? NO_TERMS : (route.terms ?? NO_TERMS);
    this.#ring.name(msgId);
    this.#ring.write(
      ROW.submitted,
      n,
      submitted,
      this.#ring.text('name' in request ? request.name : request.method),
      this.#ring.text(label),
      direct ? placeAt(cluster, route.engine) : NONE,
      this.#cellOf(runId),
      requestBytes(request),
      METHODS.indexOf(request.method),
      terms.retries,
    );
    if (terms.after !== null) this.#depends(n, terms.after, 0);
    if (terms.follow !== null) this.#depends(n, terms.follow, 1);
  }

  #assigned(msgId: MsgId, engineId: EngineId, cluster: number): void {
    this.#about(msgId, (n) => {
      this.#ring.write(ROW.assigned, n, this.#clock.now(), placeAt(cluster, engineId));
    });
  }

  /** Of one that is longer than what is kept, the end alone. */
  #callSubmitted(call: CallSubmission): void {
    const { count, items, submitted, label, runId, route } = call;
    const range = this.#numbers.addCall(call);
    const name = this.#ring.text(items.name);
    const [text, cell] = [this.#ring.text(label), this.#cellOf(runId)];
    const method = METHODS.indexOf(items.method);
    const { retries } = route.terms ?? NO_TERMS;
    for (let i = Math.max(0, count - CAPACITY); i < count; i++) {
      this.#ring.nameIn(range);
      const bytes = items.bytes[i] ?? 0;
      this.#ring.write(
        ROW.submitted,
        range.base + i,
        submitted,
        name,
        text,
        NONE,
        cell,
        bytes,
        method,
        retries,
      );
    }
  }

  #itemsAssigned(
    { clientId, engineId, numbers }: Extract<FromController, { readonly type: 'items-assigned' }>,
    cluster: number,
  ): void {
    const range = this.#numbers.rangeOf(clientId, numbers[0] ?? NaN);
    if (range === null) return;
    const [at, place] = [this.#clock.now(), placeAt(cluster, engineId)];
    for (const number of numbers) {
      this.#ring.write(ROW.assigned, range.base + number - range.first, at, place);
    }
  }

  #itemsSettled({ clientId, engineId, numbers, ends }: ItemsSettled, cluster: number): void {
    const range = this.#numbers.rangeOf(clientId, numbers[0] ?? NaN);
    if (range === null) return;
    const [at, place] = [this.#clock.now(), placeAt(cluster, engineId)];
    const { started, completed, bytes } = ends;
    for (let i = 0; i < numbers.length; i++) {
      const n = range.base + (numbers[i] ?? NaN) - range.first;
      const [from, to] = [timeOf(started[i]), timeOf(completed[i])];
      this.#ring.write(ROW.settled, n, at, place, from, to, OUTCOMES.indexOf('ok'), NONE, bytes[i] ?? 0);
    }
  }

  #depends(n: number, { msgIds }: DependencySpec, how: number): void {
    for (const msgId of msgIds.slice(0, MOST_LINKS)) {
      this.#about(msgId, (on) => {
        this.#ring.write(ROW.depends, n, NONE, on, how);
      });
    }
  }

  /** What it is, only the hub knows; if the first run is remembered here, the page does, too. */
  #resubmitted(from: MsgId, to: MsgId, submitted: number, runId: RunId | null): void {
    if (this.#numbers.has(to)) return;
    const n = this.#numbers.add(to);
    const name = this.#ring.text('resubmitted');
    this.#ring.name(to);
    this.#ring.write(ROW.submitted, n, submitted, name, NONE, NONE, this.#cellOf(runId), 0, 0, 0);
    this.#about(from, (earlier) => {
      this.#ring.write(ROW.again, n, NONE, earlier);
    });
  }

  #settled({ msgId, outcome, facts, engineId }: Settlement, cluster: number): void {
    this.#about(msgId, (n) => {
      this.#ring.write(
        ROW.settled,
        n,
        this.#clock.now(),
        engineId === null ? NONE : placeAt(cluster, engineId),
        facts.started ?? NONE,
        facts.completed ?? NONE,
        OUTCOMES.indexOf(outcome.status),
        outcome.status === 'error' ? this.#ring.text(outcome.error.ename) : NONE,
        outcome.status === 'ok' ? outcome.value.bytes : NONE,
      );
    });
  }

  /** Each client is told the same list. */
  #enginesAre(engines: readonly EngineState[], cluster: number): void {
    const at = this.#clock.now();
    for (const { id: own, generation, status, running } of engines) {
      const id = placeAt(cluster, own);
      const before = this.#engines.get(id);
      if (before?.generation !== generation || lifeOf(before.status) !== lifeOf(status)) {
        this.#ring.write(ROW.engine, 0, at, id, generation, lifeOf(status));
      }
      if (running !== null && running.msgId !== before?.running?.msgId) {
        this.#about(running.msgId, (n) => {
          this.#ring.write(ROW.running, n, at, id, running.since);
        });
      }
      this.#engines.set(id, { generation, status, running });
    }
  }

  /** Its engines are nobody's any more. */
  #gone(cluster: number): void {
    const at = this.#clock.now();
    for (const [place, { generation }] of this.#engines) {
      if (clusterAt(place) !== cluster) continue;
      this.#ring.write(ROW.engine, 0, at, place, generation, lifeOf('dead'));
      this.#engines.delete(place);
    }
    this.#schedule();
  }

  #about(msgId: MsgId, write: (n: number) => void): void {
    const n = this.#numbers.of(msgId);
    if (n !== undefined) write(n);
  }

  #cellOf(runId: RunId | null): number {
    return runId === null ? NONE : this.#ring.text(this.#cells.get(runId) ?? null);
  }

  #schedule(): void {
    if (!this.#watched || this.#scheduled || !this.#ring.hasNews) return;
    this.#scheduled = true;
    this.#timers.after(this.#ring.waiting > MOST_ROWS ? CATCH_UP : INTERVAL, () => {
      this.#scheduled = false;
      if (!this.#watched) return;
      this.#emit(this.#ring.take(MOST_ROWS));
      this.#schedule();
    });
  }
}

function timeOf(time = NaN): number {
  return Number.isNaN(time) ? NONE : time;
}
