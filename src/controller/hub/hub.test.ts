import { describe, expect, it } from 'vitest';
import {
  answersIn,
  apply,
  balanced,
  callOf,
  clusterOf,
  DAWN,
  direct,
  FAILED,
  GAVE_UP,
  HubFixture,
  inShort,
  OK,
  packed,
  settlementsIn,
} from '../../testing/hub-fixture.ts';
import { Places } from '../places.ts';
import type { ClientId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { EngineRequest } from '../../protocol/requests.ts';
import { NO_TERMS } from '../../protocol/terms.ts';
import type { HubOptionsSpec } from '../../protocol/hub-options.ts';

/** More than the hub copies. */
function bigBuffer(): ArrayBuffer {
  return new ArrayBuffer(2 ** 20 + 1);
}

describe('the direct route', () => {
  it('sends a request to the engine it names and settles it with the reply', () => {
    const hub = clusterOf(2);
    expect(inShort(hub.submit(direct('a_0', 1)))).toEqual(['send request a_0']);
    const effects = hub.reply(1, 'a_0');
    expect(inShort(effects)).toEqual(['tell a: a_0 ok']);
    expect(settlementsIn(effects)[0]).toMatchObject({ engineId: 1, engineUuid: hub.uuid(1) });
  });

  it('B.82 gives an engine its requests in order of submission, sixteen ahead', () => {
    const hub = clusterOf(1);
    const all = Array.from({ length: 20 }, (_, i) => direct(`a_${String(i)}`, 0));
    expect(inShort(hub.submit(...all))).toEqual(all.slice(0, 16).map(({ msgId }) => `send request ${msgId}`));
    expect(hub.engines()[0]).toMatchObject({ outstanding: 16, queued: 4 });
    expect(inShort(hub.reply(0, 'a_0'))).toEqual(['tell a: a_0 ok', 'send request a_16']);
  });

  it('settles a request to an engine that does not exist at once', () => {
    const hub = clusterOf(1);
    expect(inShort(hub.submit(direct('a_0', 7)))).toEqual(['tell a: a_0 IndexError: No such engine: 7']);
  });

  it('holds requests for an engine that is starting until it is ready', () => {
    const hub = new HubFixture();
    hub.connect('a');
    hub.start(1);
    expect(hub.submit(direct('a_0', 0), direct('a_1', 0))).toEqual([]);
    expect(inShort(hub.ready(0))).toEqual(['cancel boot timer', 'send request a_0', 'send request a_1']);
  });

  it('aborts what waits behind a failed execution, of the same client only', () => {
    const hub = clusterOf(1);
    hub.connect('b');
    hub.submit(direct('a_0', 0, { abortsQueueOnError: true, label: 'first' }));
    expect(hub.submit(direct('a_1', 0), direct('b_0', 0), direct('a_2', 0))).toEqual([]);
    expect(inShort(hub.reply(0, 'a_0', FAILED))).toEqual([
      'tell a: a_0 Error: no',
      'tell a: a_1 aborted: It was queued behind first, which failed on engine 0.',
      'tell a: a_2 aborted: It was queued behind first, which failed on engine 0.',
      'send request b_0',
    ]);
  });

  it('B.76 runs what is queued behind a failed request that aborts nothing', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    expect(inShort(hub.reply(0, 'a_0', FAILED))).toEqual(['tell a: a_0 Error: no']);
    expect(inShort(hub.reply(0, 'a_1'))).toEqual(['tell a: a_1 ok']);
  });
});

describe('the load-balanced route', () => {
  const chosen = (effects: readonly unknown[]) =>
    inShort(effects as Parameters<typeof inShort>[0]).flatMap(
      (line) => /assigned to (\d)/.exec(line)?.[1] ?? [],
    );

  it('K.225 rotates consecutive tasks over idle engines', () => {
    const hub = clusterOf(3);
    const order: string[] = [];
    for (let i = 0; i < 6; i++) {
      const effects = hub.submit(balanced(`a_${String(i)}`));
      order.push(...chosen(effects));
      hub.reply(Number(order.at(-1)), `a_${String(i)}`);
    }
    // Engine 2 was ready last, so it was at the head of the line.
    expect(order).toEqual(['2', '1', '0', '2', '1', '0']);
  });

  it('gives no engine a second task while one is idle, nor a task behind another', () => {
    const hub = clusterOf(2);
    const effects = hub.submit(balanced('a_0'), balanced('a_1'), balanced('a_2'));
    expect(inShort(effects)).toEqual([
      'send request a_0',
      'tell a: a_0 assigned to 1',
      'send request a_1',
      'tell a: a_1 assigned to 0',
    ]);
    expect(inShort(hub.reply(0, 'a_1'))).toEqual([
      'tell a: a_1 ok',
      'send request a_2',
      'tell a: a_2 assigned to 0',
    ]);
  });

  it('K.228 with hwm 0 assigns all tasks at once, evenly', () => {
    const hub = clusterOf(4, { hwm: 0 });
    const effects = hub.submit(...Array.from({ length: 12 }, (_, i) => balanced(`a_${String(i)}`)));
    for (const id of '0123') expect(chosen(effects).filter((engine) => engine === id)).toHaveLength(3);
  });

  it('K.229 with hwm 2 gives each engine two', () => {
    const hub = clusterOf(2, { hwm: 2 });
    const effects = hub.submit(...Array.from({ length: 6 }, (_, i) => balanced(`a_${String(i)}`)));
    expect(chosen(effects).sort()).toEqual(['0', '0', '1', '1']);
  });

  it('does not choose an engine that is busy with direct work', () => {
    const hub = clusterOf(2);
    hub.submit(direct('a_0', 1));
    expect(chosen(hub.submit(balanced('a_1')))).toEqual(['0']);
    expect(hub.submit(balanced('a_2'))).toEqual([]);
    expect(chosen(hub.reply(1, 'a_0'))).toEqual(['1']);
  });

  it('serves waiting tasks in order of arrival', () => {
    const hub = clusterOf(1);
    hub.submit(...[0, 1, 2, 3].map((i) => balanced(`a_${String(i)}`)));
    const order = [0, 1, 2].map((i) => inShort(hub.reply(0, `a_${String(i)}`))[1]);
    expect(order).toEqual(['send request a_1', 'send request a_2', 'send request a_3']);
  });

  it('K.232 keeps to the targets and does not let a restricted task hold up others', () => {
    const hub = clusterOf(2);
    hub.submit(balanced('a_0'), balanced('a_1'));
    hub.submit(balanced('a_2', [0]), balanced('a_3'));
    expect(chosen(hub.reply(1, 'a_0'))).toEqual(['1']);
    expect(inShort(hub.reply(0, 'a_1'))).toContain('send request a_2');
  });

  it('K.233 fails a task when the last of its targets is gone', () => {
    const hub = clusterOf(3);
    hub.submit(balanced('a_0', [1]), balanced('a_1', [1, 2]), balanced('a_2', [1, 2]));
    hub.submit(balanced('a_3', [1]));
    hub.reply(1, 'a_0');
    hub.submit(balanced('a_4', [1]));
    const effects = hub.ask({ type: 'shutdown', engines: [1], restart: false });
    expect(inShort(effects)).toContain(
      'tell a: a_4 ImpossibleDependency: None of the engines that the task may run on exists any more: [1].',
    );
    expect(inShort(hub.submit(balanced('a_5', [1])))).toEqual([
      'tell a: a_5 ImpossibleDependency: None of the engines that the task may run on exists any more: [1].',
    ]);
  });

  it('K.234 a new engine takes queued tasks at once and goes to the head of the line', () => {
    const hub = clusterOf(1);
    hub.submit(balanced('a_0'), balanced('a_1'));
    hub.start(1);
    expect(chosen(hub.ready(1))).toEqual(['1']);
    hub.reply(0, 'a_0');
    hub.reply(1, 'a_1');
    hub.start(1);
    hub.ready(2);
    expect(chosen(hub.submit(balanced('a_2')))).toEqual(['2']);
  });

  it('waits where there are no engines, until one is started', () => {
    const hub = new HubFixture();
    hub.connect('a');
    expect(hub.submit(balanced('a_0'))).toEqual([]);
    hub.start(1);
    expect(chosen(hub.ready(0))).toEqual(['0']);
  });
});

