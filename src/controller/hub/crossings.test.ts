import { describe, expect, it } from 'vitest';
import { assertExists } from '../../base/assert.ts';
import type { ItemSpan } from '../../protocol/engine-messages.ts';
import { MsgId, type ClientId } from '../../protocol/ids.ts';
import { NO_TERMS } from '../../protocol/terms.ts';
import { apply, balanced, callOf, direct, FAILED, OK, packed, REFUSED } from '../../testing/hub-fixture.ts';
import { FarCluster } from '../../testing/far-cluster.ts';

/** Messages that cross each other on the way between the hub and an engine, or a client. */

const TASKS = 24;

/** Engine 0 is busy with `first` and has `ahead` behind it, which it has been asked for: the recall is on its way. */
function recalled(): {
  readonly hub: FarCluster;
  readonly first: MsgId;
  readonly ahead: readonly MsgId[];
} {
  const hub = new FarCluster(2);
  hub.submitCall(callOf(0, TASKS));
  hub.arrives(0);
  hub.arrives(1);
  // Until they are known to be tiny, and engine 0 is given some ahead.
  const hasSeveral = () =>
    hub.far(0).toEngine.some((message) => message.type === 'items' && message.items.bytes.length > 1);
  for (let i = 0; i < TASKS && !hasSeveral(); i++) {
    step(hub, 1);
    hub.ends(0, OK, 0.07);
    hub.hears(0);
    if (!hasSeveral()) hub.arrives(0);
  }
  hub.arrives(0);
  const isAsked = () => hub.far(0).toEngine.some(({ type }) => type === 'recall');
  for (let i = 0; i < TASKS && !isAsked(); i++) step(hub, 1);
  hub.told();
  const first = assertExists(hub.far(0).running, 'Engine 0 runs nothing.').msgId;
  const recall = hub.far(0).toEngine.find((message) => message.type === 'recall');
  const spans = recall?.type === 'recall' ? recall.spans : [];
  return { hub, first, ahead: spans.flatMap(msgIdsOf) };
}

function msgIdsOf({ client, first, count }: ItemSpan): MsgId[] {
  return Array.from({ length: count }, (_, i) => MsgId.create(client, first + i));
}

function spanOf(msgIds: readonly MsgId[]): ItemSpan {
  return { client: 'a' as ClientId, first: MsgId.number(msgIds[0] ?? ('' as MsgId)), count: msgIds.length };
}

function step(hub: FarCluster, id: number): void {
  hub.ends(id, OK, 0.07);
  hub.hears(id);
  hub.arrives(id);
}

/** All that ever happened to it, by the engines' own account. */
function runs(hub: FarCluster, ...msgIds: MsgId[]): number[] {
  return msgIds.map((msgId) => hub.begun.filter((begun) => begun === msgId).length);
}

/** Who ended well. */
function ended(told: readonly string[]): string[] {
  return told.flatMap((line) => {
    const [, from = '', to = from] = /: (?:a_)?(\d+)(?: to (\d+))? ok$/.exec(line) ?? [];
    return from === ''
      ? []
      : Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => `a_${String(Number(from) + i)}`);
  });
}

const ABORTED = 'aborted: It was aborted before it started.';

