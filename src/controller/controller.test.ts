import { afterEach, describe, expect, it } from 'vitest';
import { systemClock, type Timers } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import type { CallSubmission } from '../protocol/calls.ts';
import type { EngineState, FromController, ToController } from '../protocol/client-messages.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import { MsgId, type ClientId } from '../protocol/ids.ts';
import { pack } from '../protocol/pack.ts';
import type { EngineRequest } from '../protocol/requests.ts';
import { NO_TERMS } from '../protocol/terms.ts';
import { linkPair, type InProcessLink } from '../testing/in-process-link.ts';
import { apply, balanced, direct, endsOf, ofOutcome, packed } from '../testing/hub-fixture.ts';
import { Controller, type ControllerSetup } from './controller.ts';
import type { EngineSpec } from './engine-desk.ts';

/** An engine's side of its link: replies to what it gets, in order, unless it `hangs`. */
class FakeEngine {
  readonly spec: EngineSpec;
  readonly link: InProcessLink<ToEngine, FromEngine>;
  readonly batches: (readonly ToEngine[])[] = [];
  hangs = false;
  isGone = false;

  constructor(spec: EngineSpec, link: InProcessLink<ToEngine, FromEngine>) {
    this.spec = spec;
    this.link = link;
    link.onMessages((batch) => {
      this.batches.push(batch);
      for (const message of batch) this.#hear(message);
    });
    link.onLost(() => {
      this.isGone = true;
    });
  }

  get heard(): ToEngine[] {
    return this.batches.flat();
  }

  /** The first buffer of each request, as it arrived. */
  get buffers(): ArrayBuffer[] {
    return this.heard.flatMap((message) =>
      message.type === 'request' && message.request.method === 'apply' ? message.request.call.buffers : [],
    );
  }

  #hear(message: ToEngine): void {
    if (message.type === 'welcome') this.link.post({ type: 'ready', bootMs: 1 });
    if (message.type === 'clear') this.link.post({ type: 'cleared', token: message.token });
    if (message.type === 'items') {
      const { client, first, items } = message;
      this.link.post({
        type: 'items-done',
        client,
        first,
        ends: endsOf(items.bytes.length, systemClock.now()),
      });
    }
    if (message.type !== 'request') return;
    const { msgId } = message;
    if (this.hangs) return;
    this.link.post({ type: 'event', msgId, event: { type: 'stream', name: 'stdout', text: `${msgId}\n` } });
    const now = systemClock.now();
    const facts = { started: now, completed: now, executeResult: null, executionCount: 1 };
    const outcome = { status: 'ok', value: packed(this.spec.id) } as const;
    this.link.post({ type: 'reply', reply: { msgId, outcome, facts }, names: ['x'] });
  }
}

class FakeTimers implements Timers {
  readonly set: { readonly delay: number; readonly callback: () => void }[] = [];

  after(delay: number, callback: () => void): () => void {
    const timer = { delay, callback };
    this.set.push(timer);
    return () => {
      this.#remove(timer);
    };
  }

  reach(delay: number): void {
    const timer = this.set.find((one) => one.delay === delay);
    if (timer === undefined) throw new Error(`no timer of ${String(delay)} s`);
    this.#remove(timer);
    timer.callback();
  }

  #remove(timer: (typeof this.set)[number]): void {
    const place = this.set.indexOf(timer);
    if (place >= 0) this.set.splice(place, 1);
  }
}

class Scene {
  readonly engines: FakeEngine[] = [];
  readonly notices: string[] = [];
  readonly timers = new FakeTimers();
  readonly controller: Controller;
  list: readonly EngineState[] = [];

  constructor(rest: Partial<ControllerSetup> = {}) {
    this.controller = new Controller({
      launch: (spec) => {
        const [mine, theirs] = linkPair<FromEngine, ToEngine>();
        this.engines.push(new FakeEngine(spec, theirs));
        return mine;
      },
      clock: systemClock,
      timers: this.timers,
      random: seededRandom(7),
      onEngines: (engines) => {
        this.list = engines;
      },
      onNotice: (_level, text) => this.notices.push(text),
      ...rest,
    });
  }