describe('items of a call that are tiny', () => {
  /** Two engines and a call of `n` items, of which the first four have taken `took` milliseconds each. */
  const afterFour = (n: number, took: number, options: HubOptionsSpec = {}) => {
    const hub = clusterOf(2, options);
    hub.submitCall(callOf(0, n));
    const effects = [1, 0, 1, 0].map((engine, i) => hub.done(engine, i, 1, took));
    return { hub, effects: effects[3] ?? [] };
  };
  const ids = (from: number, to: number) =>
    to === from + 1 ? String(from) : `${String(from)} to ${String(to - 1)}`;
  const given = (from: number, to: number, engine: number) => [
    `send items ${ids(from, to)}`,
    `tell a: ${ids(from, to)} assigned to ${String(engine)}`,
  ];

  it('are given ahead, in the order of the line, once four have been seen to be tiny', () => {
    const { hub, effects } = afterFour(60, 0.19);
    expect(inShort(effects)).toEqual(['tell a: 3 ok', ...given(5, 16, 0)]);
    expect(inShort(hub.done(1, 4, 1, 0.19))).toEqual(['tell a: 4 ok', ...given(16, 27, 1)]);
  });

  it('are given ahead again when half of them are done', () => {
    const { hub } = afterFour(60, 0.19);
    expect(inShort(hub.done(0, 5, 4, 0.19))).toEqual(['tell a: 5 to 8 ok']);
    expect(inShort(hub.done(0, 9, 1, 0.19))).toEqual(['tell a: 9 ok', ...given(16, 21, 0)]);
  });

  it.each([
    ['take longer', 60, 0.5, {}],
    ['are the last in line', 9, 0.19, {}],
  ])('are not given ahead when they %s', (_, n, took, options) => {
    const { effects } = afterFour(n, took, options);
    expect(inShort(effects).filter((line) => line.startsWith('send'))).toEqual(['send items 5']);
  });

  it('are tasks, each on its own, where more than one may wait with an engine', () => {
    const hub = clusterOf(1, { hwm: 2 });
    const sent = hub.submitCall(callOf(0, 8));
    expect(inShort(sent).filter((line) => line.startsWith('send'))).toEqual([
      'send request a_0',
      'send request a_1',
    ]);
  });

  it('are not given ahead when they are of another call, which is still unknown', () => {
    const hub = clusterOf(1);
    hub.submitCall(callOf(0, 4));
    hub.submitCall(callOf(10, 30));
    const sent: string[] = [];
    for (const n of [0, 10, 1, 11, 2, 12, 3, 13])
      sent.push(...inShort(hub.done(0, n)).filter((line) => line.startsWith('send')));
    expect(sent).toEqual([10, 1, 11, 2, 12, 3, 13, '14 to 30'].map((n) => `send items ${String(n)}`));
  });

  it('are called back for an engine that has nothing to do, and go back into line', () => {
    const { hub } = afterFour(20, 0.19);
    // Engine 0 has 5 to 15 and is stuck with 5; engine 1 works off the line.
    expect(inShort(hub.done(1, 4))).toEqual(['tell a: 4 ok', ...given(16, 17, 1)]);
    for (const i of [16, 17, 18]) hub.done(1, i);
    expect(inShort(hub.done(1, 19))).toEqual(['tell a: 19 ok', 'send recall 6 to 15']);
    expect(inShort(hub.giveBack(0, 6, 10))).toEqual(given(6, 12, 1));
    expect(inShort(hub.done(1, 6, 6))).toEqual(['tell a: 6 to 11 ok', ...given(12, 13, 1)]);
    expect(hub.engines()[0]).toMatchObject({ outstanding: 1, running: { msgId: 'a_5' } });
  });

  it('stay where they are when their engine has begun them meanwhile, and are not asked for again', () => {
    const { hub } = afterFour(20, 0.19);
    for (const i of [4, 16, 17, 18, 19]) hub.done(1, i);
    expect(inShort(hub.done(0, 5))).toEqual(['tell a: 5 ok']);
    expect(inShort(hub.giveBack(0, 8, 8))).toEqual(given(8, 12, 1));
    expect(inShort(hub.done(1, 8, 4))).toEqual(['tell a: 8 to 11 ok', ...given(12, 13, 1)]);
    for (const i of [12, 13, 14, 15]) expect(inShort(hub.done(1, i)).join()).not.toContain('recall');
    expect(inShort(hub.done(0, 6))).toEqual(['tell a: 6 ok']);
    expect(inShort(hub.done(0, 7))).toEqual(['tell a: 7 ok']);
    expect(hub.hub.counts.pending).toBe(0);
  });

  it('are aborted when they come back unwanted', () => {
    const { hub } = afterFour(20, 0.19);
    for (const i of [4, 16, 17, 18, 19]) hub.done(1, i);
    expect(inShort(hub.abort('a_7'))).toEqual(['send abort a_7']);
    expect(inShort(hub.giveBack(0, 6, 10))).toEqual([
      'tell a: a_7 aborted: It was aborted before it started.',
      ...given(6, 7, 1),
    ]);
  });

  it('run elsewhere when their engine dies', () => {
    const { hub } = afterFour(20, 0.19);
    for (const i of [4, 16, 17, 18, 19]) hub.done(1, i);
    const effects = inShort(hub.lose(0));
    expect(effects).toContain('tell a: a_5 EngineError: Engine 0 died while running task f: it crashed.');
    expect(effects.slice(-2)).toEqual(given(6, 14, 1));
    expect(hub.giveBack(0, 6, 10)).toEqual([]);
  });
});