describe('what crosses a recall', () => {
  it('reply: the next is believed to run and comes back all the same', () => {
    const { hub, first, ahead } = recalled();
    const [next] = ahead as [MsgId];
    hub.far(0).arrive(0);
    // Its reply leaves, and before it begins the next it hears the recall.
    hub.far(0).end(OK);
    hub.hears(0);
    expect(hub.engines()[0]).toMatchObject({ running: { msgId: next } });
    hub.far(0).arrive();
    expect(hub.far(0).toHub).toEqual([{ type: 'returned', spans: [spanOf(ahead)] }]);
    hub.settle();
    const told = hub.told();
    expect(ended(told)).toEqual(expect.arrayContaining([first, ...ahead]));
    expect(runs(hub, ...ahead)).toEqual(ahead.map(() => 1));
    expect(hub.hub.counts.pending).toBe(0);
  });

  it('abort: what comes back is aborted, whether the abort finds it or not', () => {
    for (const recallIsFirst of [true, false]) {
      const { hub, ahead } = recalled();
      const [one] = ahead as [MsgId];
      hub.abort(one);
      if (!recallIsFirst) hub.far(0).toEngine.reverse();
      hub.settle();
      expect(hub.told()).toContain(
        recallIsFirst ? `tell a: ${one} ${ABORTED}` : `tell a: ${one} aborted: asked to`,
      );
      expect(runs(hub, one)).toEqual([0]);
      expect(hub.hub.counts.pending).toBe(0);
    }
  });

  it('cancel: what has been called off does not come back into line', () => {
    const { hub, ahead } = recalled();
    const [one] = ahead as [MsgId];
    hub.cancel(one);
    expect(hub.told()).toEqual([`tell a: ${one} ${ABORTED}`]);
    hub.settle();
    expect(runs(hub, one)).toEqual([0]);
    expect(hub.engines().map(({ outstanding }) => outstanding)).toEqual([0, 0]);
  });

  it('cancel of the one that is believed to run: it is aborted, for it never ran', () => {
    const { hub, ahead } = recalled();
    const [next] = ahead as [MsgId];
    hub.far(0).end(OK);
    hub.hears(0);
    hub.cancel(next);
    hub.settle();
    expect(hub.told()).toContain(`tell a: ${next} ${ABORTED}`);
    expect(runs(hub, next)).toEqual([0]);
  });

  it('interrupt: it is meant for the one that is believed to run, and stops nobody else', () => {
    const { hub, ahead } = recalled();
    const [next] = ahead as [MsgId];
    hub.far(0).end(OK);
    hub.hears(0);
    hub.submit(direct('a_99', 0));
    hub.interrupt([0]);
    hub.settle();
    const told = hub.told();
    expect(told).toContain(`tell a: ${next} KeyboardInterrupt: It was interrupted before it started.`);
    expect(told).toContain('tell a: a_99 ok');
    expect(runs(hub, next)).toEqual([0]);
    expect(hub.hub.counts.pending).toBe(0);
  });

  it('loss: what the engine gave back and what it had not begun run elsewhere, once', () => {
    for (const returnedArrives of [true, false]) {
      const { hub, ahead } = recalled();
      hub.far(0).arrive();
      if (returnedArrives) hub.hears(0);
      hub.lose(0);
      hub.settle();
      const told = hub.told();
      expect(ended(told)).toEqual(expect.arrayContaining([...ahead]));
      expect(runs(hub, ...ahead)).toEqual(ahead.map(() => 1));
      expect(hub.hub.counts.pending).toBe(0);
    }
  });
});

