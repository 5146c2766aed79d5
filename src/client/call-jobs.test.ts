import { afterEach, expect, it, vi } from 'vitest';
import { functionFrom } from '../base/function-from.ts';
import type { Ends } from '../protocol/calls.ts';
import type { WireError } from '../protocol/errors.ts';
import type { ClientId, EngineUuid } from '../protocol/ids.ts';
import type { Output } from '../protocol/outputs.ts';
import { pack, plainReviver } from '../protocol/pack.ts';
import { NEVER_RAN, type Outcome } from '../protocol/replies.ts';
import { closeClusters, testCluster, type TestCluster } from '../testing/test-cluster.ts';
import { AsyncResult } from './async-result/async-result.ts';
import { CallJobs } from './call-jobs.ts';
import { ClientHub } from './client-hub.ts';
import type { Client } from './client.ts';
import type { Job } from './job.ts';
import { STRANGER } from './request-facts.ts';
import { range } from './sequences.ts';
import type { LoadBalancedView } from './views/load-balanced-view.ts';

declare const engine: { readonly id: number };
declare function sleep(seconds: number): Promise<void>;
declare function publishData(data: object): void;
declare function progress(done: number, total: number): void;

afterEach(closeClusters);

const reviver = plainReviver((source, name) => functionFrom(source, name));

/** What is asked of a map has one answer, whether its tasks travel as one call or one by one. */
interface Asked {
  readonly rc: Client;
  readonly lview: LoadBalancedView;
  readonly cluster: TestCluster;
}

const square = (x: number) => x * x;
const threeFail = (x: number) => {
  if (x % 3 === 2) throw new RangeError(`no ${String(x)}`);
  return [x];
};
const talks = (x: number) => {
  console.log(`at ${String(x)}`);
  if (x === 3) publishData({ x });
  return x;
};
const slow = (x: number) => sleep(x < 9 ? 0.01 : 0.05).then(() => x);
const STUCK = 12;
/** The first ones of two engines stay until they are told. */
const stuck = (x: number) => (x < 2 ? sleep(60) : x);