  client(...names: string[]): FakeClient {
    const [theirs, mine] = linkPair<FromController, ToController>();
    this.controller.attachClient(mine);
    for (const name of names) theirs.post({ type: 'connect', clientId: name as ClientId });
    return new FakeClient(theirs);
  }
}

class FakeClient {
  readonly link: InProcessLink<FromController, ToController>;
  readonly batches: (readonly FromController[])[] = [];
  #check: () => void = () => undefined;

  constructor(link: InProcessLink<FromController, ToController>) {
    this.link = link;
    link.onMessages((batch) => {
      this.batches.push(batch);
      this.#check();
    });
  }

  get heard(): FromController[] {
    return this.batches.flat();
  }

  get outcomes(): Record<string, string> {
    return Object.fromEntries(
      this.heard.flatMap((message) => {
        if (message.type === 'items-settled')
          return Array.from(message.numbers, (n) => [MsgId.create(message.clientId, n), 'ok']);
        return message.type === 'settled'
          ? [[message.settlement.msgId, ofOutcome(message.settlement.outcome)]]
          : [];
      }),
    );
  }

  until(condition: (client: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#check = () => {
        if (condition(this)) resolve();
      };
      this.#check();
    });
  }

  settled(n: number): Promise<void> {
    return this.until((client) => Object.keys(client.outcomes).length >= n);
  }
}

/** Of so many tasks, from a_5 on. */
function callOf(count: number): CallSubmission {
  const call = pack({ f: (x: number) => x, columns: [] }).value as { readonly f: unknown };
  const columns = [Float64Array.from({ length: count }, (_, i) => i)];
  const bytes = new Float64Array(count);
  return {
    ...{ clientId: 'a' as ClientId, first: 5, count, label: null, submitted: 1000, runId: null },
    route: { type: 'balanced', targets: null, share: 'a/1', terms: { ...NO_TERMS, retries: 2, priority: 1 } },
    items: {
      ...{ method: 'map', name: 'f', returnExceptions: false, canned: true },
      ...{ f: call.f, columns, bytes },
    },
  };
}

const after = { msgIds: ['a_0'], all: true, success: true, failure: false };
const route = (terms: object) => ({
  route: { type: 'balanced', targets: null, terms: { ...NO_TERMS, ...terms } },
});
const items = (part: object) => ({ items: { ...callOf(3).items, ...part } });

/** Parts that make a call none. */
const BAD_CALLS: readonly object[] = [
  { clientId: 5 },
  { first: -1 },
  { first: 0.5 },
  { first: Number.MAX_SAFE_INTEGER },
  { count: 0 },
  { count: 4 },
  { count: 1e12 },
  { count: NaN },
  { count: '3' },
  { label: {} },
  { submitted: 'now' },
  { runId: 5 },
  { route: { type: 'direct', engine: 0 } },
  { route: { type: 'balanced', targets: 'all' } },
  ...[{ after }, { follow: after }, { timeout: 1 }, { runTimeout: 1 }, { conditional: true }].map(route),
  { route: { type: 'balanced', targets: null, terms: null } },
  { items: null },
  ...[{ method: 'execute' }, { name: 5 }, { canned: 1 }, { returnExceptions: 'no' }].map(items),
  ...[{ f: null }, { columns: [[1, 2]] }, { columns: {} }, { bytes: [0, 0, 0] }].map(items),
];

const turns = async (n = 6) => {
  for (let i = 0; i < n; i++) await new Promise<void>((resolve) => void setImmediate(resolve));
};

