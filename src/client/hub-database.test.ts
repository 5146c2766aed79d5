import { afterEach, describe, expect, it } from 'vitest';
import type { MsgId } from '../protocol/ids.ts';
import type { StoredTask } from '../protocol/stored-task.ts';
import { closeClusters, testCluster, type TestCluster } from '../testing/test-cluster.ts';
import * as errors from './errors.ts';

declare const engine: { readonly id: number };
declare const comm: { readonly async: { allgather(value: unknown): Promise<unknown[]> } };

declare function sleep(seconds: number): Promise<void>;

afterEach(closeClusters);

/** Four results, of 0 to 3, on the engines 0 and 1 in turn. */
async function fourTasks(options: Parameters<typeof testCluster>[0] = { n: 2 }): Promise<TestCluster> {
  const cluster = await testCluster(options);
  for (let i = 0; i < 4; i++) await cluster.rc.at(i % 2).apply((x: number) => x, i);
  return cluster;
}

describe('the hub’s database', () => {
  it('O.298 the history is ordered by submission; the last entry is the last submitted', async () => {
    const { rc } = await fourTasks();
    const ar = rc.loadBalancedView().apply(() => 5);
    expect((await rc.hubHistory()).at(-1)).toBe(ar.msgIds[0]);
    expect(await rc.hubHistory()).toEqual(rc.history);
    const submitted = (await rc.dbQuery({}, 'submitted')).map((record) => record.submitted.getTime());
    expect(submitted).toEqual([...submitted].sort((a, b) => a - b));
  });

  it('O.301 $lt and $gte partition by time; $gt, $lte, $ne, $eq, $mod, $all, $exists, $in, $nin work', async () => {
    const { rc } = await fourTasks();
    const all = await rc.dbQuery({});
    const count = async (query: object) => (await rc.dbQuery(query)).length;
    // A moment that parts them: tasks may share a millisecond.
    const middle = all[2]!.submitted;
    const earlier = await rc.dbQuery({ submitted: { $lt: middle } });
    const later = await rc.dbQuery({ submitted: { $gte: middle } });
    expect([...earlier, ...later].map(({ msgId }) => msgId)).toEqual(all.map(({ msgId }) => msgId));
    expect(later.every(({ submitted }) => submitted >= middle)).toBe(true);
    expect(await count({ engineId: { $gt: 0 } })).toBe(2);
    expect(await count({ engineId: { $lte: 0 } })).toBe(2);
    expect(await count({ engineId: { $lte: 1 } })).toBe(4);
    expect(await count({ engineId: { $ne: 0 } })).toBe(2);
    expect(await count({ engineId: { $eq: 1 } })).toBe(2);
    expect(await count({ engineId: { $mod: [2, 1] } })).toBe(2);
    expect(await count({ engineId: { $all: [1] } })).toBe(2);
    expect(await count({ engineId: { $exists: true } })).toBe(4);
    expect(await count({ nonsense: { $exists: true } })).toBe(0);
    expect(await count({ msgId: { $in: rc.history.slice(0, 2) } })).toBe(2);
    expect(await count({ msgId: { $nin: rc.history.slice(0, 1) } })).toBe(3);
    expect(await count({ $or: [{ engineId: 0 }, { msgId: rc.history[1] }] })).toBe(3);
  });

  it('O.302 several equality keys are all enforced, in either spelling', async () => {
    const { rc } = await fourTasks();
    const [first] = await rc.dbQuery({ engineId: 0 });
    const { msgId } = first!;
    expect(await rc.dbQuery({ msgId, engineId: 0, status: 'ok' })).toHaveLength(1);
    expect(await rc.dbQuery({ msgId, engineId: 1, status: 'ok' })).toEqual([]);
    expect(await rc.dbQuery({ msg_id: msgId, engine_id: 0 })).toHaveLength(1);
  });

  it('O.303 keys limit the fields, msgId is always there, payloads come when asked for', async () => {
    const { rc } = await testCluster({ n: 1 });
    await rc.at(0).apply((a: Float64Array) => a, new Float64Array([1, 2]));
    const [id] = rc.history;
    expect(await rc.dbQuery({}, 'label')).toEqual([{ msgId: id, label: null }]);
    expect(await rc.dbQuery({}, ['engine_id', 'method'])).toEqual([
      { msgId: id, engineId: 0, method: 'apply' },
    ]);
    expect(await rc.dbQuery({}, 'msgId')).toEqual([{ msgId: id }]);
    const [whole] = await rc.dbQuery({});
    expect(whole).toMatchObject({ queue: 'direct', status: 'ok', content: '(a) => a' });
    for (const payload of ['buffers', 'resultBuffers', 'result']) expect(whole).not.toHaveProperty(payload);
    const [payloads] = await rc.dbQuery({}, ['buffers', 'resultBuffers', 'result']);
    expect(payloads?.buffers?.map((buffer) => buffer.byteLength)).toEqual([16]);
    expect(payloads?.resultBuffers?.map((buffer) => buffer.byteLength)).toEqual([16]);
    expect(payloads?.result).toEqual(new Float64Array([1, 2]));
  });

  it('a key that records do not have, an unknown operator and what is no query are refused', async () => {
    const { rc } = await testCluster({ n: 1 });
    await expect(rc.dbQuery({}, 'lable')).rejects.toThrow(/no key named lable; they have msgId, clientId/);
    await expect(rc.dbQuery({ label: { $globb: 'x' } })).rejects.toThrow(errors.ValueError);
    await expect(rc.dbQuery({ label: { $where: 'true' } })).rejects.toThrow(/\$where/);
    await expect(rc.dbQuery([] as object)).rejects.toThrow(/it must be an object/);
  });

  it('O.304 null tests: no message without an id; completed null is what has not ended', async () => {
    const { rc } = await fourTasks();
    expect(await rc.dbQuery({ msgId: null })).toEqual([]);
    expect(await rc.dbQuery({ msgId: { $ne: null } })).toHaveLength(4);
    expect(await rc.dbQuery({ completed: null })).toEqual([]);
    const ar = rc.at(0).apply(() => sleep(60));
    expect(await rc.dbQuery({ completed: null })).toMatchObject([{ msgId: ar.msgIds[0], status: 'pending' }]);
    ar.cancel();
    await ar.wait();
    expect(await rc.dbQuery({ completed: null })).toEqual([]);
  });

  it('O.305 results are copies', async () => {
    const { rc } = await testCluster({ n: 1 });
    await rc.at(0).apply((a: number[]) => a, [1, 2]);
    const [record] = await rc.dbQuery({}, ['header', 'result', 'label']);
    (record as { label: string }).label = 'mine';
    (record?.header as Record<string, unknown>)['clientId'] = 'nobody';
    (record?.result as number[]).push(3);
    expect(await rc.dbQuery({}, ['header', 'result', 'label'])).toMatchObject([
      { label: null, header: { clientId: rc.clientId }, result: [1, 2] },
    ]);
  });

  it('O.306 a limit of 20 and a cull of 0.2: the 21st record leaves 17', async () => {
    const { rc } = await testCluster({ n: 1, hub: { recordLimit: 20, cullFraction: 0.2 } });
    const sizes: number[] = [];
    for (let i = 0; i < 45; i++) {
      await rc.at(0).apply((x: number) => x, i);
      sizes.push((await rc.hubHistory()).length);
    }
    expect(sizes.slice(0, 22)).toEqual([...Array.from({ length: 20 }, (_, i) => i + 1), 17, 18]);
    expect(Math.min(...sizes.slice(20))).toBe(17);
    expect(Math.max(...sizes)).toBe(20);
  });

  it('O.308 a culled id is a KeyError that says so', async () => {
    const { rc, connect } = await testCluster({ n: 1, hub: { recordLimit: 2, cullFraction: 0.5 } });
    for (let i = 0; i < 4; i++) await rc.at(0).apply(() => 1);
    const old = connect().getResult(rc.history[0]);
    await expect(old).rejects.toThrow(errors.KeyError);
    await expect(old).rejects.toThrow('has been culled for size');
  });

  it('O.309 labels are stored with each record', async () => {
    const { rc } = await testCluster({ n: 2 });
    await rc
      .loadBalancedView()
      .with({ label: 'fit-1' })
      .map((x: number) => x, [1, 2, 3, 4, 5]);
    await rc
      .directView()
      .with({ label: 'fit-2' })
      .map((x: number) => x, [1, 2, 3, 4]);
    await rc.directView().apply(() => 1);
    expect(await rc.dbQuery({ label: 'fit-1' })).toHaveLength(5);
    expect(await rc.dbQuery({ label: 'fit-2' })).toHaveLength(2);
    expect(await rc.dbQuery({ label: { $glob: 'fit-*' } })).toHaveLength(7);
    expect(await rc.dbQuery({ label: { $glob: 'fit-[2-9]' } })).toHaveLength(2);
    expect(await rc.dbQuery({ label: { $glob: '?it' } })).toEqual([]);
  });

  it('O.310 a query by one client does not remove results another needs', async () => {
    const { rc, connect } = await testCluster({ n: 1 });
    const ar = rc.at(0).apply(() => 'mine');
    const other = connect();
    await other.dbQuery({ msgId: ar.msgIds[0] }, 'result');
    expect(await ar).toBe('mine');
    expect(await other.dbQuery({}, 'result')).toMatchObject([{ result: 'mine' }]);
    expect(await other.getResult(ar.msgIds[0])).toBe('mine');
  });

  it('what a task printed, its code and its error are in its record', async () => {
    const { rc } = await testCluster({ n: 1 });
    const view = rc.at(0);
    await view.execute('console.log("out"); console.error("err"); 6 * 7', { silent: false });
    await view.apply(() => null as never).wait();
    await view.execute('throw new RangeError("no")').wait();
    const [first, , third] = await rc.dbQuery({});
    expect(first).toMatchObject({ method: 'execute', stdout: 'out\n', stderr: 'err\n', status: 'ok' });
    expect(first?.executeInput).toContain('6 * 7');
    expect(first?.executeResult?.data['text/plain']).toBe('42');
    expect(third).toMatchObject({ status: 'error', error: { ename: 'RangeError', evalue: 'no' } });
  });

  it('the history is exported as JSON', async () => {
    const { rc } = await fourTasks();
    await rc
      .at(0)
      .with({ label: 'odd' })
      .apply(() => new Map([['a', 10n]]));
    const parsed = JSON.parse(await rc.exportHistory()) as { tasks: Record<string, unknown>[] };
    expect(parsed).toMatchObject({ format: 'tutti-history', version: 1 });
    expect(parsed.tasks.map(({ result }) => result)).toEqual([0, 1, 2, 3, { a: '10' }]);
    expect(JSON.parse(await rc.exportHistory({ label: 'odd' }))).toMatchObject({ tasks: [{ engineId: 0 }] });
  });
});

