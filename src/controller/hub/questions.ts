import { assertNever } from '../../base/assert.ts';
import { readAdapt, type Adapt } from '../../protocol/adapt.ts';
import type { Answer, Question } from '../../protocol/client-messages.ts';
import type { EngineId, MsgId } from '../../protocol/ids.ts';
import type { Settlement } from '../../protocol/replies.ts';
import { NOTHING_TO_MOVE } from '../events.ts';
import { badEngineCount, noSuchEngine, tooManyEngines } from '../sentences.ts';
import type { BalancedRoute } from '../schedulers/balanced-route.ts';
import type { Places } from '../places.ts';
import type { Autoscaler } from './autoscaler.ts';
import type { Context } from './context.ts';
import type { Database } from './database.ts';
import type { EngineLives } from './engine-lives.ts';
import { movedSettlement } from './moved-settlement.ts';
import type { Asker, PendingAnswers } from './pending-answers.ts';
import type { Records } from './records.ts';
import type { Pending } from './pending.ts';
import { ItemRange, type Engine, type Work } from './state.ts';

export interface QuestionParts {
  readonly context: Context;
  readonly engines: ReadonlyMap<EngineId, Engine>;
  readonly places: Places;
  readonly pending: Pending;
  readonly records: Records;
  readonly balanced: BalancedRoute;
  readonly lives: EngineLives;
  readonly autoscaler: Autoscaler;
  readonly answers: PendingAnswers;
  readonly database: Database;
}

/** Counts of one engine in the answer to `queue-status`. */
export interface QueueCounts {
  /** Direct requests that have not ended, wherever they are. */
  readonly queue: number;
  /** Requests that have ended here. */
  readonly completed: number;
  /** Load-balanced tasks that it has been given and has not ended. */
  readonly tasks: number;
}

/** The same, with the ids in place of their numbers; `completed`: those that are remembered. */
export type QueueIds = { readonly [Key in keyof QueueCounts]: readonly MsgId[] };

/**
 * Answers to questions. Values:
 * `queue-status` `{ [engineId]: QueueCounts, unassigned: number }`, verbose `QueueIds` and message ids; `clear` null, when all have cleared;
 * `shutdown` null, or with `restart` the ids that are ready again; `start-engines` the new ids, when ready;
 * `adapt` how the number of engines is adapted; `results` the settlements in the order asked, when all have ended; `history` msgIds by time of submission;
 * `db-query` `RecordDocument`s by time of submission; `purge` null.
 * Refusals: IndexError for engines that do not exist, KeyError for messages, ValueError for a bad count,
 * EngineError when no engine could be started.
 */
export class Questions {
  readonly #parts: QuestionParts;

  constructor(parts: QuestionParts) {
    this.#parts = parts;
  }

  ask(asker: Asker, question: Question): void {
    switch (question.type) {
      case 'queue-status':
        this.#queueStatus(asker, question.engines, question.verbose === true);
        break;
      case 'clear':
        this.#clear(asker, question.engines);
        break;
      case 'shutdown':
        if (question.restart === 'if-respawned') this.#end(asker, question.engines);
        else if (question.restart) this.#restart(asker, question.engines);
        else this.#stop(asker, question.engines);
        break;
      case 'start-engines':
        this.#startEngines(asker, question.n);
        break;
      case 'adapt':
        this.#adapt(asker, question.adapt);
        break;
      case 'results':
        this.#results(asker, question.msgIds);
        break;
      case 'story':
        this.#answer(asker, { ok: true, value: this.#parts.context.story.of(question.msgId) });
        break;
      case 'history':
        this.#answer(asker, { ok: true, value: this.#parts.database.history() });
        break;
      case 'db-query':
        this.#answer(asker, this.#parts.database.query(question));
        break;
      case 'purge':
        this.#answer(asker, this.#parts.database.purge(question));
        break;
      default:
        return assertNever(question);
    }
  }