describe('an item of a call', () => {
  it('that fails is told alone, and is tried elsewhere when the terms say so', () => {
    const terms = { ...NO_TERMS, retries: 1 };
    const hub = clusterOf(2);
    hub.submitCall(callOf(0, 4, { route: { type: 'balanced', targets: null, terms } }));
    expect(inShort(hub.reply(1, 'a_0', FAILED))).toEqual([
      'tell a: a_0 requeued from 1: failed',
      'send items 2',
      'tell a: 2 assigned to 1',
    ]);
    expect(inShort(hub.done(0, 1))).toEqual([
      'tell a: 1 ok',
      'send request a_0',
      'tell a: a_0 assigned to 0',
    ]);
    expect(inShort(hub.reply(0, 'a_0', FAILED))[0]).toBe('tell a: a_0 Error: no');
  });

  it('that somebody depends on decides about them', () => {
    const hub = clusterOf(1);
    hub.submitCall(callOf(0, 3));
    const after = { msgIds: ['a_0', 'a_1', 'a_2'] as MsgId[], all: true, success: true, failure: false };
    const route = { type: 'balanced', targets: null, terms: { ...NO_TERMS, after } } as const;
    hub.done(0, 0);
    hub.submit(balanced('a_9', null, { route }));
    hub.done(0, 1);
    expect(inShort(hub.done(0, 2))).toContain('send request a_9');
  });

  it('has a record, a story and a place in the queue as any other task', () => {
    const hub = clusterOf(1);
    hub.submitCall(callOf(5, 3, { label: 'mine' }));
    hub.done(0, 5, 1, 2);
    const [found] = answersIn(hub.ask({ type: 'db-query', query: { label: 'mine' }, keys: null }));
    const documents = (found?.ok === true ? found.value : []) as readonly Record<string, unknown>[];
    expect(documents.map(({ msgId, status, engineId }) => [msgId, status, engineId])).toEqual([
      ['a_5', 'ok', 0],
      ['a_6', 'pending', 0],
      ['a_7', 'pending', null],
    ]);
    expect(documents[0]).toMatchObject({ name: 'f', queue: 'balanced', content: 'x => x', bytes: 16 });
    const status = (verbose: boolean) =>
      answersIn(hub.ask({ type: 'queue-status', engines: null, verbose }))[0];
    expect(status(false)).toEqual({
      ok: true,
      value: { 0: { queue: 0, completed: 1, tasks: 1 }, unassigned: 1 },
    });
    expect(status(true)).toEqual({
      ok: true,
      value: { 0: { queue: [], completed: ['a_5'], tasks: ['a_6'] }, unassigned: ['a_7'] },
    });
    const story = (msgId: string) => hub.hub.story(msgId as MsgId).map(({ what }) => what);
    expect(story('a_5')).toEqual(['submitted', 'sent', 'settled']);
    expect(story('a_7')).toEqual(['submitted']);
  });

  it.each(['abort', 'cancel'] as const)('leaves its call by %s, and the others go on', (wish) => {
    const hub = clusterOf(1);
    hub.submitCall(callOf(0, 5));
    expect(inShort(hub[wish]('a_2'))).toEqual(['tell a: a_2 aborted: It was aborted before it started.']);
    const sent = [0, 1, 3, 4].flatMap((n) => inShort(hub.done(0, n)));
    const items = sent.filter((line) => line.startsWith('send'));
    expect(items).toEqual(['send items 1', 'send items 3', 'send items 4']);
    expect(hub.hub.counts.pending).toBe(0);
  });

  it('prints, in time and late, as a task of its own', () => {
    const hub = clusterOf(1);
    hub.submitCall(callOf(0, 2));
    const event = { type: 'stream', name: 'stdout', text: 'hi' } as const;
    const say = (msgId: string) =>
      inShort(hub.handle({ type: 'streamed', uuid: hub.uuid(0), msgId: msgId as MsgId, event }));
    expect(say('a_0')).toEqual(['tell a: a_0 stream']);
    expect(inShort(hub.done(0, 0))[0]).toBe('tell a: a_0 ok');
    expect(inShort(hub.done(0, 1))).toEqual(['tell a: 1 ok']);
    expect(say('a_1')).toEqual(['tell a: a_1 stream']);
    const [found] = answersIn(hub.ask({ type: 'db-query', query: {}, keys: ['stdout'] }));
    expect(found).toMatchObject({ value: [{ stdout: 'hi' }, { stdout: 'hi' }] });
  });

  it('whose id is known is taken in once', () => {
    const hub = clusterOf(1);
    hub.submitCall(callOf(0, 3));
    expect(inShort(hub.submitCall(callOf(2, 2)))).toEqual([]);
    expect(hub.hub.counts.pending).toBe(4);
  });
});