/** What was written and not taken out again, as a store keeps it. */
function paperStore() {
  const tasks = new Map<MsgId, StoredTask>();
  return {
    tasks,
    onRecord: (kept: readonly StoredTask[], gone: readonly MsgId[]) => {
      for (const msgId of gone) tasks.delete(msgId);
      for (const task of kept) tasks.set(task.msgId, structuredClone(task));
    },
  };
}

describe('the database in IndexedDB', () => {
  const hub = { database: 'indexeddb' } as const;

  /** The same questions as above, and what is asked for. */
  const QUESTIONS: readonly (readonly [query: object, keys?: string | readonly string[]])[] = [
    [{}],
    [{}, 'label'],
    [{}, ['engine_id', 'method', 'header', 'content']],
    [{}, ['buffers', 'resultBuffers', 'result']],
    [{ engineId: { $gt: 0 } }],
    [{ engineId: { $lte: 0 } }],
    [{ engineId: { $ne: 0 } }],
    [{ engine_id: 1, status: 'ok' }],
    [{ engineId: { $mod: [2, 1] } }],
    [{ engineId: { $all: [1] } }],
    [{ nonsense: { $exists: true } }],
    [{ $or: [{ engineId: 0 }, { status: 'error' }] }],
    [{ label: 'fit-1' }],
    [{ label: { $glob: 'fit-*' } }],
    [{ msgId: null }],
    [{ msgId: { $ne: null } }],
    [{ completed: null }],
    [{ status: 'error' }, ['error', 'stdout', 'stderr']],
  ];

  it('O.311 passes the same list after a reload', async () => {
    const { tasks, onRecord } = paperStore();
    const first = await fourTasks({ n: 2, hub, onRecord });
    const { rc } = first;
    await rc
      .loadBalancedView()
      .with({ label: 'fit-1' })
      .map((x: number) => x, [1, 2, 3]);
    await rc.at(1).apply((a: Float64Array) => a, new Float64Array([1, 2]));
    await rc.at(0).execute('console.log("out"); throw new RangeError("no")').wait();
    const history = await rc.hubHistory();
    await expect.poll(() => [...tasks.values()].filter(({ status }) => status !== 'pending').length).toBe(9);
    const answers = await Promise.all(QUESTIONS.map((question) => rc.dbQuery(...question)));
    const middle = answers[0]![4]!.submitted;
    first.close();

    const later = await testCluster({ n: 1, hub, onRecord });
    later.controller.restoreHistory([...tasks.values()].reverse());
    const again = await Promise.all(QUESTIONS.map((question) => later.rc.dbQuery(...question)));
    for (const [i, question] of QUESTIONS.entries())
      expect([question, again[i]]).toEqual([question, answers[i]]);
    expect(await later.rc.hubHistory()).toEqual(history);
    const [before, after] = await Promise.all([
      later.rc.dbQuery({ submitted: { $lt: middle } }),
      later.rc.dbQuery({ submitted: { $gte: middle } }),
    ]);
    expect([...before, ...after].map(({ msgId }) => msgId)).toEqual(history);
    // Copies, and results for whoever asks.
    const [record] = await later.rc.dbQuery({}, 'result');
    expect(record?.result).toBe(0);
    expect(await later.rc.getResult(history[1])).toBe(1);
    await later.rc.purgeHubResults(history[0]);
    await expect.poll(() => tasks.has(history[0]!)).toBe(false);
  });

  it('O.311 culls by the same rules, in the store too', async () => {
    const { tasks, onRecord } = paperStore();
    const { rc } = await testCluster({ n: 1, hub: { ...hub, recordLimit: 20, cullFraction: 0.2 }, onRecord });
    const sizes: number[] = [];
    for (let i = 0; i < 30; i++) {
      await rc.at(0).apply((x: number) => x, i);
      sizes.push((await rc.hubHistory()).length);
    }
    expect([Math.max(...sizes), Math.min(...sizes.slice(20))]).toEqual([20, 17]);
    const history = await rc.hubHistory();
    await expect.poll(() => [...tasks.keys()].sort()).toEqual([...history].sort());
    await rc.purgeHubResults('all');
    await expect.poll(() => tasks.size).toBe(0);
  });
});

