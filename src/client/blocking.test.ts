import { beforeEach, describe, expect, it } from 'vitest';
import { systemTimers } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import type { CallSubmission } from '../protocol/calls.ts';
import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { EngineUuid, MsgId } from '../protocol/ids.ts';
import { KEYS_EXPRESSION } from '../protocol/keys-hook.ts';
import { pack } from '../protocol/pack.ts';
import type { Settlement } from '../protocol/replies.ts';
import type { Submission } from '../protocol/requests.ts';
import { idleEngine } from '../testing/idle-engine.ts';
import type { Blocker } from './blocking.ts';
import { ClientHub, type ControllerPort, type ToClient } from './client-hub.ts';
import { Client } from './client.ts';
import { CompositeError } from './composite-error.ts';
import { KeyboardInterrupt, RemoteError } from './errors.ts';
import { range } from './sequences.ts';

/** A cluster of two that answers only while somebody blocks, in the same thread: what shared memory does for workers. */
class BlockedCluster implements ControllerPort, Blocker {
  readonly posted: ToController[] = [];
  readonly waits: (number | undefined)[] = [];
  isStuck = false;
  /** What `keys` gives, by engine. */
  names: readonly (readonly string[])[] = [];
  interrupted = false;
  flushed = 0;
  #handler: (messages: readonly FromController[]) => void = () => undefined;

  post(message: ToController): void {
    this.posted.push(message);
  }
  flush(): void {
    this.flushed += 1;
  }
  onMessages(handler: (messages: readonly FromController[]) => void): void {
    this.#handler = handler;
  }
  onLost(): void {}
  close(): void {}

  deliver(...messages: FromController[]): void {
    this.#handler(messages);
  }

  wait(until: () => boolean, timeout?: number): null {
    this.waits.push(timeout);
    if (this.interrupted) throw new KeyboardInterrupt('Interrupted');
    while (!until() && !this.isStuck) {
      const message = this.posted.shift();
      if (!message) throw new Error('nothing that could end this wait was posted');
      if (message.type === 'submit') this.#settle(message.submission);
      if (message.type === 'submit-call') this.#settleCall(message.call);
      if (message.type === 'ask') {
        const { clientId, n, question } = message;
        const answer = {
          ok: true,
          value:
            question.type === 'queue-status'
              ? { 0: 'counts' }
              : question.type === 'results'
                ? question.msgIds.map(ofAnother)
                : null,
        } as const;
        this.deliver({ type: 'answer', clientId, n, answer });
      }
    }
    return null;
  }

  /** All at once, each with its number. */
  #settleCall({ clientId, first, count }: CallSubmission): void {
    const numbers = Float64Array.from({ length: count }, (_, i) => first + i);
    const zeros = new Float64Array(count);
    const times = { bytes: zeros, started: zeros, completed: zeros, counts: zeros };
    const ends = { values: numbers, boxed: true, canned: false, ...times };
    const by = { engineId: 0, engineUuid: 'engine-0' as EngineUuid };
    this.deliver({ type: 'items-settled', clientId, ...by, numbers, ends });
  }

  #settle({ msgId, clientId, request, route }: Submission): void {
    const engineId = route.type === 'direct' ? route.engine : 0;
    const engineUuid = `engine-${String(engineId)}` as EngineUuid;
    const facts = { started: 1, completed: 2, executeResult: null, executionCount: 0 };
    const info = { engineId, engineUuid, method: request.method };
    const fails = request.method === 'execute' && request.code.source.startsWith('throw');
    const error = { ename: 'Error', evalue: 'no', traceback: [], frames: [], engineInfo: info };
    const isKeys = request.method === 'pull' && request.names === KEYS_EXPRESSION;
    const value = isKeys
      ? this.names[engineId]
      : request.method === 'pull'
        ? `${String(request.names)}@${String(engineId)}`
        : request.method;
    const outcome: Settlement['outcome'] = fails
      ? { status: 'error', error }
      : { status: 'ok', value: pack(request.method === 'map' ? [value] : value) };
    this.deliver({ type: 'settled', clientId, settlement: { msgId, outcome, facts, engineId, engineUuid } });
  }
}

let cluster: BlockedCluster;
let strays: ToClient[];
let rc: Client;

function ofAnother(msgId: MsgId): Settlement {
  return {
    msgId,
    outcome: { status: 'ok', value: pack('of another') },
    facts: { started: 1, completed: 2, executeResult: null, executionCount: 0 },
    engineId: 0,
    engineUuid: 'engine-0' as EngineUuid,
    shown: [{ type: 'stream', name: 'stdout', text: 'hey\n' }],
  };
}