describe('a map of 20,000 tasks that is cancelled', () => {
  it('leaves nothing unassigned, and engines have one message each for what they have begun', () => {
    const hub = clusterOf(4);
    hub.submitCall(callOf(0, 20_000));
    const msgIds = Array.from({ length: 20_000 }, (_, i) => `a_${String(i)}` as MsgId);
    const effects = hub.handle({ type: 'cancel-asked', msgIds });
    expect(settlementsIn(effects)).toHaveLength(19_996);
    expect(inShort(effects.filter(({ type }) => type === 'send'))).toEqual(
      [0, 1, 2, 3].flatMap((i) => [`send abort a_${String(i)}`, `send interrupt a_${String(i)}`]),
    );
    // Engines that came later were given work first.
    for (const i of [0, 1, 2, 3]) hub.reply(3 - i, `a_${String(i)}`, FAILED);
    expect(answersIn(hub.ask({ type: 'queue-status', engines: null }))).toMatchObject([
      { value: { unassigned: 0, 0: { tasks: 0 }, 3: { tasks: 0 } } },
    ]);
    expect(hub.hub.counts.pending).toBe(0);
  });
});

describe('engines', () => {
  it('A.4 gives ids by a counter and never again', () => {
    const hub = clusterOf(4);
    hub.ask({ type: 'shutdown', engines: [3], restart: false });
    expect(inShort(hub.start(1))).toContain('start engine 4 generation 1');
  });

  it('A.5 gives an engine the free id it asks for, and else the next', () => {
    const hub = clusterOf(1);
    const ask = (requestedId: number) => inShort(hub.handle({ type: 'engine-asked', requestedId }))[0];
    expect(ask(2)).toBe('start engine 2 generation 1');
    expect(ask(0)).toBe('start engine 1 generation 1');
    expect(ask(1)).toBe('start engine 3 generation 1');
  });

  it('are 128 in all, whatever the number of hubs and whoever asks', () => {
    const places = new Places(5);
    const [one, other] = [new HubFixture({}, places), new HubFixture({ adapt: { max: 9 } }, places)];
    const refusal = (n: number, there: number) =>
      `tell a: answer 0 ValueError: A page has at most 5 engines in all its clusters, and ${String(there)} are there; ` +
      `${String(n)} more cannot be started: each is a worker. Stop some, or join a real cluster.`;
    one.connect('a');
    other.connect('a');
    one.start(4);
    expect(inShort(one.ask({ type: 'start-engines', n: 2 }))).toEqual([refusal(2, 4)]);
    expect(inShort(one.ask({ type: 'start-engines', n: 1e9 }))).toEqual([refusal(1e9, 4)]);
    expect(inShort(other.ask({ type: 'start-engines', n: 1 }))).toContain('start engine 0 generation 1');
    expect(inShort(one.start(3))).toEqual([]);
    for (let i = 0; i < 20; i++) other.submit(balanced(`a_${String(i)}`));
    other.endTurn();
    other.wait(10);
    expect(inShort(other.endTurn()).filter((line) => line.startsWith('start'))).toEqual([]);
    one.ask({ type: 'shutdown', engines: [3], restart: false });
    expect(inShort(other.endTurn())).toContain('start engine 1 generation 1');
    one.ask({ type: 'shutdown', engines: null, restart: true });
    expect(places.free).toBe(0);
    one.close();
    expect(places.free).toBe(3);
  });

  it('that a signal ends come back, unless those that die are not replaced', () => {
    const signal = { type: 'shutdown', engines: [1], restart: 'if-respawned' } as const;
    const replaced = clusterOf(3);
    replaced.ask(signal);
    expect(replaced.engines().map(({ id, status }) => `${String(id)} ${status}`)).toContain('1 starting');
    const hub = clusterOf(3, { respawn: false });
    expect(inShort(hub.ask(signal))).toContain('tell a: answer 0 []');
    expect(
      hub
        .engines()
        .filter(({ status }) => status !== 'dead')
        .map(({ id }) => id),
    ).toEqual([0, 2]);
    expect(inShort(hub.ask({ type: 'shutdown', engines: [1], restart: true }))).toContain(
      'start engine 1 generation 2',
    );
  });

  it('K.236 fails the task that a dying engine ran and starts the engine anew under its id', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    const before = hub.uuid(0);
    const effects = hub.lose(0, 'its thread ended (code 1)');
    expect(inShort(effects)).toEqual([
      'warning: Engine 0 died and was started anew; its variables are gone. Reason: its thread ended (code 1).',
      'terminate engine',
      'tell a: a_0 EngineError: Engine 0 died while running task f: its thread ended (code 1).',
      'tell a: a_1 EngineError: Engine 0 died before it could start task f: its thread ended (code 1).',
      'start engine 0 generation 2',
      'set boot timer 60',
    ]);
    expect(hub.uuid(0)).not.toBe(before);
    expect(settlementsIn(effects)[0]).toMatchObject({
      engineId: 0,
      engineUuid: before,
      facts: { completed: hub.at - 1 },
    });
  });

  it('K.237 fails only what was aimed at the dead engine', () => {
    const hub = clusterOf(2);
    hub.submit(direct('a_0', 0), direct('a_1', 1));
    expect(settlementsIn(hub.lose(0)).map(({ msgId }) => msgId)).toEqual(['a_0']);
    expect(inShort(hub.reply(1, 'a_1'))).toEqual(['tell a: a_1 ok']);
  });

  it('K.238 moves load-balanced tasks that had not started back to the head of the line', () => {
    const hub = clusterOf(2, { respawn: false, hwm: 2 });
    hub.submit(...[0, 1, 2, 3, 4].map((i) => balanced(`a_${String(i)}`)));
    expect(inShort(hub.lose(1))).toEqual([
      'warning: Engine 1 died. Reason: it crashed. Restart engines to bring it back.',
      'terminate engine',
      'tell a: a_0 EngineError: Engine 1 died while running task f: it crashed.',
    ]);
    expect(inShort(hub.reply(0, 'a_1'))).toEqual([
      'tell a: a_1 ok',
      'send request a_2',
      'tell a: a_2 assigned to 0',
    ]);
  });

  it('fails a load-balanced task whose buffers had been moved to the dead engine', () => {
    const hub = clusterOf(1, { hwm: 2 });
    hub.submit(balanced('a_0'), balanced('a_1', null, { request: apply([bigBuffer()]) }));
    expect(inShort(hub.lose(0))).toContain(
      'tell a: a_1 EngineError: Engine 0 died before it could start task f: it crashed. ' +
        "The task's buffers had been moved there, so it cannot run elsewhere. Submit it again.",
    );
  });

  it('leaves an engine dead that dies three times soon after its start', () => {
    const hub = clusterOf(1);
    hub.lose(0);
    hub.ready(0);
    hub.lose(0);
    hub.ready(0);
    expect(inShort(hub.lose(0))).toEqual([
      'warning: Engine 0 died 3 times soon after its start and was not started again. Reason: it crashed. ' +
        'Restart engines to try again.',
      'terminate engine',
    ]);
    expect(hub.engines()).toMatchObject([{ id: 0, status: 'dead', death: 'It died: it crashed.' }]);
    expect(hub.engines()).toEqual([]);
    expect(inShort(hub.submit(direct('a_0', 0)))).toEqual([
      'tell a: a_0 EngineError: Engine 0 is dead. It died: it crashed. Restart it, or use another engine.',
    ]);
  });

  it('replaces an engine for ever that completes something or lives for a while', () => {
    const hub = clusterOf(1);
    for (let life = 2; life < 10; life++) {
      hub.submit(direct(`a_${String(life)}`, 0));
      if (life % 2 === 0) hub.reply(0, `a_${String(life)}`);
      else hub.wait(11);
      expect(inShort(hub.lose(0))).toContain(`start engine 0 generation ${String(life)}`);
      hub.ready(0);
    }
  });

  it('gives up an engine that does not get ready, after two more tries', () => {
    const hub = new HubFixture({ startTimeout: 5 });
    hub.connect('a');
    const asked = hub.ask({ type: 'start-engines', n: 1 });
    expect(inShort(asked)).toEqual(['start engine 0 generation 1', 'set boot timer 5']);
    for (const generation of ['2', '3']) {
      expect(inShort(hub.reach({ type: 'boot', uuid: hub.uuid(0) }))).toContain(
        `start engine 0 generation ${generation}`,
      );
    }
    expect(inShort(hub.reach({ type: 'boot', uuid: hub.uuid(0) })).at(-1)).toBe(
      'tell a: answer 0 EngineError: Engine 0 could not be started.',
    );
  });

  it('A.34 takes a stopped engine off the list, after having told that it is dead', () => {
    const hub = clusterOf(2);
    hub.submit(direct('a_0', 1), direct('a_1', 1));
    expect(inShort(hub.ask({ type: 'shutdown', engines: [1], restart: false }))).toEqual([
      'terminate engine',
      'tell a: a_0 EngineError: Engine 1 was stopped while running task f.',
      'tell a: a_1 EngineError: Engine 1 was stopped before it could start task f.',
      'tell a: answer 0 null',
    ]);
    expect(inShort(hub.endTurn())).toEqual(['publish 0 idle, 1 dead', 'set publish timer 0.05']);
    hub.wait(0.05);
    hub.reach({ type: 'publish' });
    expect(inShort(hub.endTurn())).toEqual(['publish 0 idle']);
    expect(hub.engines().map(({ id }) => id)).toEqual([0]);
  });

  it('T.373 restarts single engines under their ids and answers when they are ready', () => {
    const hub = clusterOf(2);
    const effects = hub.ask({ type: 'shutdown', engines: [1], restart: true });
    expect(inShort(effects)).toEqual([
      'terminate engine',
      'start engine 1 generation 2',
      'set boot timer 60',
    ]);
    expect(inShort(hub.ready(1))).toEqual(['cancel boot timer', 'tell a: answer 0 [1]']);
  });

  it('restarts engines that were left dead, too', () => {
    const hub = clusterOf(2, { respawn: false });
    hub.lose(0);
    expect(inShort(hub.ask({ type: 'shutdown', engines: null, restart: true }))).toEqual([
      'terminate engine',
      'start engine 1 generation 2',
      'set boot timer 60',
      'start engine 0 generation 2',
      'set boot timer 60',
    ]);
  });

  it('does not hand what a stopped engine leaves behind to one that is stopped with it', () => {
    const hub = clusterOf(2, { hwm: 2 });
    hub.submit(...[0, 1, 2, 3].map((i) => balanced(`a_${String(i)}`)));
    const effects = hub.ask({ type: 'shutdown', engines: null, restart: true });
    expect(inShort(effects).filter((line) => line.startsWith('send'))).toEqual([]);
    expect(settlementsIn(effects).map(({ msgId }) => msgId)).toEqual(['a_1', 'a_0']);
    expect(inShort(hub.ready(0))).toContain('send request a_2');
    expect(inShort(hub.ready(1))).toEqual(['cancel boot timer', 'tell a: answer 0 [0,1]']);
  });

  it('ignores what an earlier life says', () => {
    const hub = clusterOf(1);
    const before = hub.uuid(0);
    hub.submit(direct('a_0', 0));
    hub.lose(0);
    hub.ready(0);
    hub.submit(direct('a_1', 0));
    const facts = { started: 1, completed: 1, executeResult: null, executionCount: 0 };
    const reply = { msgId: 'a_1' as MsgId, outcome: OK, facts };
    expect(hub.handle({ type: 'replied', uuid: before, reply, names: null })).toEqual([]);
    expect(hub.handle({ type: 'engine-lost', uuid: before, reason: 'again' })).toEqual([]);
  });

  it('tells small changes of the list at most every 50 ms', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0));
    expect(inShort(hub.endTurn())).toEqual(['set publish timer 0.048']);
    hub.reply(0, 'a_0');
    expect(hub.endTurn()).toEqual([]);
    hub.wait(0.05);
    hub.reach({ type: 'publish' });
    expect(inShort(hub.endTurn())).toEqual(['publish 0 idle']);
    expect(hub.endTurn()).toEqual([]);
  });
});