  #answer(asker: Asker, answer: Answer): void {
    this.#parts.answers.answer(asker, answer);
  }

  #refuse(asker: Asker, ename: string, evalue: string): void {
    this.#answer(asker, { ok: false, ename, evalue });
  }

  /** Null, and the question refused, when one of `ids` does not exist. */
  #named(asker: Asker, ids: readonly EngineId[] | null): Engine[] | null {
    const { engines } = this.#parts;
    if (ids === null) return [...engines.values()];
    const found: Engine[] = [];
    for (const id of new Set(ids)) {
      const engine = engines.get(id);
      if (engine === undefined) {
        this.#refuse(asker, 'IndexError', noSuchEngine(id));
        return null;
      }
      found.push(engine);
    }
    return found;
  }

  #queueStatus(asker: Asker, ids: readonly EngineId[] | null, verbose: boolean): void {
    const engines = this.#named(asker, ids);
    if (engines === null) return;
    if (verbose) {
      this.#answer(asker, { ok: true, value: this.#queueIds(engines) });
      return;
    }
    const status: Record<string, QueueCounts | number> = {};
    for (const { id, load, balancedSent, completed } of engines) {
      status[id] = { queue: load - balancedSent, completed, tasks: balancedSent };
    }
    status['unassigned'] = this.#parts.balanced.waiting.size;
    this.#answer(asker, { ok: true, value: status });
  }

  #queueIds(engines: readonly Engine[]): Record<string, QueueIds | readonly MsgId[]> {
    const { records, balanced } = this.#parts;
    const finished = [...records.values()];
    const status: Record<string, QueueIds | readonly MsgId[]> = {};
    for (const { id, sent, waiting } of engines) {
      const given = [...sent];
      const direct = [...given.filter(({ balanced }) => !balanced), ...waiting];
      status[id] = {
        queue: idsOf(direct),
        completed: finished.filter(({ engineId }) => engineId === id).map(({ msgId }) => msgId),
        tasks: idsOf(given.filter((work) => work.balanced)),
      };
    }
    status['unassigned'] = idsOf([...balanced.waiting]);
    return status;
  }

  #clear(asker: Asker, ids: readonly EngineId[] | null): void {
    const engines = this.#named(asker, ids)?.filter((engine) => engine.phase === 'ready');
    if (engines === undefined) return;
    const token = this.#parts.answers.untilCleared(asker, engines);
    for (const { uuid, id } of engines) {
      this.#parts.context.note('clear', null, id);
      const message = { type: 'clear', token } as const;
      this.#parts.context.emit({ type: 'send', uuid, message, transfer: NOTHING_TO_MOVE, now: false });
    }
  }

  #stop(asker: Asker, ids: readonly EngineId[] | null): void {
    const { lives } = this.#parts;
    const fallen = lives.fallen.filter((id) => ids === null || ids.includes(id));
    const engines = this.#named(asker, ids && ids.filter((id) => !fallen.includes(id)));
    if (engines === null) return;
    for (const id of fallen) lives.forgetFallen(id);
    lives.stop(engines);
    this.#answer(asker, { ok: true, value: null });
  }

  #end(asker: Asker, ids: readonly EngineId[] | null): void {
    const engines = this.#named(asker, ids);
    if (engines === null) return;
    this.#parts.lives.end(engines);
    const back = engines.map(({ id }) => id).filter((id) => this.#parts.engines.has(id));
    this.#parts.answers.untilReady(asker, back);
  }

  #restart(asker: Asker, ids: readonly EngineId[] | null): void {
    const { lives } = this.#parts;
    const fallen = lives.fallen.filter((id) => ids === null || ids.includes(id));
    const engines = this.#named(asker, ids && ids.filter((id) => !fallen.includes(id)));
    if (engines === null || !this.#hasPlaces(asker, fallen.length)) return;
    lives.restart(engines);
    for (const id of fallen) lives.revive(id);
    const all = [...engines.map((engine) => engine.id), ...fallen].sort((a, b) => a - b);
    this.#parts.answers.untilReady(asker, all);
  }

  #startEngines(asker: Asker, n: number): void {
    if (!Number.isInteger(n) || n < 0) {
      this.#refuse(asker, 'ValueError', badEngineCount(n));
      return;
    }
    if (!this.#hasPlaces(asker, n)) return;
    const ids = Array.from({ length: n }, () => this.#parts.lives.start(null));
    this.#parts.answers.untilReady(asker, ids);
  }

  /** Else the question is refused. */
  #hasPlaces(asker: Asker, n: number): boolean {
    const { free, most } = this.#parts.places;
    if (n <= free) return true;
    this.#refuse(asker, 'ValueError', tooManyEngines(n, most - free, most));
    return false;
  }

  #adapt(asker: Asker, adapt: Adapt | null | undefined): void {
    const { autoscaler } = this.#parts;
    try {
      if (adapt !== undefined) autoscaler.adapt = adapt && readAdapt(adapt);
      this.#answer(asker, { ok: true, value: autoscaler.adapt });
    } catch (error) {
      this.#refuse(asker, 'ValueError', error instanceof Error ? error.message : String(error));
    }
  }

  #results(asker: Asker, msgIds: readonly MsgId[]): void {
    const { records, pending, answers } = this.#parts;
    const known = new Map<MsgId, Settlement>();
    for (const msgId of msgIds) {
      const record = records.get(msgId);
      if (record !== undefined) known.set(msgId, record.settlement ?? movedSettlement(record));
      // Somebody waits for it alone.
      else if (pending.get(msgId) === undefined) {
        this.#refuse(asker, 'KeyError', this.#parts.database.unknown(msgId));
        return;
      }
    }
    answers.untilSettled(asker, msgIds, known);
  }
}

function idsOf(works: readonly Work[]): readonly MsgId[] {
  return works.flatMap((work) => {
    if (!(work instanceof ItemRange)) return [work.msgId];
    return Array.from({ length: work.count }, (_, i) => work.call.idOf(work.from + i));
  });
}
