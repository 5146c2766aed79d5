import { assert } from '../../base/assert.ts';
import type { EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import { buffersOf, type EngineRequest } from '../../protocol/requests.ts';
import { timerKey } from '../events.ts';
import type { BalancedRoute } from '../schedulers/balanced-route.ts';
import type { DependencyGraph } from '../schedulers/dependency-graph.ts';
import type { DirectRoute } from '../schedulers/direct-route.ts';
import type { Context } from './context.ts';
import type { Payloads } from './payloads.ts';
import type { Journal } from './journal.ts';
import type { Calls } from './calls.ts';
import type { Pending } from './pending.ts';
import type { PendingAnswers } from './pending-answers.ts';
import type { Records } from './records.ts';
import { ItemRange, type Engine, type Task, type Work } from './state.ts';

export interface Whole {
  readonly context: Context;
  readonly engines: ReadonlyMap<EngineId, Engine>;
  readonly pending: Pending;
  readonly calls: Calls;
  readonly payloads: Payloads;
  readonly records: Records;
  readonly answers: PendingAnswers;
  readonly journal: Journal;
  readonly direct: DirectRoute;
  readonly balanced: BalancedRoute;
  readonly graph: DependencyGraph;
  readonly find: (uuid: EngineUuid) => Engine | undefined;
}

/** The hub's invariants, as they hold between two events. Throws InvariantError at the first that does not. */
export function validateHub(whole: Whole): void {
  const line = new Set(whole.balanced.waiting);
  for (const [msgId, task] of whole.pending.tasks) checkTask(msgId, task, whole, line);
  checkCalls(whole, line);
  for (const [id, engine] of whole.engines) checkEngine(id, engine, whole);
  checkLine(whole);
  checkLists(whole);
  checkGraph(whole);
  checkPayloads(whole);
  checkRecords(whole);
  checkAnswers(whole);
  const isWritten = whole.journal.isIdle || whole.context.timers.has(timerKey({ type: 'journal' }));
  assert(isWritten, 'Something is to be written, and nothing is bound to happen that writes it.');
}

function checkTask(
  msgId: MsgId,
  task: Task,
  { engines, records, graph, context }: Whole,
  line: ReadonlySet<Work>,
): void {
  const say = (what: string) => `Task ${msgId} (${task.state}): ${what}`;
  assert(task.msgId === msgId, say('filed under another id'));
  assert(task.state !== 'ended', say('still pending'));
  assert(records.get(msgId) === undefined, say('recorded as finished'));
  const { engine } = task;
  if (engine === null) {
    assert(task.balanced && task.state === 'waiting', say('belongs to no engine'));
    assert(line.has(task) !== (task.list === graph.held), say('is neither in line nor held, or both'));
    const targets = task.targets ?? [...engines.keys()];
    assert(task.targets === null || targets.some((id) => engines.has(id)), say('can never run'));
  } else {
    assert(engines.get(engine.id) === engine, say('its engine is gone'));
    assert(task.list === (task.state === 'waiting' ? engine.waiting : engine.sent), say('in the wrong list'));
    const isFirst = task.state !== 'waiting' && engine.sent.first === task;
    assert(isFirst === (task.state === 'running'), say('runs out of turn'));
  }
  if (task.state === 'running') {
    assert(task.started !== null, say('runs and has no start'));
    assert(task.balanced || task.request === null, say('runs and could be sent again'));
  } else {
    assert(task.started === null, say('has a start and does not run'));
  }
  const hasTimer = (type: 'wait' | 'run') => context.timers.has(timerKey({ type, msgId }));
  const mayWait = task.state === 'waiting' && task.terms.timeout > 0;
  assert(hasTimer('wait') === mayWait, say('has the wrong clock for its waiting'));
  const mayRun = task.state === 'running' && task.terms.runTimeout > 0;
  assert(!hasTimer('run') || mayRun, say('has a clock for a run'));
  assert(hasTimer('run') || !mayRun || task.overran, say('runs without its clock'));
  if (task.state === 'waiting') {
    assert(task.request !== null && task.wish === null, say('has a past'));
  }
}

/** The items of calls: each is in one range, or has left, or has ended. */
function checkCalls({ calls, pending, records, engines }: Whole, line: ReadonlySet<Work>): void {
  let items = 0;
  for (const call of calls) {
    // Many are only remembered.
    if (call.pending === 0 && call.ranges.length === 0 && !call.isOver) continue;
    const say = (what: string) => `Call ${call.idOf(0)} of ${String(call.submission.count)}: ${what}`;
    let end = 0;
    for (const range of call.ranges) {
      assert(range.call === call && range.from >= end && range.to > range.from, say('its ranges overlap'));
      assert(range.to <= call.submission.count, say('it has more items than it came with'));
      end = range.to;
      checkRange(range, engines, line, say);
      for (let item = range.from; item < range.to; item++) {
        const msgId = call.idOf(item);
        assert(!pending.tasks.has(msgId), say(`item ${String(item)} has left and is there`));
        assert(records.get(msgId) === undefined, say(`item ${String(item)} is recorded as finished`));
      }
    }
    assert(call.pending === countOf(call.ranges), say('it counts its pending items wrongly'));
    assert(!call.isOver, say('nobody waits for it or remembers it'));
    items += call.pending;
  }
  assert(items === calls.pending, 'The pending items of calls are counted wrongly.');
}

function checkRange(
  range: ItemRange,
  engines: Whole['engines'],
  line: ReadonlySet<Work>,
  say: (what: string) => string,
): void {
  const { state, engine, list, started } = range;
  assert((state === 'running') === (started !== null), say('has a start and does not run, or runs without'));
  if (engine === null) {
    assert(state === 'waiting' && line.has(range), say('a range is neither in line nor given'));
    return;
  }
  assert(engines.get(engine.id) === engine, say('the engine of a range is gone'));
  assert(list === engine.sent, say('a range is in the wrong list'));
  assert((state === 'running') === (engine.running === range), say('a range runs out of turn'));
}

function countOf(works: readonly Work[]): number {
  return works.reduce((sum, { count }) => sum + count, 0);
}

function checkEngine(id: EngineId, engine: Engine, whole: Whole): void {
  const say = (what: string) => `Engine ${String(id)} (${engine.phase}): ${what}`;
  const { context, direct, balanced } = whole;
  const sent = [...engine.sent];
  assert(engine.id === id && whole.find(engine.uuid) === engine, say('filed wrongly'));
  assert(
    engine.balancedSent === countOf(sent.filter((work) => work.balanced)) &&
      engine.sent.count === countOf(sent),
    say('counts its tasks wrongly'),
  );
  const barriers = sent.filter((work) => !(work instanceof ItemRange) && work.abortsQueueOnError);
  assert(barriers.length <= 1 && (barriers[0] ?? null) === engine.barrier, say('has a wrong barrier'));
  assert(
    engine.barrier === null || engine.sent.last === engine.barrier,
    say('something is behind the barrier'),
  );
  assert(engine.running === (sent[0] ?? null), say('runs something else than the first it was given'));
  assert(!engine.isRecalling || engine.phase === 'ready', say('is asked to give back what it had before'));
  assert(
    engine.interrupting === null || engine.interrupting === engine.running,
    say('interrupts what does not run'),
  );
  const grace = context.timers.has(timerKey({ type: 'grace', uuid: engine.uuid }));
  assert(grace === (engine.interrupting !== null), say('grace timer disagrees'));
  const boot = context.timers.has(timerKey({ type: 'boot', uuid: engine.uuid }));
  assert(boot === (engine.phase === 'starting'), say('boot timer disagrees'));
  assert(engine.phase === 'ready' || sent.length === 0, say('has work before it is ready'));
  assert(engine.waiting.count === 0 || !direct.hasRoom(engine), say('direct requests wait without a reason'));
  const places = [...balanced.engines].filter((other) => other === engine).length;
  assert(places === (engine.phase === 'ready' ? 1 : 0), say('is in the wrong line'));
  assert(engine.failed <= engine.completed, say('failed more than it completed'));
}

function checkLine({ engines, balanced }: Whole): void {
  assert(balanced.isServed, 'A load-balanced task waits while an engine has room for it.');
  assert(balanced.isRecalled, 'A load-balanced task waits behind another while an engine has room for it.');
  for (const engine of balanced.engines)
    assert(engines.get(engine.id) === engine, 'A lost engine is in line.');
}

function checkLists({ engines, pending, balanced, graph }: Whole): void {
  let listed = 0;
  const check = (works: Iterable<Work>) => {
    for (const work of works) {
      if (work instanceof ItemRange) {
        listed += work.count;
        assert(
          work.call.rangeOf(work.from) === work,
          `Items of ${work.call.idOf(work.from)} are listed and not pending.`,
        );
      } else if (work.state === 'ended') {
        assert(pending.tasks.get(work.msgId) !== work, `Task ${work.msgId} is a ghost and pending.`);
      } else {
        listed++;
        assert(pending.tasks.get(work.msgId) === work, `Task ${work.msgId} is listed and not pending.`);
      }
    }
  };
  for (const engine of engines.values()) {
    check(engine.sent);
    check(engine.waiting);
  }
  check(balanced.waiting);
  check(graph.held);
  assert(listed === pending.size, 'A task is in two lists.');
}

function checkGraph({ graph, pending }: Whole): void {
  for (const msgId of graph.awaited)
    assert(pending.has(msgId), `A task waits for ${msgId}, which is not pending.`);
}

function checkPayloads({ pending, payloads }: Whole): void {
  const users = new Map<EngineRequest, number>();
  for (const { state, request } of pending.tasks.values()) {
    if (state !== 'waiting' || request === null || buffersOf(request).length === 0) continue;
    users.set(request, (users.get(request) ?? 0) + 1);
    assert(!payloads.hasMoved(request), 'A waiting task has lost its buffers.');
  }
  assert(users.size === payloads.counted.size, 'A request is counted that nobody waits for.');
  for (const [request, n] of users) assert(payloads.usersOf(request) === n, 'A request is counted wrongly.');
}

function checkRecords({ records, context }: Whole): void {
  const all = [...records.values()];
  const { recordLimit, sizeLimit } = context.options;
  const bytes = all.reduce((sum, record) => sum + record.bytes, 0);
  assert(bytes === records.bytes, 'The bytes of the records are counted wrongly.');
  assert(all.length <= recordLimit && bytes <= sizeLimit, 'The records exceed their limits.');
  for (const { msgId, submitted, started, completed } of all) {
    const inOrder =
      started === null || (submitted <= started && (completed === null || started <= completed));
    assert(inOrder, `The times of ${msgId} are out of order.`);
  }
}

function checkAnswers({ answers, find, engines, pending }: Whole): void {
  const { open } = answers;
  for (const uuid of open.engines)
    assert(find(uuid)?.phase === 'ready', 'An answer waits for a life that has ended.');
  for (const id of open.starting) {
    assert(
      engines.get(id)?.phase === 'starting',
      `An answer waits for engine ${String(id)}, which is not starting.`,
    );
  }
  for (const msgId of open.tasks)
    assert(pending.has(msgId), `An answer waits for ${msgId}, which is not pending.`);
}