describe('what crosses a reply', () => {
  it('abort: what has run has run', () => {
    const hub = new FarCluster(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    hub.arrives(0);
    hub.ends(0);
    hub.abort('a_0', 'a_1');
    hub.settle();
    expect(hub.told()).toEqual(['tell a: a_0 ok', 'tell a: a_1 ok']);
  });

  it('cancel: what has ended stays ended, and the next is not stopped in its place', () => {
    const hub = new FarCluster(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    hub.arrives(0);
    hub.ends(0);
    hub.cancel('a_0');
    expect(hub.far(0).isStopped).toBe(false);
    hub.settle();
    expect(hub.told()).toEqual(['tell a: a_0 ok', 'tell a: a_1 ok']);
  });

  it('interrupt: it comes too late, and its time of grace ends with the reply', () => {
    const hub = new FarCluster(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    hub.arrives(0);
    hub.ends(0);
    hub.interrupt(null);
    expect(hub.far(0).isStopped).toBe(false);
    hub.settle();
    expect(hub.told()).toEqual(['tell a: a_0 ok', 'tell a: a_1 ok']);
    const { uuid } = hub.far(0);
    hub.reach({ type: 'grace', uuid });
    expect(hub.far(0).uuid).toBe(uuid);
  });

  it('cancel of one that has not begun: an interrupt of what never ran stops nobody else', () => {
    const hub = new FarCluster(1);
    hub.submit(balanced('a_0'), balanced('a_1'));
    hub.cancel('a_0');
    hub.settle();
    expect(hub.told()).toEqual(['tell a: a_0 aborted: asked to', 'tell a: a_1 ok']);
  });

  it('loss of the engine: the reply of a life that has ended is nobody’s', () => {
    const hub = new FarCluster(1);
    hub.submit(direct('a_0', 0));
    hub.arrives(0);
    hub.ends(0);
    const late = hub.far(0);
    hub.lose(0);
    for (const event of late.heard()) hub.handle(event);
    expect(hub.told().filter((line) => line.includes('a_0'))).toEqual([
      'tell a: a_0 EngineError: Engine 0 died while running task f: it crashed.',
    ]);
  });

  it('a restart: the new life has nothing of the old one', () => {
    const hub = new FarCluster(1);
    hub.submit(balanced('a_0'), balanced('a_1'));
    hub.arrives(0);
    hub.ends(0);
    hub.ask({ type: 'shutdown', engines: [0], restart: true });
    hub.far(0).ready();
    hub.settle();
    expect(hub.told()).toEqual([
      'tell a: a_0 EngineError: Engine 0 was restarted while running task f; its namespace is gone.',
      'tell a: answer 0 [0]',
      'tell a: a_1 ok',
    ]);
  });

  it('the end of its client: nobody is told, and the next has its turn', () => {
    const hub = new FarCluster(1);
    hub.connect('b');
    hub.submit(direct('b_0', 0), direct('b_1', 0), direct('a_0', 0));
    hub.arrives(0);
    hub.ends(0);
    hub.disconnect('b');
    hub.settle();
    expect(hub.told()).toEqual(['tell a: a_0 ok']);
    expect(hub.hub.counts.pending).toBe(0);
  });

  it('the stop of the cluster: everybody is told once', () => {
    const hub = new FarCluster(1);
    hub.submit(direct('a_0', 0));
    hub.arrives(0);
    hub.ends(0);
    hub.close();
    expect(hub.told()).toEqual([
      'tell a: a_0 EngineError: The cluster was stopped while engine 0 was running task f.',
    ]);
  });

  it('properties that change: what was refused before is asked again, once', () => {
    const hub = new FarCluster(1);
    hub.submit(balanced('a_0'));
    hub.arrives(0);
    hub.ends(0, REFUSED);
    hub.far(0).say({ type: 'properties-changed' });
    hub.hears(0);
    hub.settle();
    expect(hub.told()).toContain('tell a: a_0 ok');
    expect(runs(hub, 'a_0' as MsgId)).toEqual([2]);
  });

  it('a stream: what is said before the end arrives before it, what is said after it arrives late', () => {
    const hub = new FarCluster(1);
    hub.submit(direct('a_0', 0));
    hub.arrives(0);
    const event = { type: 'progress', done: 1, total: 2 } as const;
    const say = () => {
      hub.far(0).say({ type: 'event', msgId: 'a_0' as MsgId, event });
    };
    say();
    hub.ends(0);
    say();
    hub.settle();
    expect(hub.told()).toEqual(['tell a: a_0 progress', 'tell a: a_0 ok', 'tell a: a_0 progress']);
  });

  it('memory that is lent: a result that lies in it is its client’s alone', () => {
    const hub = new FarCluster(1);
    hub.connect('b');
    hub.submit(direct('a_0', 0));
    hub.arrives(0);
    hub.ask({ type: 'results', msgIds: ['a_0' as MsgId] }, 'b');
    hub.ends(0, { status: 'ok', value: { ...packed(1), lent: true } });
    hub.hears(0);
    expect(hub.told()).toEqual([
      'tell a: a_0 ok',
      expect.stringContaining('The result of a_0 is too big for the hub') as string,
    ]);
  });

  it('a failure that aborts the queue: what was sent behind it is told once, by the engine or here', () => {
    const hub = new FarCluster(1, { window: 4 });
    const rest = { abortsQueueOnError: true };
    hub.submit(direct('a_0', 0, rest), direct('a_1', 0), direct('a_2', 0));
    hub.arrives(0);
    hub.ends(0, FAILED);
    hub.cancel('a_1');
    hub.settle();
    const ended = hub.told().map((line) => line.slice(0, 'tell a: a_0'.length));
    expect(ended.sort()).toEqual(['tell a: a_0', 'tell a: a_1', 'tell a: a_2']);
  });
});

describe('what crosses what clients want', () => {
  const resubmit = (hub: FarCluster, from: string, to: string) =>
    hub.handle({
      type: 'resubmit-asked',
      clientId: 'a' as ClientId,
      tasks: [{ from: from as MsgId, to: to as MsgId }],
      submitted: hub.at,
      runId: null,
    });

  it('resubmit after purge: it is not known any more; before it, it runs again', () => {
    const hub = new FarCluster(1);
    hub.submit(balanced('a_0'));
    hub.settle();
    resubmit(hub, 'a_0', 'a_1');
    hub.ask({ type: 'purge', msgIds: ['a_0' as MsgId], engines: null, all: false });
    resubmit(hub, 'a_0', 'a_2');
    hub.settle();
    expect(hub.told()).toEqual([
      'tell a: a_0 ok',
      'tell a: answer 0 null',
      'tell a: a_2 KeyError: No such message: a_0',
      'tell a: a_1 ok',
    ]);
  });

  it('resubmit of what runs: it runs twice, under two names', () => {
    const hub = new FarCluster(1);
    hub.submit(balanced('a_0'));
    hub.arrives(0);
    resubmit(hub, 'a_0', 'a_1');
    hub.settle();
    expect(hub.told()).toEqual(['tell a: a_0 ok', 'tell a: a_1 ok']);
  });

  it('resubmit of what has been called off, while its engine still has it', () => {
    const hub = new FarCluster(1);
    hub.submit(balanced('a_0', null, { request: apply() }), direct('a_1', 0));
    hub.cancel('a_1');
    resubmit(hub, 'a_1', 'a_2');
    hub.settle();
    expect(hub.told()).toEqual([`tell a: a_1 ${ABORTED}`, 'tell a: a_0 ok', 'tell a: a_2 ok']);
  });

  it('clear and loss: it is answered, once', () => {
    const hub = new FarCluster(2);
    hub.ask({ type: 'clear', engines: null });
    hub.arrives(0);
    hub.lose(1);
    hub.far(1).ready();
    hub.settle();
    expect(hub.told().filter((line) => line.includes('answer'))).toEqual(['tell a: answer 0 null']);
  });

  it('abort twice, cancel after abort, abort after cancel: each is told once', () => {
    const hub = new FarCluster(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0), direct('a_2', 0), direct('a_3', 0));
    hub.arrives(0);
    hub.abort('a_1', 'a_2');
    hub.abort('a_1');
    hub.cancel('a_2', 'a_3');
    hub.abort('a_3', 'a_2');
    hub.settle();
    const told = hub.told().map((line) => line.slice(8, 19));
    expect(told.sort()).toEqual(['a_0 ok', 'a_1 aborted', 'a_2 aborted', 'a_3 aborted']);
  });

  it('the wait timer and the free engine: whichever is first decides', () => {
    const hub = new FarCluster(1);
    const terms = { route: { type: 'balanced', targets: null, terms: { ...NO_TERMS, timeout: 1 } } } as const;
    hub.submit(balanced('a_0'), balanced('a_1', null, terms));
    hub.arrives(0);
    hub.ends(0);
    hub.hears(0);
    hub.reach({ type: 'wait', msgId: 'a_1' as MsgId });
    hub.settle();
    expect(hub.told()).toEqual(['tell a: a_0 ok', 'tell a: a_1 ok']);
  });
});