describe('interrupt, cancel and abort', () => {
  it('N.290 asks the running task to stop and leaves the rest alone', () => {
    const hub = clusterOf(2);
    hub.submit(direct('a_0', 0), direct('a_1', 0), direct('a_2', 1));
    expect(inShort(hub.interrupt([0]))).toEqual(['set grace timer 2', 'send interrupt a_0']);
    expect(hub.interrupt([0])).toEqual([]);
    expect(inShort(hub.reply(0, 'a_0', FAILED))).toEqual(['cancel grace timer', 'tell a: a_0 Error: no']);
    expect(inShort(hub.reply(0, 'a_1'))).toEqual(['tell a: a_1 ok']);
  });

  it('N.290 terminates an engine that does not obey, and starts it anew under its id', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    hub.interrupt();
    expect(inShort(hub.reach({ type: 'grace', uuid: hub.uuid(0) }))).toEqual([
      'warning: Engine 0 did not stop within 2 s and was started anew; its variables are gone.',
      'terminate engine',
      'tell a: a_0 EngineError: Engine 0 did not stop within 2 s and was terminated; its namespace is gone.',
      'tell a: a_1 EngineError: Engine 0 did not stop within 2 s of an interrupt and was terminated before it ' +
        'could start task f; its namespace is gone.',
      'start engine 0 generation 2',
      'set boot timer 60',
    ]);
  });

  it('takes the oldest request that an engine has for the one that runs', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0, { label: 'first' }), direct('a_1', 0), direct('a_2', 0, { label: 'third' }));
    expect(hub.engines()[0]?.running).toEqual({ msgId: 'a_0', name: 'first', since: hub.at - 3 });
    hub.abort('a_1');
    hub.reply(0, 'a_1', GAVE_UP);
    expect(hub.engines()[0]?.running?.name).toBe('first');
    hub.reply(0, 'a_0');
    expect(hub.engines()[0]?.running).toEqual({ msgId: 'a_2', name: 'third', since: hub.at - 3 });
    hub.reply(0, 'a_2');
    expect(hub.engines()[0]?.running).toBeNull();
  });

  it('does nothing where nothing runs', () => {
    const hub = clusterOf(1);
    hub.start(1);
    hub.submit(direct('a_0', 1));
    expect(hub.interrupt()).toEqual([]);
  });

  it('N.285 N.288 aborts at once what waits in the hub', () => {
    const hub = clusterOf(1, { window: 1 });
    hub.submit(direct('a_0', 0), direct('a_1', 0), balanced('a_2'));
    expect(inShort(hub.abort('a_0', 'a_1', 'a_2', 'a_9'))).toEqual([
      'send abort a_0',
      'tell a: a_1 aborted: It was aborted before it started.',
      'tell a: a_2 aborted: It was aborted before it started.',
    ]);
    expect(inShort(hub.reply(0, 'a_0'))).toEqual(['tell a: a_0 ok']);
  });

  it('N.289 settles with whatever comes when a sent task is aborted', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0), direct('a_2', 0));
    expect(inShort(hub.abort('a_1', 'a_2'))).toEqual(['send abort a_1', 'send abort a_2']);
    expect(hub.abort('a_1')).toEqual([]);
    expect(inShort(hub.reply(0, 'a_1', GAVE_UP))).toEqual(['tell a: a_1 aborted: asked to']);
    expect(inShort(hub.reply(0, 'a_2'))).toEqual(['tell a: a_2 ok']);
    expect(hub.reply(0, 'a_2')).toEqual([]);
  });

  it('does not run a task elsewhere that was aborted when its engine died', () => {
    const hub = clusterOf(1, { hwm: 2 });
    hub.submit(balanced('a_0'), balanced('a_1'));
    hub.abort('a_1');
    expect(inShort(hub.lose(0))).toContain('tell a: a_1 aborted: It was aborted before it started.');
  });

  it('does not run a task elsewhere that was interrupted when its engine died', () => {
    const hub = clusterOf(2);
    hub.submit(balanced('a_0'));
    hub.interrupt();
    expect(inShort(hub.lose(1))).toEqual([
      'warning: Engine 1 died and was started anew; its variables are gone. Reason: it crashed.',
      'terminate engine',
      'cancel grace timer',
      'tell a: a_0 EngineError: Engine 1 died while running task f: it crashed.',
      'start engine 1 generation 2',
      'set boot timer 60',
    ]);
  });

  it('cancels what waits, what has been sent and what runs', () => {
    const hub = clusterOf(1, { window: 2 });
    hub.submit(direct('a_0', 0), direct('a_1', 0), direct('a_2', 0));
    expect(inShort(hub.cancel('a_0', 'a_1', 'a_2'))).toEqual([
      'send abort a_0',
      'set grace timer 2',
      'send interrupt a_0',
      'send abort a_1',
      'tell a: a_1 aborted: It was aborted before it started.',
      'tell a: a_2 aborted: It was aborted before it started.',
    ]);
    // The engine may have begun the next one before the abort came.
    expect(inShort(hub.reply(0, 'a_0', FAILED))).toEqual([
      'cancel grace timer',
      'tell a: a_0 Error: no',
      'set grace timer 2',
      'send interrupt a_1',
    ]);
    expect(inShort(hub.reply(0, 'a_1', GAVE_UP))).toEqual(['cancel grace timer']);
  });

  it('what is cancelled behind a stuck one has ended at once, and its ghost goes when the engine answers', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0), direct('a_2', 0));
    const told = inShort(hub.cancel('a_1'));
    expect(told).toContain('tell a: a_1 aborted: It was aborted before it started.');
    expect(hub.hub.counts).toMatchObject({ pending: 2, records: 1 });
    expect(inShort(hub.cancel('a_1'))).toEqual([]);
    hub.reply(0, 'a_0');
    // Nothing is told twice, and what follows begins.
    expect(inShort(hub.reply(0, 'a_1', GAVE_UP))).toEqual(['cancel grace timer']);
    expect(inShort(hub.reply(0, 'a_2'))).toEqual(['tell a: a_2 ok']);
    expect(hub.engines()).toMatchObject([{ outstanding: 0, status: 'idle' }]);
  });

  it('a ghost that begins and does not stop takes its engine with it; what is behind it ends with that life', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0), direct('a_2', 0));
    hub.cancel('a_1');
    hub.reply(0, 'a_0');
    const effects = inShort(hub.reach({ type: 'grace', uuid: hub.uuid(0) }));
    expect(effects.join()).toMatch(/a_2 EngineError/);
    expect(effects.join()).not.toMatch(/tell a: a_1/);
    expect(effects).toContain('start engine 0 generation 2');
  });

  it('an engine that gives back a ghost frees its place', () => {
    const hub = clusterOf(2, { hwm: 0 });
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    hub.cancel('a_1');
    hub.lose(0);
    hub.ready(0);
    expect(hub.engines()).toMatchObject([{ outstanding: 0 }, { outstanding: 0 }]);
  });
});