describe('Controller', () => {
  let scene: Scene;
  afterEach(() => {
    scene.controller.validate();
    scene.controller.close();
    scene.controller.validate();
    expect(scene.timers.set).toEqual([]);
  });

  it('starts engines and tells when they are ready', async () => {
    scene = new Scene();
    expect(await scene.controller.startEngines(2)).toEqual([0, 1]);
    expect(scene.list.map(({ id, status }) => [id, status])).toEqual([
      [0, 'idle'],
      [1, 'idle'],
    ]);
    expect(scene.engines[1]?.heard[0]).toEqual({
      type: 'welcome',
      engineId: 1,
      engineUuid: scene.engines[1]?.spec.uuid,
      interruptFlag: { buffer: expect.any(SharedArrayBuffer) as SharedArrayBuffer },
      slate: expect.any(SharedArrayBuffer) as SharedArrayBuffer,
      claims: expect.any(SharedArrayBuffer) as SharedArrayBuffer,
    });
  });

  it('carries requests there and output and results back, in order', async () => {
    scene = new Scene();
    await scene.controller.startEngines(2);
    const client = scene.client('a');
    for (const submission of [direct('a_0', 1), balanced('a_1')])
      client.link.post({ type: 'submit', submission });
    await client.settled(2);
    const about = (msgId: string) =>
      client.heard.flatMap((message) => {
        if (message.type === 'settled') return message.settlement.msgId === msgId ? ['settled'] : [];
        return 'msgId' in message && message.msgId === (msgId as MsgId) ? [message.type] : [];
      });
    expect(about('a_0')).toEqual(['event', 'settled']);
    expect(about('a_1')).toEqual(['assigned', 'event', 'settled']);
    expect(client.batches[0]?.map(({ type }) => type)).toContain('engines');
  });

  it('takes in a call of many tasks as its tasks, from a client that comes with it', async () => {
    scene = new Scene();
    await scene.controller.startEngines(2);
    const client = scene.client();
    client.link.post({ type: 'submit', submission: balanced('a_0') });
    client.link.post({ type: 'submit-call', call: callOf(3) });
    await client.settled(4);
    expect(client.outcomes).toEqual({ a_0: 'ok', a_5: 'ok', a_6: 'ok', a_7: 'ok' });
  });

  it('sends all requests of one turn as one message per engine', async () => {
    scene = new Scene();
    await scene.controller.startEngines(2);
    const client = scene.client('a');
    for (let i = 0; i < 10; i++)
      client.link.post({ type: 'submit', submission: direct(`a_${String(i)}`, i % 2) });
    await client.settled(10);
    for (const { batches } of scene.engines) expect(batches.map((batch) => batch.length)).toEqual([1, 5]);
    const settlements = client.batches.map((batch) => batch.filter(({ type }) => type === 'settled').length);
    expect(settlements.filter((n) => n > 0)).toEqual([5, 5]);
  });

  it('keeps several clients on one link apart, and tells each link of the engines once', async () => {
    scene = new Scene();
    await scene.controller.startEngines(1);
    const both = scene.client('a', 'b');
    const other = scene.client('c');
    both.link.post({ type: 'submit', submission: direct('a_0', 0) });
    both.link.post({ type: 'submit', submission: direct('b_0', 0) });
    other.link.post({ type: 'submit', submission: direct('c_0', 0) });
    await both.settled(2);
    await other.settled(1);
    expect(Object.keys(both.outcomes)).toEqual(['a_0', 'b_0']);
    expect(both.batches[0]?.map(({ type }) => type)).toEqual(['engines']);
  });

  it('moves buffers when one engine gets them, and gives each engine its own when several do', async () => {
    scene = new Scene();
    await scene.controller.startEngines(2);
    const client = scene.client('a');
    const bytes = new Uint8Array([1, 2, 3]).buffer;
    const request: EngineRequest = apply([bytes]);
    // Engine 1 has been posted to before engine 0 in this turn, so its link sends first.
    client.link.post({ type: 'submit', submission: direct('a_0', 1) });
    for (const [n, id] of [0, 1, 0, 0].entries()) {
      client.link.post({ type: 'submit', submission: direct(`a_${String(n + 1)}`, id, { request }) }, [
        bytes,
      ]);
    }
    await client.settled(5);
    const [first, second] = scene.engines;
    const all = [...(first?.buffers ?? []), ...(second?.buffers ?? [])];
    expect(all.map((buffer) => [...new Uint8Array(buffer)])).toEqual(Array(4).fill([1, 2, 3]));
    expect(new Set(all).size).toBe(4);
  });

  it('drops what a lost client had queued, and reports the rest to nobody', async () => {
    scene = new Scene();
    await scene.controller.startEngines(1);
    const engine = scene.engines[0]!;
    engine.hangs = true;
    const client = scene.client('a');
    for (const n of [0, 1]) client.link.post({ type: 'submit', submission: balanced(`a_${String(n)}`) });
    await client.until(({ heard }) => heard.some(({ type }) => type === 'assigned'));
    client.link.lose('the page is gone');
    await turns();
    const status = await scene.controller.ask({ type: 'queue-status', engines: null });
    expect(status).toEqual({ 0: { queue: 0, completed: 0, tasks: 1 }, unassigned: 0 });
  });

  it('K.236 notices a death at once, fails the running task and starts the engine anew', async () => {
    scene = new Scene();
    await scene.controller.startEngines(1);
    const engine = scene.engines[0]!;
    engine.hangs = true;
    const client = scene.client('a');
    client.link.post({ type: 'submit', submission: direct('a_0', 0) });
    await client.until(() => engine.heard.length === 2 || engine.isGone);
    engine.link.flush();
    engine.link.lose('out of memory');
    await client.settled(1);
    expect(client.outcomes['a_0']).toBe('EngineError: Engine 0 died while running task f: out of memory.');
    client.link.post({ type: 'submit', submission: direct('a_1', 0) });
    await client.settled(2);
    expect(client.outcomes['a_1']).toBe('ok');
    expect(scene.engines.map(({ spec }) => spec.generation)).toEqual([1, 2]);
    expect(scene.notices).toHaveLength(1);
  });

  it('N.290 terminates a task that does not obey an interrupt within the grace', async () => {
    scene = new Scene({ options: { grace: 0.5 } });
    await scene.controller.startEngines(1);
    const engine = scene.engines[0]!;
    engine.hangs = true;
    const client = scene.client('a');
    client.link.post({ type: 'submit', submission: direct('a_0', 0) });
    await turns();
    scene.controller.interruptEngines(null);
    await turns();
    expect(engine.heard.at(-1)).toEqual({ type: 'interrupt', msgId: 'a_0' });
    scene.timers.reach(0.5);
    await client.settled(1);
    expect(client.outcomes['a_0']).toContain('did not stop within 0.5 s');
    expect(engine.isGone).toBe(true);
  });

  it('takes an exit for a death', async () => {
    scene = new Scene();
    await scene.controller.startEngines(1);
    scene.engines[0]!.link.post({ type: 'exit', reason: 'close() was called' });
    await turns();
    expect(scene.notices[0]).toContain('close() was called');
    expect(scene.engines[0]!.isGone).toBe(true);
  });

  it('gives up engines that cannot be launched', async () => {
    scene = new Scene({
      launch: () => {
        throw new Error('no workers here');
      },
    });
    await expect(scene.controller.startEngines(1)).rejects.toMatchObject({
      name: 'EngineError',
      message: 'Engine 0 could not be started.',
    });
    expect(scene.notices.at(-1)).toContain('it could not be launched: no workers here.');
  });

  it('T.373 restarts and stops engines', async () => {
    scene = new Scene();
    await scene.controller.startEngines(2);
    await scene.controller.restartEngines([1]);
    expect(scene.list.map(({ id, generation, status }) => [id, generation, status])).toEqual([
      [0, 1, 'idle'],
      [1, 2, 'idle'],
    ]);
    await scene.controller.stopEngines([0]);
    expect(scene.list.find(({ id }) => id === 0)).toMatchObject({ status: 'dead', death: 'It was stopped.' });
    await expect(scene.controller.stopEngines([0])).rejects.toMatchObject({ name: 'IndexError' });
  });

  it('gets libraries for engines, and says when there is none', async () => {
    const known = new Map([['d3', 'export {}']]);
    scene = new Scene({
      readLibrary: async (name) => {
        const source = known.get(name);
        if (source === undefined) throw new Error('unknown');
        return { ok: true, source };
      },
    });
    await scene.controller.startEngines(1);
    const engine = scene.engines[0]!;
    engine.link.post({ type: 'need-library', name: 'd3' });
    engine.link.post({ type: 'need-library', name: 'd4' });
    await turns();
    expect(engine.heard.filter(({ type }) => type === 'library')).toEqual([
      { type: 'library', name: 'd3', module: { ok: true, source: 'export {}' } },
      { type: 'library', name: 'd4', module: { ok: false, reason: 'Error: unknown' } },
    ]);
  });

  it('survives whatever user code posts on its channel', async () => {
    scene = new Scene();
    await scene.controller.startEngines(1);
    const client = scene.client('a');
    const forged: unknown[] = [
      null,
      'hello',
      {},
      { type: 'reply' },
      { type: 'reply', reply: { msgId: 'a_0', outcome: { status: 'ok' }, facts: {} } },
      {
        type: 'reply',
        reply: { msgId: 'a_0', outcome: { status: 'ok', value: { bytes: 1, buffers: [1] } } },
      },
      { type: 'event', msgId: 'a_0' },
      { type: 'items-done', client: 'a', first: 0, ends: {} },
      { type: 'items-done', client: 'a', first: 0, ends: { ...endsOf(2, 5), bytes: [1, 2] } },
      { type: 'items-done', client: 'a', first: -1, ends: endsOf(2, 5) },
      { type: 'items-done', client: 'a', first: 0, ends: endsOf(0, 5) },
      { type: 'items-done', client: 'a', first: 0, ends: endsOf(2, 5) },
      { type: 'returned', spans: [{ client: 'a', first: 0, count: 1e12 }] },
      { type: 'returned', spans: [{ client: 'a', first: 0, count: 3 }] },
      { type: 'names', names: 'all' },
      { type: 'submit', submission: { msgId: 'a_9' } },
      { type: 'submit', submission: { ...direct('a_9', 0), route: { type: 'balanced' } } },
      { type: 'submit-call', call: null },
      ...BAD_CALLS.map((part) => ({ type: 'submit-call', call: { ...callOf(3), ...part } })),
      { type: 'ask', clientId: 'a', n: 1, question: { type: 'clear', engines: 3 } },
      { type: 'abort', msgIds: 'all' },
    ];
    for (const message of forged) {
      scene.engines[0]!.link.post(message as FromEngine);
      client.link.post(message as ToController);
    }
    client.link.post({ type: 'submit', submission: direct('a_70', 0) });
    await client.until(({ outcomes }) => outcomes['a_70'] !== undefined);
    expect(client.outcomes['a_70']).toBe('ok');
    expect(Object.values(client.outcomes).filter((outcome) => outcome === 'ok')).toHaveLength(1);
  });

  it('says of a request that it cannot read that it cannot, for whoever waits for it', async () => {
    scene = new Scene();
    await scene.controller.startEngines(1);
    const client = scene.client('a');
    const odd: unknown[] = [
      { type: 'submit', submission: { ...direct('a_1', 0), label: 5 } },
      { type: 'submit-call', call: { ...callOf(3), label: {} } },
      { type: 'resubmit', clientId: 'a', tasks: [{ from: 'a_1', to: 'a_2' }], submitted: 'now', runId: null },
      { type: 'ask', clientId: 'a', n: 7, question: { type: 'clear', engines: 3 } },
    ];
    for (const message of odd) client.link.post(message as ToController);
    await client.settled(5);
    expect(Object.keys(client.outcomes)).toEqual(['a_1', 'a_5', 'a_6', 'a_7', 'a_2']);
    expect(new Set(Object.values(client.outcomes))).toEqual(
      new Set([
        'TypeError: The controller cannot read this request: one of its options has a value of the wrong kind.',
      ]),
    );
    expect(client.heard).toContainEqual(
      expect.objectContaining({
        type: 'answer',
        n: 7,
        answer: expect.objectContaining({ ok: false }) as object,
      }),
    );
  });

  it('settles what is pending when it is closed', async () => {
    scene = new Scene();
    await scene.controller.startEngines(1);
    scene.engines[0]!.hangs = true;
    const client = scene.client('a');
    for (const submission of [direct('a_0', 0), balanced('a_1')])
      client.link.post({ type: 'submit', submission });
    await turns();
    scene.controller.close();
    await client.settled(2);
    expect(client.outcomes).toEqual({
      a_0: 'EngineError: The cluster was stopped while engine 0 was running task f.',
      a_1: 'EngineError: The cluster was stopped before task f could run.',
    });
    expect(scene.controller.story('a_0' as MsgId).at(-1)?.what).toBe('settled');
  });
});
