import { assert } from '../../base/assert.ts';
import type { MsgId } from '../../protocol/ids.ts';
import {
  NEVER_RAN,
  payloadOf,
  type Outcome,
  type RunFacts,
  type Settlement,
} from '../../protocol/replies.ts';
import { NOTHING_TO_MOVE } from '../events.ts';
import type { Ends } from '../../protocol/calls.ts';
import type { Calls } from './calls.ts';
import type { Context } from './context.ts';
import { EndedItems } from './ended-items.ts';
import type { Groups } from './groups.ts';
import { movedSettlement } from './moved-settlement.ts';
import type { Journal } from './journal.ts';
import type { Fates } from './fates.ts';
import type { TaskClocks } from './task-clocks.ts';
import type { Payloads } from './payloads.ts';
import type { Pending } from './pending.ts';
import { requestBytes, settlementBytes, type Records } from './records.ts';
import { spanOf, type Engine, type ItemRange, type Task } from './state.ts';

/** Results with more bytes in buffers than this are moved to their client instead of copied, and not kept. */
const KEPT_BUFFERS = 1024 * 1024;

/** Who else wants to know how a task ended. */
export interface SettlementListener {
  /** Somebody waits for the settlement of this task: it must not be moved away. */
  wants(msgId: MsgId): boolean;
  settled(settlement: Settlement): void;
}

/** The one place where tasks end, each once: taken off all lists, recorded, and told to its client. */
export class Settler {
  readonly #context: Context;
  readonly #pending: Pending;
  readonly #calls: Calls;
  readonly #payloads: Payloads;
  readonly #records: Records;
  readonly #listener: SettlementListener;
  readonly #groups: Groups;
  readonly #journal: Journal;
  readonly #fates: Fates;
  readonly #clocks: TaskClocks;

  constructor(
    context: Context,
    pending: Pending,
    calls: Calls,
    payloads: Payloads,
    records: Records,
    listener: SettlementListener,
    journal: Journal,
    fates: Fates,
    clocks: TaskClocks,
    groups: Groups,
  ) {
    this.#journal = journal;
    this.#groups = groups;
    this.#context = context;
    this.#pending = pending;
    this.#calls = calls;
    this.#payloads = payloads;
    this.#records = records;
    this.#listener = listener;
    this.#fates = fates;
    this.#clocks = clocks;
  }

  /** By a reply of the engine that has the task. */
  replied(task: Task, outcome: Outcome, facts: RunFacts): void {
    this.#end(task, outcome, clamp(facts, task.submitted));
  }

  /** The first items of a range have ended well, in the hands of its engine. */
  itemsDone(range: ItemRange, engine: Engine, ends: Ends): void {
    const { call, from } = range;
    const { clientId, submitted } = call.submission;
    const n = ends.values.length;
    const { started, completed } = ends;
    // Clocks of workers differ by a little.
    for (let i = 0; i < n; i++) {
      started[i] = Math.max(started[i] ?? NaN, submitted);
      completed[i] = Math.max(completed[i] ?? NaN, started[i] ?? NaN);
    }
    const ended = new EndedItems(call, from, ends, engine, this.#context.at);
    this.#context.noteItems('settled', { ...spanOf(range), count: n }, engine.id, 'ok');
    this.#calls.ended(range, n, engine, ended);
    const numbers = call.numbersOf(from, from + n);
    const by = { engineId: engine.id, engineUuid: engine.uuid };
    this.#context.tell(clientId, { type: 'items-settled', clientId, ...by, numbers, ends });
    this.#journal.changed(ended);
    this.#fates.addItems(ended);
    this.#records.addItems(ended);
  }

  /** By a decision of the hub. */
  decided(task: Task, outcome: Outcome): void {
    const { started } = task;
    if (started === null) this.#end(task, outcome, NEVER_RAN);
    else this.#end(task, outcome, { ...NEVER_RAN, started, completed: Math.max(started, this.#context.at) });
  }

  /**
   * Of a task that waits in an engine's hands behind another, which may never end: it has ended for everybody but
   * its engine, where its ghost keeps its place until the engine has answered. Only then it is known what runs.
   */
  calledOff(task: Task, outcome: Outcome): void {
    assert(task.state === 'sent', `Task ${task.msgId} is not in an engine's hands.`);
    this.#end(task, outcome, NEVER_RAN, true);
  }

  #end(task: Task, outcome: Outcome, facts: RunFacts, leavesGhost = false): void {
    assert(task.state !== 'ended', `Task ${task.msgId} has been settled already.`);
    const engine = task.state === 'waiting' ? null : task.engine;
    this.#clocks.stop(task);
    if (!leavesGhost) this.#release(task, engine);
    task.request = null;
    task.state = 'ended';
    this.#pending.delete(task.msgId);
    const settlement: Settlement = {
      msgId: task.msgId,
      outcome,
      facts,
      engineId: engine?.id ?? null,
      engineUuid: engine?.uuid ?? null,
    };
    this.#context.note('settled', task.msgId, settlement.engineId, outcome.status);
    const moved = this.#tell(task, settlement);
    const { events } = task.printed;
    const whole = events.length > 0 ? { ...settlement, shown: events } : settlement;
    this.#journal.changed(task.msgId);
    this.#record(task, whole, moved);
    this.#groups.ended(task, outcome.status !== 'ok');
    this.#listener.settled(isLent(settlement) ? movedSettlement({ ...settlement, ...facts }) : whole);
    this.#fates.add({ msgId: task.msgId, ok: outcome.status === 'ok', engineId: settlement.engineId });
  }