describe('clients', () => {
  it('a result in its client’s own memory is told to it alone, and not kept', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0));
    hub.connect('b');
    hub.ask({ type: 'results', msgIds: ['a_0' as MsgId] }, 'b', 1);
    const value = { ...packed({ $tutti: 'lent' }), canned: true, lent: true } as const;
    const effects = hub.reply(0, 'a_0', { status: 'ok', value });
    expect(settlementsIn(effects)[0]).toMatchObject({ outcome: { status: 'ok', value } });
    const moved = { outcome: { status: 'error', error: { ename: 'KeyError' } } };
    expect(answersIn(effects)).toMatchObject([{ ok: true, value: [moved] }]);
    expect(answersIn(hub.ask({ type: 'results', msgIds: ['a_0' as MsgId] }, 'b', 2))).toMatchObject([
      { ok: true, value: [moved] },
    ]);
  });

  it('drops the queued work of a client that disconnects and lets the running go on', () => {
    const hub = clusterOf(1, { window: 2 });
    hub.connect('b');
    hub.submit(direct('a_0', 0), direct('a_1', 0), direct('a_2', 0), direct('b_0', 0), balanced('a_3'));
    expect(inShort(hub.disconnect('a'))).toEqual(['send abort a_0', 'send abort a_1']);
    expect(hub.reply(0, 'a_0')).toMatchObject([{ type: 'send', message: { msgId: 'b_0' } }]);
    const [answer] = answersIn(hub.ask({ type: 'results', msgIds: ['a_0' as MsgId] }, 'b'));
    expect(answer).toMatchObject({ ok: true, value: [{ outcome: { status: 'ok' } }] });
  });

  it('forwards output to the client of the task, also when it has ended, and drops strays', () => {
    const hub = clusterOf(1);
    const print = (msgId: string | null) =>
      hub.handle({
        type: 'streamed',
        uuid: hub.uuid(0),
        msgId: msgId as MsgId | null,
        event: { type: 'stream', name: 'stdout', text: 'x' },
      });
    hub.submit(direct('a_0', 0));
    expect(inShort(print('a_0'))).toEqual(['tell a: a_0 stream']);
    expect(print(null)).toEqual([]);
    expect(print('a_7')).toEqual([]);
    hub.reply(0, 'a_0');
    expect(inShort(print('a_0'))).toEqual(['tell a: a_0 stream']);
  });

  it('ignores a message that was submitted already, and strangers', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0));
    expect(hub.submit(direct('a_0', 0))).toEqual([]);
    hub.reply(0, 'a_0');
    expect(hub.submit(direct('a_0', 0), direct('x_0', 0))).toEqual([]);
  });
});