const messageOf = async (promise: PromiseLike<unknown>) => {
  try {
    return await promise;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message.replace(/\d+ errors?/, '… errors').replace(/\[\d:/, '[')}`;
  }
};
const errorNames = (list: readonly unknown[]) =>
  list.map((one) => (one instanceof Error ? one.message : one));
const countsOf = (ids: Iterable<unknown>) => new Set(ids).size;

const ASKED: Readonly<Record<string, (asked: Asked) => unknown>> = {
  'the list': async ({ lview }) => {
    const ar = lview.map(square, range(12));
    const before = [ar.length, ar.progress, ar.ready(), ar.msgIds.length];
    return [before, await ar, await ar.get(), ar.progress, ar.successful(), ar.at(-1), ar.slice(2, 4)];
  },
  'asked twice, it is the same list, and what is done to it does no harm': async ({ lview }) => {
    const ar = lview.map(square, range(12));
    const list = await ar;
    list[0] = 77;
    return [list === (await ar.get()), ar.jobs[0]?.value, await ar.split()[0]];
  },
  'values that are not plain': async ({ lview }) => {
    const ar = lview.map((x: number) => [new Map([[x, new Date(x)]]), (y: number) => x + y], range(9));
    return (await ar).map(([map, f]) => [map, (f as (y: number) => number).name]);
  },
  'large values': async ({ lview }) => {
    const list = await lview.map((x: number) => new Float64Array(5000).fill(x), range(9));
    return list.map((array) => [array.length, array[7]]);
  },
  facts: async ({ lview }) => {
    const ar = lview.with({ label: 'mine', retries: 1 }).map(square, range(9));
    await ar;
    const { status, label, after, executeInput, error, stdout, outputs } = ar;
    const times = ar.metadata.map(({ submitted, started, completed, received }) =>
      [submitted, started, completed, received].every((time) => time instanceof Date),
    );
    const places = ar.engineId.every((id) => id === 0 || id === 1) && countsOf(ar.engineUuid) <= 2;
    const meta = ar.metadata.map(({ method, executionCount }) => [method, typeof executionCount]);
    return [
      status,
      label,
      after,
      executeInput,
      error,
      stdout,
      outputs,
      times,
      places,
      meta,
      ar.meta('status'),
    ];
  },
  durations: async ({ lview }) => {
    const ar = lview.map((x: number) => sleep(0.01).then(() => x), range(10));
    await ar;
    const span = ar.timedelta(ar.submitted, ar.received);
    return [
      ar.serialTime > 0.08,
      ar.wallTime >= 0.04,
      ar.speedup > 0.5,
      ar.elapsed === ar.wallTime,
      span > 0,
    ];
  },
  failures: async ({ lview }) => {
    const ar = lview.map(threeFail, range(12));
    const error = await messageOf(ar);
    const errors = errorNames(await ar.get({ returnExceptions: true }));
    return [
      error,
      errors,
      ar.progress,
      ar.successful(),
      errorNames(ar.error),
      await messageOf(ar.exception()),
    ];
  },
  'failures that were asked for': async ({ lview }) =>
    errorNames(await lview.map(threeFail, range(12), { returnExceptions: true })),
  'the failed ones again': async ({ lview }) => {
    const ar = lview.map(threeFail, range(12));
    await ar.wait();
    const again = ar.resubmitFailed();
    return [await messageOf(again), again.length, errorNames(await again.get({ returnExceptions: true }))];
  },
  'what was printed, displayed and published': async ({ lview, cluster }) => {
    const ar = lview.map(talks, range(10));
    const stream: string[] = [];
    const sink = (event: { readonly type: string; readonly text?: string }) =>
      void stream.push(event.text ?? '');
    const streaming = ar.streamOutput(sink);
    await ar;
    streaming[Symbol.dispose]();
    ar.displayOutputs();
    const shown = cluster.shown.map((output: Output) => ('text' in output ? output.text : output.type));
    return [
      ar.stdout,
      ar.data,
      stream.filter((text) => text !== '').sort(),
      shown,
      ar.collectOutputs().length,
    ];
  },
  'items as they come, in order and not': async ({ lview }) => {
    const ordered: number[] = [];
    for await (const x of lview.map(slow, range(12))) ordered.push(x);
    const unordered: number[] = [];
    for await (const x of lview.map(slow, range(12), { ordered: false })) unordered.push(x);
    const late: unknown[] = [];
    const failing = lview.map(threeFail, range(12));
    const iterate = async () => {
      for await (const x of failing) late.push(x);
    };
    return [ordered, unordered.toSorted((a, b) => a - b), await messageOf(iterate()), late];
  },
  'iterating what is there': async ({ lview }) => {
    const ar = lview.map(square, range(9), { ordered: false });
    await ar;
    const items: number[] = [];
    for await (const x of ar) items.push(x);
    return [Array.from(ar as Iterable<number>).sort(), items.sort()];
  },
  'until the first, the first failure, a time': async ({ lview }) => {
    const ar = lview.map(slow, range(12));
    const { done, pending } = await ar.wait({ returnWhen: 'FIRST_COMPLETED' });
    const inTime = await ar.wait(0.001);
    const failing = lview.map(threeFail, range(12));
    const first = await messageOf(failing.get({ returnWhen: 'FIRST_EXCEPTION' }));
    return [done.size > 0, done.size + pending.size, inTime, /no \d/.test(String(first)), await ar];
  },
  'told when it is done': async ({ lview }) => {
    const told: unknown[] = [];
    const ar = lview.map(square, range(9));
    ar.onSettled((error) => told.push(error));
    ar.addDoneCallback((result) => told.push(result === ar));
    await ar;
    ar.onSettled(() => told.push('at once'));
    return told;
  },
  'a bar': async ({ lview }) => {
    const ar = lview.map((x: number) => {
      progress(x, 12);
      return x;
    }, range(12));
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await ar.waitInteractive();
    const [last] = log.mock.calls.at(-1) as [string];
    log.mockRestore();
    return /12\/12 tasks .* e0: \d+, e1: \d+/.test(last);
  },
  'an early end': async ({ lview }) => {
    const ar = lview.map((x: number) => sleep(0.005).then(() => x), range(40), { stopOn: (x) => x === 4 });
    const list = await ar;
    return [list.includes(4), list.length < 40, ar.length];
  },
  'an early end by a failure': async ({ lview }) => {
    const ar = lview.map(threeFail, range(30), { stopOn: 'error' });
    return String(await messageOf(ar)).includes('no 2');
  },
  'aborted, what has not begun ends': async ({ lview }) => {
    const ar = lview.map(stuck, range(STUCK));
    const why = ar.why();
    await ar.abort();
    await ar.wait({ returnWhen: 'FIRST_EXCEPTION' });
    ar.cancel();
    await ar.wait();
    return [
      /waits|running|way/.test(why),
      countsOf(ar.status) > 0,
      ar.error.every((error) => error !== null),
      ar.why(),
    ];
  },
  'one aborted, by id': async ({ rc, lview }) => {
    const ar = lview.map(stuck, range(STUCK));
    const last = ar.msgIds[STUCK - 1] ?? '';
    await rc.abort(last);
    const error = await messageOf(rc.getResult(last));
    rc.cancel(ar);
    await ar.wait();
    return [error, ar.status.every((status) => status !== 'pending'), ar.status[STUCK - 1]];
  },
  'what the client knows': async ({ rc, lview }) => {
    const ar = lview.map(stuck, range(STUCK));
    const open = [rc.outstanding.size, lview.outstanding.size, lview.history.length, rc.history.length];
    const purge = await messageOf(rc.purgeResults('all'));
    ar.cancel();
    await rc.wait();
    await ar.wait();
    const done = lview.map(square, range(9));
    await Promise.all([lview.wait(), done]);
    const counts = [rc.outstanding.size, lview.outstanding.size];
    const results = Object.values(rc.results).sort();
    const [mine, metadata] = [Object.keys(lview.results).length, Object.keys(rc.metadata).length];
    const isAsked = purge?.toString().includes('outstanding');
    return [open, isAsked, counts, results, mine, metadata, rc.history.length, done.length];
  },
  'by id, and in the history': async ({ rc, lview }) => {
    const ar = lview.map(square, range(9));
    const third = rc.getResult(ar.msgIds[3] ?? '');
    const all = rc.getResult(ar.msgIds);
    const last = lview.getResult();
    const status = await rc
      .resultStatus(ar.msgIds)
      .then(({ completed, pending }) => completed.length + pending.length);
    return [
      await third,
      await all,
      await last,
      status,
      await AsyncResult.join(ar, ar),
      (await rc.hubHistory()).length,
    ];
  },
  purged: async ({ rc, lview }) => {
    const ar = lview.map(square, range(10));
    await ar;
    const [first = '', second = ''] = ar.msgIds;
    await rc.purgeResults(first);
    const one = await messageOf(rc.getResult(first));
    const other = await rc.getResult(second);
    await rc.purgeResults('all');
    const gone = String(await messageOf(rc.getResult(second)));
    return [
      String(one).replace(first, 'it'),
      other,
      gone.replace(second, 'it'),
      await ar,
      Object.keys(rc.results),
    ];
  },
  'what depends on one of them': async ({ lview }) => {
    const ar = lview.map(square, range(9));
    const after = lview.with({ after: ar }).apply(() => 'then');
    const one = lview.with({ follow: ar.msgIds[4] ?? '' }).apply(() => 'there');
    return [await after, await one];
  },
  'again, when it fails': ({ lview }) =>
    lview.with({ retries: 4 }).map((x: number) => {
      if (engine.id === 0) throw new Error('not here');
      return x;
    }, range(9)),
  'an engine that dies': async ({ lview, cluster }) => {
    const ar = lview.map(stuck, range(STUCK));
    await ar.wait(0.05);
    cluster.kill(0);
    cluster.kill(1);
    await ar.wait({ returnWhen: 'FIRST_EXCEPTION' });
    ar.cancel();
    await ar.wait();
    return ar.error.some((error) => /died while running task/.test(error?.message ?? ''));
  },
  'a cluster that is gone': async ({ lview, cluster }) => {
    const ar = lview.map(stuck, range(STUCK));
    await ar.wait(0.02);
    cluster.cut();
    return messageOf(ar);
  },
  'by engine': async ({ lview }) => {
    const ar = lview.map(square, range(9));
    return String(await messageOf(ar.getDict())).includes('Cannot build dict');
  },
  'a failure that nobody waits for': async ({ lview, cluster }) => {
    const ar = lview.map(threeFail, range(9));
    await new Promise<void>((resolve) => {
      ar.onSettled(() => {
        resolve();
      });
    });
    return cluster.unawaited.map(({ name, msgIds, isAwaited }) => [name, msgIds.length, isAwaited()]);
  },
};

/** With a limit in time each task travels by itself. */
async function answer(ask: (asked: Asked) => unknown, asCall: boolean): Promise<unknown> {
  const cluster = await testCluster({ n: 2 });
  const { rc } = cluster;
  const post = vi.spyOn(ClientHub.prototype, 'post');
  const given = await ask({
    rc,
    lview: rc.loadBalancedView().with({ timeout: asCall ? null : 1000 }),
    cluster,
  });
  const types = post.mock.calls.map(([{ type }]) => type);
  expect(types.includes('submit-call')).toBe(asCall);
  post.mockRestore();
  return given;
}

it.each(Object.entries(ASKED))('one call answers as its tasks one by one do: %s', async (_, ask) => {
  const asCall = await answer(ask, true);
  closeClusters();
  expect(asCall).toEqual(await answer(ask, false));
});

it('a map that goes well is one message and one entry: nothing is made for a task', async () => {
  const { rc } = await testCluster({ n: 2 });
  const lview = rc.loadBalancedView();
  const refs = vi.fn();
  class CountedRef extends WeakRef<object> {
    constructor(target: object) {
      super(target);
      refs();
    }
  }
  const registered = vi.spyOn(FinalizationRegistry.prototype, 'register');
  vi.stubGlobal('WeakRef', CountedRef);
  const post = vi.spyOn(ClientHub.prototype, 'post');
  try {
    const ar = lview.map(square, range(1000));
    const outstanding = [rc.outstanding.size, lview.outstanding.size, rc.history.length];
    expect(outstanding).toEqual([1000, 1000, 1000]);
    expect(await ar).toEqual(range(1000).map(square));
    let sum = 0;
    for await (const x of ar) sum += x;
    for await (const x of lview.map(square, range(1000), { ordered: false })) sum += x;
    expect(sum).toBe(2 * range(1000).reduce((total, x) => total + x * x, 0));
    expect([ar.progress, ar.successful(), ar.msgIds.length, ar.wallTime > 0, ar.sent]).toEqual([
      ...[1000, true, 1000, true, true],
    ]);
    expect(post.mock.calls.map(([{ type }]) => type)).toEqual(['submit-call', 'submit-call']);
    expect([refs.mock.calls.length, registered.mock.calls.length]).toEqual([2, 2]);
    // Those that somebody asks for are made, and no others.
    expect(await rc.getResult(ar.msgIds[500] ?? '')).toEqual([250_000]);
    expect(refs).toHaveBeenCalledTimes(3);
  } finally {
    vi.unstubAllGlobals();
    registered.mockRestore();
    post.mockRestore();
  }
});

/** A call whose tasks are settled by hand: numbers 11 to 15. */
function callOfFive() {
  const made: string[] = [];
  const facts = { ...STRANGER, method: 'map', submitted: 1 };
  const onMade = (job: Job) => made.push(job.facts.msgId);
  const call = new CallJobs({ clientId: 'me' as ClientId, first: 11, count: 5, facts, onMade });
  const settling = { received: 9, reviver, explain: (error: WireError) => error };
  const settle = (values: Ends['values'], numbers: number[], more: Partial<Ends> = {}) => {
    const column = (at: number) => Float64Array.from(numbers, (n) => at + n);
    const times = { bytes: column(0), started: column(100), completed: column(200), counts: column(0) };
    const ends = { values, boxed: true, canned: false, ...times, ...more };
    const by = { clientId: 'me' as ClientId, engineId: 3, engineUuid: 'u' as EngineUuid };
    call.settleItems({ ...by, numbers: Float64Array.from(numbers), ends }, settling);
  };
  const value = (job: Job) => [job.error ?? (job.value as readonly unknown[])[0]];
  return { call, made, settle, settling, items: () => call.items(value) };
}

it('what is told of several tasks at once is taken in as columns, in any order, once', () => {
  const { call, made, settle, items } = callOfFive();
  const told: number[] = [];
  call.onSettled(() => told.push(call.pending));
  settle(Float64Array.of(-0, NaN), [12, 14]);
  settle(['late', 'new'], [12, 11]);
  settle(['stray', 'stray'], [10, 16]);
  call.jobAt(2);
  settle([[{ a: 1 }], ['last']], [13, 15], { boxed: false });
  expect(items()).toEqual(['new', -0, { a: 1 }, NaN, 'last']);
  expect([told.at(-1), call.pending, call.failures, made]).toEqual([0, 0, 0, ['me_13']]);
  const read = (['started', 'engineId', 'received'] as const).map((fact) =>
    Array.from(call.rows(), (row) => row[fact]),
  );
  expect(read).toEqual([[111, 112, 113, 114, 115], Array(5).fill(3), Array(5).fill(9)]);
  const facts = (job: Job) => [job.status, job.started, job.completed, job.executionCount, job.engineUuid];
  expect(call.jobs.map(facts)).toEqual(range(5).map((i) => ['ok', 111 + i, 211 + i, 11 + i, 'u']));
  expect(call.ended.toSorted()).toEqual(range(5));
});

it('functions come to life; what cannot is the error of its task alone', () => {
  const { call, settle, items } = callOfFive();
  const good = pack((x: number) => x + 1).value as object;
  settle([good, { ...good, source: 'not ( a function' }], [11, 12], { canned: true });
  expect((items()[0] as (x: number) => number)(1)).toBe(2);
  expect([call.failures, call.jobAt(1).error?.name, call.pending]).toEqual([1, 'SyntaxError', 3]);
});

it('a job that is made of a task that an engine has knows which', () => {
  const { call, settling } = callOfFive();
  call.assign(0, 5);
  const [first, second] = [call.jobAt(0), call.jobAt(1)];
  call.assign(1, 6);
  expect([first.engineId, second.engineId, second.isAssigned]).toEqual([5, 6, true]);
  const error = { ename: 'Error', evalue: 'no', traceback: [], frames: [], engineInfo: null };
  const failed = { status: 'error', error } as unknown as Outcome;
  const settlement = {
    msgId: call.msgIdAt(2),
    outcome: failed,
    facts: NEVER_RAN,
    engineId: 5,
    engineUuid: null,
  };
  expect(call.settle(2, settlement, settling)).toBe(false);
  expect(call.isPendingAt(2)).toBe(true);
});