interface Shown {
  readonly toString: () => string;
}

let hub: ClientHub;
const environment = () => ({
  hub,
  clock: { now: () => 0 },
  timers: systemTimers,
  random: seededRandom(1),
  blocker: cluster,
  onStray: (message: ToClient) => strays.push(message),
});

beforeEach(() => {
  cluster = new BlockedCluster();
  strays = [];
  hub = new ClientHub(cluster);
  rc = new Client(environment());
  cluster.deliver({ type: 'engines', engines: [idleEngine(0), idleEngine(1)] });
});

describe('blocking calls', () => {
  it('methods ending in Sync return the plain value', () => {
    expect(rc.slice().applySync(() => 1)).toEqual(['apply', 'apply']);
    expect(rc.at(1).applySync(() => 1)).toBe('apply');
    expect(rc.loadBalancedView().mapSync((x) => x, [1, 2])).toEqual(['map', 'map']);
    expect(cluster.flushed).toBeGreaterThan(0);
  });

  it('views with block return plain values, for one call or for all', () => {
    const dview = rc.slice();
    expect(dview.pull('a', { block: true })).toEqual(['a@0', 'a@1']);
    dview.block = true;
    expect(dview.apply(() => 1)).toEqual(['apply', 'apply']);
    expect(dview.map((x) => x, [1])).toEqual(['map']);
    expect(dview.push({ a: 1 })).toEqual(['push', 'push']);
    expect(dview.scatter('a', [1, 2])).toEqual(['push', 'push']);
    expect(dview.applyAsync(() => 1).ready()).toBe(false);
  });

  it('C.94 reading a variable always blocks, setting one only if the view does', () => {
    const dview = rc.slice();
    expect(dview['a']).toEqual(['a@0', 'a@1']);
    expect(dview.ns['apply']).toEqual(['apply@0', 'apply@1']);
    const waits = cluster.waits.length;
    dview['a'] = 5;
    expect(cluster.waits.length).toBe(waits);
    dview.block = true;
    dview['a'] = 5;
    expect(cluster.waits.length).toBe(waits + 1);
  });

  it('48 in, delete and the names of ns block, and ask the engines', () => {
    const dview = rc.slice();
    cluster.names = [
      ['q', 'w'],
      ['q', 'x'],
    ];
    expect(['q' in dview, 'w' in dview, 'apply' in dview, 'then' in dview]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(['q' in dview.ns, 'w' in dview.ns, Object.keys(dview.ns)]).toEqual([true, false, ['q']]);
    expect({ ...dview.ns }).toEqual({ q: ['q@0', 'q@1'] });
    expect([String(dview.ns as unknown as Shown), JSON.stringify(dview.ns)]).toEqual([
      '<Namespace of <DirectView [0, 1]>>',
      '"<Namespace of <DirectView [0, 1]>>"',
    ]);
    dview.block = true;
    expect(delete dview['q']).toBe(true);
    expect(delete dview.ns['q']).toBe(true);
    expect(() => Reflect.deleteProperty(dview, 'apply')).toThrow("'apply' is a name of the API");
  });

  it('44 a blocked thread hears results of other clients', () => {
    const [msgId] = rc.at(0).apply(() => 1).msgIds;
    const other = new Client({ ...environment(), random: seededRandom(2) });
    cluster.deliver({ type: 'engines', engines: [idleEngine(0), idleEngine(1)] });
    const far = other.getResult(msgId ?? '');
    expect(other.waitSync(far, 5)).toBe(true);
    expect(far.getSync()).toBe('of another');
    expect(far.stdout).toBe('hey\n');
  });

  it('B.72 a blocking execute waits, raises, and returns its finished result', () => {
    const dview = rc.slice().setFlags({ block: true });
    const ar = dview.execute('1');
    expect([ar.ready(), String(ar)]).toEqual([true, '<AsyncResult: execute>']);
    expect(() => dview.execute('throw 1')).toThrow(CompositeError);
    expect(() => rc.at(0).execute('throw 1', { block: true })).toThrow(RemoteError);
  });

  it('r, result and a plain for block, each for as long as it must', () => {
    const ar = rc.slice().apply(() => 1);
    expect(ar.r).toEqual(['apply', 'apply']);
    expect(ar.result).toEqual(ar.r);
    const waits = cluster.waits.length;
    expect(waits).toBe(1);
    expect(Array.from(ar as Iterable<unknown>)).toEqual(['apply', 'apply']);
    expect(cluster.waits.length).toBe(waits);
    const mapped = rc.loadBalancedView().map((x) => x, [1, 2, 3]);
    const readiness: boolean[] = [];
    for (const item of mapped) readiness.push((item as unknown) === 'map' && mapped.ready());
    expect(readiness).toEqual([false, false, true]);
  });

  it('calls of many tasks block as others do', () => {
    const lview = rc.loadBalancedView();
    const numbers = range(9).map((i) => i + 1);
    const items = range(9);
    expect(lview.mapSync((x) => x, items)).toEqual(numbers);
    const ar = lview.map((x) => x, items);
    expect(Array.from(ar)).toEqual(numbers.map((n) => n + 9));
    expect(lview.map((x) => x, items).r).toEqual(numbers.map((n) => n + 18));
    cluster.isStuck = true;
    expect(() => lview.map((x) => x, items).getSync(0.5)).toThrow('Result not ready.');
  });

  it('give up in time, in seconds', () => {
    cluster.isStuck = true;
    const ar = rc.at(0).apply(() => 1);
    expect(() => ar.getSync(1.5)).toThrow('Result not ready.');
    expect(ar.waitSync(0.5)).toBe(false);
    expect(rc.waitSync(null, 2)).toBe(false);
    expect(cluster.waits).toEqual([1.5, 0.5, 2]);
  });

  it('let an interrupt through, and the result can still be had', () => {
    const ar = rc.at(0).apply(() => 1);
    cluster.interrupted = true;
    expect(() => ar.r).toThrow(KeyboardInterrupt);
    cluster.interrupted = false;
    expect(ar.r).toBe('apply');
  });

  it('questions to the controller: clear and queueStatus, by name, and on views that block', () => {
    const dview = rc.slice();
    dview.clearSync();
    rc.clearSync();
    rc.clearSync(1);
    expect(cluster.waits).toHaveLength(3);
    expect(dview.queueStatusSync()).toEqual({ 0: 'counts' });
    expect([rc.queueStatusSync(), rc.queueStatusSync({ targets: 0 })]).toEqual([{ 0: 'counts' }, 'counts']);
    expect(dview.queueStatus()).toBeInstanceOf(Promise);
    dview.block = true;
    expect([dview.queueStatus(), dview.clear()]).toEqual([{ 0: 'counts' }, null]);
    expect(() => rc.queueStatusSync({ targets: 7 })).toThrow('No such engine: 7');
  });

  it('imports on engines; here only with await, and it says so', () => {
    const dview = rc.slice();
    dview.syncImportsSync(['d3', 'a/b'], { local: false });
    expect(cluster.waits).toHaveLength(2);
    expect(() => {
      dview.syncImportsSync('d3');
    }).toThrow(/Use `await view\.syncImports\(modules\)`/);
  });

  it('an exception in an assignment with block is thrown there', () => {
    const dview = rc.slice().setFlags({ block: true });
    expect(() => (dview['a'] = Symbol('x'))).toThrow(/cannot be sent/);
  });
});

describe('messages', () => {
  it('about tasks of nobody are handed on, and a second settlement changes nothing', () => {
    const ar = rc.at(0).apply(() => 1);
    const submitted = cluster.posted.find(({ type }) => type === 'submit');
    expect(ar.r).toBe('apply');
    const facts = { started: 1, completed: 2, executeResult: null, executionCount: 0 };
    const settlement: Settlement = {
      msgId: ar.msgId,
      outcome: { status: 'aborted', reason: 'late' },
      facts,
      engineId: 0,
      engineUuid: null,
    };
    cluster.deliver({ type: 'settled', clientId: rc.clientId, settlement });
    expect(ar.status).toBe('ok');
    expect(strays).toHaveLength(1);
    expect(submitted).toMatchObject({
      type: 'submit',
      submission: { msgId: ar.msgId, route: { engine: 0 } },
    });
  });

  it('a call on several engines shares one request object', () => {
    rc.slice().applyAsync((x: Float64Array) => x, new Float64Array(8));
    const [first, second] = cluster.posted.flatMap((message) =>
      message.type === 'submit' ? message.submission : [],
    );
    expect(first?.request).toBe(second?.request);
    expect(first?.msgId).not.toBe(second?.msgId);
  });

  it('a value that cannot be revived is the result’s error', async () => {
    const ar = rc.at(0).apply(() => 1);
    const value = pack(() => 1);
    const broken = { ...value, value: { ...(value.value as object), source: 'not ( a function' } };
    const facts = { started: 1, completed: 2, executeResult: null, executionCount: 0 };
    const outcome = { status: 'ok', value: broken } as const;
    const settlement = { msgId: ar.msgId, outcome, facts, engineId: 0, engineUuid: null };
    cluster.deliver({ type: 'settled', clientId: rc.clientId, settlement });
    await expect(ar).rejects.toThrow(SyntaxError);
  });
});