describe('questions', () => {
  it('A.36 A.38 tells the queues in counts', () => {
    const hub = new HubFixture({ window: 1 });
    hub.connect('a');
    const status = (engines: number[] | null) => answersIn(hub.ask({ type: 'queue-status', engines }))[0];
    expect(status(null)).toEqual({ ok: true, value: { unassigned: 0 } });
    hub.start(2);
    hub.ready(0, 1);
    hub.submit(direct('a_0', 0), direct('a_1', 0), balanced('a_2'), balanced('a_3'));
    expect(status(null)).toEqual({
      ok: true,
      value: {
        0: { queue: 2, completed: 0, tasks: 0 },
        1: { queue: 0, completed: 0, tasks: 1 },
        unassigned: 1,
      },
    });
    expect(status([1])).toMatchObject({ value: { 1: { tasks: 1 } } });
    expect(status([5])).toEqual({ ok: false, ename: 'IndexError', evalue: 'No such engine: 5' });
  });

  it('A.21 answers a clear when all engines have cleared or died', () => {
    const hub = clusterOf(3);
    hub.start(1);
    expect(inShort(hub.ask({ type: 'clear', engines: null }))).toEqual([
      'send clear',
      'send clear',
      'send clear',
    ]);
    const cleared = (id: number) => hub.handle({ type: 'cleared', uuid: hub.uuid(id), token: 1 });
    expect(cleared(0)).toEqual([]);
    expect(cleared(0)).toEqual([]);
    expect(cleared(2)).toEqual([]);
    expect(inShort(hub.lose(1))).toContain('tell a: answer 0 null');
  });

  it('lists what it knows by time of submission', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0, { submitted: DAWN + 5 }), direct('a_1', 0, { submitted: DAWN + 3 }));
    hub.submit(direct('a_2', 0, { submitted: DAWN + 5 }));
    hub.reply(0, 'a_0');
    expect(answersIn(hub.ask({ type: 'history' }))[0]).toEqual({ ok: true, value: ['a_1', 'a_0', 'a_2'] });
  });

  it('A.40 gives a second client results it did not submit, when they are there', () => {
    const hub = clusterOf(1);
    hub.connect('b');
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    hub.reply(0, 'a_0');
    const msgIds = ['a_1', 'a_0', 'a_1'] as MsgId[];
    expect(hub.ask({ type: 'results', msgIds }, 'b')).toEqual([]);
    const [answer] = answersIn(hub.reply(0, 'a_1'));
    expect(answer).toMatchObject({ ok: true, value: msgIds.map((msgId) => ({ msgId })) });
  });

  it('A.41 knows no message that was never submitted, and says which were culled', () => {
    const hub = clusterOf(1, { recordLimit: 10, cullFraction: 0.3 });
    for (let i = 0; i < 11; i++) {
      hub.submit(direct(`a_${String(i)}`, 0));
      hub.reply(0, `a_${String(i)}`);
    }
    const ask = (msgId: string) => inShort(hub.ask({ type: 'results', msgIds: [msgId as MsgId] }))[0];
    expect(hub.hub.counts.records).toBe(8);
    expect(ask('a_2')).toBe('tell a: answer 0 KeyError: a_2 has been culled for size');
    expect(ask('a_3')).toContain('"msgId":"a_3"');
    expect(ask('a_99')).toBe('tell a: answer 0 KeyError: No such message: a_99');
    expect(ask('zzz')).toBe('tell a: answer 0 KeyError: No such message: zzz');
  });

  it('culls by bytes, oldest first', () => {
    const hub = clusterOf(1, { sizeLimit: 1000, cullFraction: 0.5 });
    for (let i = 0; i < 3; i++) {
      hub.submit(direct(`a_${String(i)}`, 0));
      hub.reply(0, `a_${String(i)}`, { status: 'ok', value: packed('x', [], 400) });
    }
    expect(hub.hub.counts).toMatchObject({ records: 1, bytes: 408 });
  });

  it('refuses a senseless number of engines', () => {
    const hub = clusterOf(0);
    for (const n of [-1, 1.5, NaN]) {
      expect(answersIn(hub.ask({ type: 'start-engines', n }))[0]).toMatchObject({ ename: 'ValueError' });
    }
    expect(inShort(hub.ask({ type: 'start-engines', n: 0 }))).toEqual(['tell a: answer 0 []']);
  });
});