describe('without a database', () => {
  it('results reach their clients; the hub has no history, and says why it knows nothing', async () => {
    const { rc, connect } = await testCluster({ n: 1, hub: { database: 'none' } });
    const ar = rc.at(0).apply(() => 3);
    expect(await ar).toBe(3);
    expect(await rc.hubHistory()).toEqual([]);
    expect(await rc.dbQuery({})).toEqual([]);
    await expect(connect().getResult(ar.msgIds[0])).rejects.toThrow(/remembers no finished tasks \(database/);
  });

  it('M.284 resubmitting needs a stored request: KeyError, which explains', async () => {
    const { rc } = await testCluster({ n: 1, hub: { database: 'none' } });
    const ar = rc.at(0).apply(() => 3);
    await ar;
    await expect(rc.resubmit(ar)).rejects.toThrow(errors.KeyError);
    await expect(rc.resubmit(ar)).rejects.toThrow(/remembers no finished tasks/);
  });
});

describe('purging', () => {
  it('N.292 outstanding tasks cannot be purged here; finished ones can', async () => {
    const { rc } = await testCluster({ n: 1 });
    const ar = rc.at(0).apply(() => sleep(60));
    for (const jobs of [ar, 'all', ar.msgIds] as const) {
      expect(() => rc.purgeLocalResults(jobs)).toThrow(errors.RuntimeError);
    }
    ar.cancel();
    await ar.wait();
    const held = rc.at(0).apply(() => 1);
    await held;
    expect(Object.keys(rc.results)).toEqual(held.msgIds);
    rc.purgeLocalResults(held);
    expect(rc.results).toEqual({});
    rc.purgeLocalResults('all');
    expect(await held).toBe(1);
  });

  it('N.293 neither jobs nor targets is a ValueError', async () => {
    const { rc } = await testCluster({ n: 1 });
    expect(() => rc.purgeLocalResults()).toThrow(errors.ValueError);
    await expect(rc.purgeHubResults()).rejects.toThrow(errors.ValueError);
    await expect(rc.purgeResults(null, null)).rejects.toThrow(errors.ValueError);
  });

  it('N.294 purgeHubResults(id) shortens the history by one; all empties it', async () => {
    const { rc } = await fourTasks();
    const [, second] = await rc.hubHistory();
    await rc.purgeHubResults(second);
    expect(await rc.hubHistory()).toEqual(rc.history.filter((id) => id !== second));
    await rc.purgeHubResults('all');
    expect(await rc.hubHistory()).toEqual([]);
  });

  it('what is pending in the hub is an IndexError; all drops what is completed only', async () => {
    const { rc, connect } = await fourTasks();
    const ar = rc.at(0).apply(() => sleep(60));
    await expect(connect().purgeHubResults(ar.msgIds[0])).rejects.toThrow(errors.IndexError);
    await rc.purgeHubResults('all');
    expect(await rc.hubHistory()).toEqual(ar.msgIds);
    ar.cancel();
    await ar.wait();
  });

  it('N.296 purgeResults("all") empties hub and client; purgeEverything the lists of ids too', async () => {
    const { rc } = await testCluster({ n: 1 });
    const held = rc.at(0).apply(() => 1);
    await held;
    await rc.purgeResults('all');
    expect(await rc.hubHistory()).toEqual([]);
    expect(rc.results).toEqual({});
    expect(rc.metadata).toEqual({});
    expect(rc.history).toEqual(held.msgIds);
    await rc.purgeEverything();
    expect(rc.history).toEqual([]);
  });

  it('N.297 by engine: that engine’s completed records go', async () => {
    const { rc } = await fourTasks();
    await rc.purgeResults(null, 1);
    expect(await rc.dbQuery({}, 'engineId')).toMatchObject([{ engineId: 0 }, { engineId: 0 }]);
    await rc.purgeResults(rc.history[0], [1]);
    expect(await rc.hubHistory()).toEqual([rc.history[2]]);
  });
});

describe('resubmit', () => {
  it('of an id that nobody knows, or that has been culled, is a KeyError, and runs nothing of the list', async () => {
    const { rc } = await testCluster({ n: 2, hub: { recordLimit: 2, cullFraction: 0.5 } });
    const known = rc.loadBalancedView().map((x: number) => x, [1, 2, 3, 4]);
    await known;
    const [culled, , , last] = known.msgIds;
    for (const ids of ['no-such-id', ['no-such-id'], [last, 'no-such-id'], [culled], [last, culled]]) {
      await expect(rc.resubmit(ids as string[])).rejects.toThrow(errors.KeyError);
    }
    expect(await rc.dbQuery({ resubmitted: { $ne: null } })).toEqual([]);
    expect(await rc.resubmit([last ?? ''])).toEqual([[4]]);
  });

  /** Fails for odd numbers until the engine has been told that all is well. */
  const picky = (x: number) => {
    if (x % 2 === 1 && Reflect.get(globalThis, 'well') !== true) throw new RangeError(`no ${String(x)}`);
    return x * x;
  };

  it('resubmitFailed runs what has failed and nothing else; the result is the whole call’s', async () => {
    const { rc } = await testCluster({ n: 2 });
    const amr = rc.loadBalancedView().map(picky, [0, 1, 2, 3]);
    await expect(amr).rejects.toThrow(/raised in: picky/);
    await rc.directView().push({ well: true });
    const again = amr.resubmitFailed();
    expect(await again).toEqual([0, 1, 4, 9]);
    expect(again.msgIds.map((id, i) => id === amr.msgIds[i])).toEqual([true, false, true, false]);
    expect(await again.resubmitFailed()).toEqual([0, 1, 4, 9]);
    const four = await rc.dbQuery({ resubmitted: { $ne: null } });
    expect(four.map(({ msgId }) => msgId)).toEqual([amr.msgIds[1], amr.msgIds[3]]);
  });

  it('resubmitFailed of a map that returns its exceptions, of direct calls, and of what was aborted', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    const amr = lview.map(picky, [0, 1, 2], { returnExceptions: true });
    expect(await amr).toMatchObject([0, { ename: 'RangeError' }, 4]);
    const direct = rc.directView().apply(() => {
      if (Reflect.get(globalThis, 'well') !== true) throw new Error('not yet');
      return 'well';
    });
    await direct.wait();
    await rc.at(0).push({ well: true });
    await expect(direct.resubmitFailed()).rejects.toMatchObject({ elist: [{ engineInfo: { engineId: 1 } }] });
    await rc.at(1).push({ well: true });
    expect(await direct.resubmitFailed()).toEqual(['well', 'well']);
    expect(await amr.resubmitFailed()).toEqual([0, 1, 4]);
    const aborted = lview.with({ targets: [0] }).apply(() => 7);
    await aborted.abort();
    await aborted.wait();
    expect(await aborted.resubmitFailed()).toBe(7);
  });

  it('M.278 M.280 runs it again under a new id; the record names it, the headers are equal but for id and date', async () => {
    const { rc } = await testCluster({ n: 2 });
    const view = rc.loadBalancedView().with({ label: 'dice' });
    const first = view.apply((range: Float64Array) => range[0]! + Math.random(), new Float64Array([7]));
    const value = await first;
    const again = rc.resubmit(first);
    expect(again.msgIds).not.toEqual(first.msgIds);
    expect(await again).toBeGreaterThan(7);
    expect(await again).not.toBe(value);
    const [old, other] = await rc.dbQuery({}, ['header', 'resubmitted']);
    expect(old?.resubmitted).toBe(again.msgIds[0]);
    const name = { msgId: again.msgIds[0], date: other!.header.date };
    expect({ ...old?.header, ...name }).toEqual(other?.header);
    expect(await rc.resubmit(again)).toBeGreaterThan(7);
  });

  it('M.281 aborted tasks can be resubmitted', async () => {
    const { rc } = await testCluster({ n: 1 });
    const block = rc.at(0).apply(() => sleep(60));
    const ar = rc.loadBalancedView().apply(() => 'ran');
    await rc.abort(ar);
    await expect(ar).rejects.toThrow(errors.TaskAborted);
    block.cancel();
    expect(await rc.resubmit(ar)).toBe('ran');
  });

  it('M.282 so can those that have not ended: both finish', async () => {
    const { rc } = await testCluster({ n: 2 });
    const ar = rc.loadBalancedView().apply(() => sleep(0.02).then(() => 'done'));
    const again = rc.resubmit(ar.msgIds);
    expect(await ar).toBe('done');
    expect(await again).toEqual(['done']);
  });

  it('unknown ids, and buffers that have moved, are KeyErrors', async () => {
    const { rc } = await testCluster({ n: 1 });
    await expect(rc.resubmit('nobody_1')).rejects.toThrow('No such message: nobody_1');
    const big = rc.at(0).apply((a: Uint8Array) => a.length, new Uint8Array(2 ** 21));
    await big;
    await expect(rc.resubmit(big)).rejects.toThrow(/arguments hold buffers that were moved/);
  });

  it('the requests of one call are one call again: their engines speak to each other', async () => {
    const { rc } = await testCluster({ n: 2 });
    const meet = () => comm.async.allgather(engine.id);
    const ar = rc.directView().apply(meet);
    expect(await ar).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(await rc.resubmit(ar)).toEqual(await ar);
    // Nobody waits for those of the call that are not run again.
    const alone = await rc.resubmit(ar.msgIds.slice(0, 1)).exception(20);
    expect(alone).toMatchObject({ elist: [{ ename: 'CommError' }] });
  });

  it('a direct request whose engine is no more runs on another', async () => {
    const { rc } = await testCluster({ n: 2 });
    const ar = rc.at(1).apply(() => 'here');
    await ar;
    await rc.shutdown(1);
    expect(await rc.resubmit(ar)).toBe('here');
  });
});

describe('queue status with ids', () => {
  it('A.37 verbose gives message ids in place of counts', async () => {
    const { rc } = await testCluster({ n: 2 });
    const done = rc.at(0).apply(() => 1);
    await done;
    const direct = rc.at(1).apply(() => sleep(60));
    const balanced = rc.loadBalancedView([0, 1]).map(() => sleep(60), [1, 2, 3]);
    const status = (await rc.queueStatus({ verbose: true })) as Record<string, Record<string, MsgId[]>>;
    expect(status['0']?.['completed']).toEqual(done.msgIds);
    expect(status['1']?.['queue']).toEqual(direct.msgIds);
    const given = [...status['0']!['tasks']!, ...status['1']!['tasks']!];
    expect([...given, ...(status['unassigned'] as unknown as MsgId[])].sort()).toEqual(
      [...balanced.msgIds].sort(),
    );
    expect(await rc.queueStatus({ targets: 1, verbose: true })).toMatchObject({ queue: direct.msgIds });
    rc.cancel([direct, balanced]);
    await rc.wait();
  });
});