  #release(task: Task, engine: Engine | null): void {
    if (engine === null) {
      task.list?.remove(task);
      if (task.request !== null) this.#payloads.release(task.request);
    } else {
      if (engine.interrupting === task) this.#context.cancelTimer({ type: 'grace', uuid: engine.uuid });
      engine.take(task);
    }
  }

  /** Whether the result is gone with it. */
  #tell(task: Task, settlement: Settlement): boolean {
    const { clientId } = task;
    const { outcome, msgId } = settlement;
    const buffers = payloadOf(outcome)?.buffers ?? NOTHING_TO_MOVE;
    const moves =
      this.#context.clients.has(clientId) && sizeOf(buffers) > KEPT_BUFFERS && !this.#listener.wants(msgId);
    const transfer = moves ? buffers : NOTHING_TO_MOVE;
    this.#context.tell(clientId, { type: 'settled', clientId, settlement }, transfer);
    return moves || isLent(settlement);
  }

  #record(task: Task, settlement: Settlement, moved: boolean): void {
    const { started, completed } = settlement.facts;
    const { request } = task.submission;
    const { stdout, stderr, bytes: displayed } = task.printed;
    const hasRequest = !this.#payloads.hasMoved(request);
    const bytes = (moved ? 0 : settlementBytes(settlement)) + (hasRequest ? requestBytes(request) : 0);
    this.#records.add({
      msgId: task.msgId,
      clientId: task.clientId,
      label: task.label,
      name: task.name,
      method: task.method,
      seq: task.seq,
      submitted: task.submitted,
      started,
      completed,
      engineId: settlement.engineId,
      engineUuid: settlement.engineUuid,
      status: settlement.outcome.status,
      settlement: moved ? null : settlement,
      ended: this.#context.at,
      header: task.submission,
      request,
      stdout,
      stderr,
      resubmitted: task.resubmitted,
      bytes: bytes + displayed + 2 * (stdout.length + stderr.length),
    });
  }
}

/** It lies in its client's own memory. */
function isLent({ outcome }: Settlement): boolean {
  return payloadOf(outcome)?.lent === true;
}

/** Clocks of workers differ by a little; nothing may seem to start before it was submitted. */
function clamp(facts: RunFacts, submitted: number): RunFacts {
  const started = facts.started === null ? null : Math.max(facts.started, submitted);
  const completed = facts.completed === null ? null : Math.max(facts.completed, started ?? submitted);
  if (started === facts.started && completed === facts.completed) return facts;
  return { ...facts, started, completed };
}

function sizeOf(buffers: readonly ArrayBuffer[]): number {
  let size = 0;
  for (const buffer of buffers) size += buffer.byteLength;
  return size;
}