describe('buffers', () => {
  it('moves the buffers of a request that one engine gets', () => {
    const hub = clusterOf(1);
    expect(inShort(hub.submit(direct('a_0', 0, { request: apply([bigBuffer()]) })))).toEqual([
      'send request a_0 moving',
    ]);
  });

  it('copies small ones, so that the task can run elsewhere', () => {
    const hub = clusterOf(1, { hwm: 2 });
    hub.submit(balanced('a_0'));
    const small = balanced('a_1', null, { request: apply([new ArrayBuffer(8)]) });
    expect(inShort(hub.submit(small))[0]).toBe('send request a_1');
    hub.lose(0);
    expect(inShort(hub.ready(0))).toContain('send request a_1');
  });

  it('copies them for all engines but the last, however late that is', () => {
    const hub = clusterOf(3, { window: 1 });
    const request: EngineRequest = { method: 'push', values: packed({}, [bigBuffer()]) };
    hub.submit(direct('a_0', 1));
    const effects = hub.submit(...[0, 1, 2].map((id) => direct(`a_${String(id + 1)}`, id, { request })));
    expect(inShort(effects)).toEqual(['send request a_1 now', 'send request a_3 now']);
    expect(inShort(hub.reply(1, 'a_0'))).toEqual(['tell a: a_0 ok', 'send request a_2 moving']);
  });

  it('moves big results to their client and does not keep them', () => {
    const hub = clusterOf(1);
    const big = [new ArrayBuffer(2 ** 21)];
    hub.submit(direct('a_0', 0));
    expect(inShort(hub.reply(0, 'a_0', { status: 'ok', value: packed(big, big) }))).toEqual([
      'tell a: a_0 ok moving',
    ]);
    const [answer] = answersIn(hub.ask({ type: 'results', msgIds: ['a_0' as MsgId] }));
    expect(answer).toMatchObject({
      ok: true,
      value: [{ msgId: 'a_0', outcome: { status: 'error', error: { ename: 'KeyError' } } }],
    });
  });

  it('copies small ones, and big ones that somebody else waits for', () => {
    const hub = clusterOf(1);
    hub.connect('b');
    const small = [new ArrayBuffer(8)];
    const big = [new ArrayBuffer(2 ** 21)];
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    hub.ask({ type: 'results', msgIds: ['a_1' as MsgId] }, 'b');
    expect(inShort(hub.reply(0, 'a_0', { status: 'ok', value: packed(small, small) }))).toEqual([
      'tell a: a_0 ok',
    ]);
    const effects = hub.reply(0, 'a_1', { status: 'ok', value: packed(big, big) });
    expect(inShort(effects)[0]).toBe('tell a: a_1 ok');
    expect(answersIn(effects)).toHaveLength(1);
  });
});

describe('the end', () => {
  it('settles everything when the cluster is closed, and what comes later', () => {
    const hub = clusterOf(1);
    hub.start(1);
    hub.submit(direct('a_0', 0), direct('a_1', 1), balanced('a_2'), balanced('a_3', [0]));
    const ended = settlementsIn(hub.close()).map(({ msgId }) => msgId);
    expect(ended.sort()).toEqual(['a_0', 'a_1', 'a_2', 'a_3']);
    expect(inShort(hub.submit(direct('a_4', 0)))).toEqual([
      'tell a: a_4 EngineError: The cluster was stopped before task f could run.',
    ]);
    expect(inShort(hub.ask({ type: 'start-engines', n: 1 }))).toEqual([
      'tell a: answer 0 EngineError: The cluster has been stopped. Start a new one.',
    ]);
    expect(hub.close()).toEqual([]);
  });

  it('never reports times out of order', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0, { submitted: DAWN + 100 }));
    const facts = { started: DAWN + 50, completed: DAWN + 40, executeResult: null, executionCount: 0 };
    const reply = { msgId: 'a_0' as MsgId, outcome: OK, facts };
    const effects = hub.handle({ type: 'replied', uuid: hub.uuid(0), reply, names: ['x'] });
    expect(settlementsIn(effects)[0]?.facts).toMatchObject({ started: DAWN + 100, completed: DAWN + 100 });
    expect(hub.engines()[0]?.names).toEqual(['x']);
  });
});

describe('story', () => {
  it('tells the life of one task with the causes', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0), direct('a_1', 0));
    hub.reply(0, 'a_0');
    hub.lose(0, 'it crashed');
    const story = hub.hub.story('a_1' as MsgId);
    expect(story.map(({ what, note }) => `${what} ${note ?? ''}`.trim())).toEqual([
      'submitted f',
      'sent',
      'started',
      'engine-lost it crashed',
      'terminate-engine It died: it crashed.',
      'settled error',
      'start-engine generation 2',
    ]);
    expect(new Set(story.map(({ cause }) => cause)).size).toBe(3);
  });

  it('keeps a bounded log', () => {
    const hub = clusterOf(1, { storyLimit: 10 });
    for (let i = 0; i < 100; i++) {
      hub.submit(direct(`a_${String(i)}`, 0));
      hub.reply(0, `a_${String(i)}`);
    }
    expect(hub.hub.story('a_0' as MsgId)).toEqual([]);
    expect(hub.hub.story('a_99' as MsgId).map(({ what }) => what)).toEqual([
      'submitted',
      'sent',
      'replied',
      'settled',
    ]);
  });
});

describe('strangers', () => {
  it('are ignored', () => {
    const hub = clusterOf(1);
    const nobody = 'nobody' as EngineUuid;
    expect(hub.handle({ type: 'engine-ready', uuid: nobody })).toEqual([]);
    expect(hub.handle({ type: 'cleared', uuid: nobody, token: 9 })).toEqual([]);
    expect(hub.reach({ type: 'boot', uuid: nobody })).toEqual([]);
    expect(hub.handle({ type: 'client-disconnected', clientId: 'x' as ClientId })).toEqual([]);
  });
});
