import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { compileCell } from '../../lang/compile-cell.ts';
import { closeClusters, testCluster, type TestClusterOptions } from '../../testing/test-cluster.ts';
import { classicModule } from './index.ts';
import type { TaskResult } from './task-result.ts';
import type { Task } from './task.ts';

afterEach(closeClusters);

async function session(options: TestClusterOptions = {}) {
  const cluster = await testCluster(options);
  const { client } = classicModule(cluster.rc, {
    clock: systemClock,
    compile: (source, url) => compileCell(source, { url }),
  });
  const tc = new client.TaskClient();
  const result = async (task: Task): Promise<TaskResult> => tc.getTaskResult(tc.run(task), { block: true });
  return { ...cluster, client, tc, result };
}

/** Resolves when the condition holds; the cluster's messages go on meanwhile. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('the Task session of 2008', () => {
  it('S3 farms a thousand tasks and finds their results', async () => {
    const { client, tc, rc } = await session();
    const tasklist = [];
    for (let n = 0; n < 1000; n++) tasklist.push(new client.Task(`a = ${n}`, { pull: 'a' }));
    const taskids = tasklist.map((t) => tc.run(t));
    expect(tc.getTaskResult(taskids[999] ?? -1)).toBeNull();
    await tc.barrier(taskids);
    const results = taskids.map((id) => tc.getTaskResult(id) as TaskResult);
    const tr = results[73] as TaskResult;
    expect(String(tr)).toBe("TaskResult[ID:73]:{'a':73}");
    expect(rc.ids).toContain(tr.engineid);
    expect(tr.submitted).toBeInstanceOf(Date);
    expect(tr.completed).toBeInstanceOf(Date);
    expect(tr.duration).toBeGreaterThanOrEqual(0);
    expect(tr.results['a']).toBe(73);
    expect(tr.ns['a']).toBe(73);
    expect(results.map((one) => one.ns['a'])).toEqual(tasklist.map((_, n) => n));
    expect(tc.queueStatus()).toEqual({ scheduled: 0, pending: 0, succeeded: 1000, failed: 0 });
    tc.clear();
    expect(tc.queueStatus().succeeded).toBe(0);
  });

  it('S3 counts tasks in four states, and names them if asked', async () => {
    const { client, tc } = await session({ n: 2 });
    const failing = tc.run(new client.Task('null.x'));
    const fine = tc.run(new client.Task('a = 1'));
    await tc.barrier([failing, fine]);
    const slow = [0, 1, 2].map(() => tc.run(new client.Task('await sleep(0.1)')));
    await until(() => tc.queueStatus().pending === 2);
    expect(tc.queueStatus()).toEqual({ scheduled: 1, pending: 2, succeeded: 1, failed: 1 });
    expect(tc.queueStatus({ verbose: true })).toEqual({
      scheduled: [slow[2]],
      pending: [slow[0], slow[1]],
      succeeded: [fine],
      failed: [failing],
    });
    await tc.barrier(slow);
  });

  it('S3 pushes before, pulls after, and takes attributes set later', async () => {
    const { client, result } = await session();
    const t = new client.Task('a = f(submitted)');
    t.push = { submitted: 20, f: (x: number) => x + 1 };
    t.pull = ['a', 'submitted'];
    expect((await result(t)).results).toEqual({ a: 21, submitted: 20 });
    const old = new client.Task('1', { clear_after: true } as object) as unknown as Record<string, unknown>;
    expect(old['clearAfter']).toBe(true);
    old['recovery_task'] = t;
    expect(old['recoveryTask']).toBe(t);
  });

  it('S3 runs TypeScript and awaits, in the engine’s namespace', async () => {
    const { client, rc, result } = await session();
    await rc.directView().push({ A: 3 });
    const t = new client.StringTask('const n: number = await Promise.resolve(4);\nC = A * n', { pull: 'C' });
    expect((await result(t)).ns['C']).toBe(12);
  });

  it('S3 keeps a failure for whoever asks', async () => {
    const { client, result, unawaited } = await session();
    const tr = await result(new client.Task('missing + 1', { pull: 'a' }));
    expect(tr.results).toEqual({});
    expect(tr.failure).toMatchObject({ ename: 'ReferenceError' });
    expect(String(tr)).toContain('missing is not defined');
    expect(() => {
      tr.raiseException();
    }).toThrow('missing is not defined');
    expect((tr.failure as unknown as { traceback: string[] }).traceback.join('\n')).not.toContain('classic');
    expect(unawaited).toEqual([]);
  });

  it('S3 reports a syntax error as the task’s failure', async () => {
    const { client, result } = await session();
    expect((await result(new client.Task('a = = 1'))).failure).toMatchObject({ ename: 'SyntaxError' });
  });

  it('S3 calls functions as tasks', async () => {
    const { client, tc } = await session();
    const id = tc.run(new client.MapTask((x: number, y: number) => x * y, [6, 7]));
    const tr = await tc.getTaskResult(id, { block: true });
    expect(tr.ns['result']).toBe(42);
    expect(await tc.map((x: number) => 2 * x, [1, 2, 3])).toEqual([2, 4, 6]);
    expect(await tc.parallel((x: number[]) => x.length)([1, 2, 3])).toEqual([1, 1, 1]);
  });

  it('S3 empties the namespace before and after a task', async () => {
    const { client, rc, result } = await session({ n: 1 });
    const e0 = rc.at(0);
    await e0.push({ old: 1 });
    await e0.push({ display: 5 });
    const code = 'seen = [typeof old, typeof display]';
    const before = new client.Task(code, { pull: 'seen', clearBefore: true });
    expect((await result(before)).ns['seen']).toEqual(['undefined', 'function']);
    expect(await e0.keys()).toEqual(['seen']);
    const after = new client.Task('a = 7', { pull: 'a', clearAfter: true });
    expect((await result(after)).ns['a']).toBe(7);
    expect(await e0.keys()).toEqual([]);
    await result(new client.Task('b = 1; null.x', { clearAfter: true }));
    expect(await e0.keys()).toEqual([]);
  });
});

describe('faults', () => {
  it('S3 a task is tried once unless it says otherwise', async () => {
    const { client, rc, result } = await session({ n: 1 });
    await rc.at(0).push({ tries: 0 });
    await result(new client.Task('tries++; null.x'));
    expect(await rc.at(0).get('tries')).toBe(1);
  });

  it('S3 retries prefer engines that have not failed the task', async () => {
    const { client, rc, result } = await session();
    await rc.directView().push({ tries: 0 });
    const tr = await result(new client.Task('tries++; null.x', { retries: 3 }));
    expect(tr.failure).toMatchObject({ ename: 'TypeError' });
    expect(await rc.directView().get('tries')).toEqual([1, 1, 1, 1]);
  });

  it('S3 with more retries than engines it goes on with those that have failed it', async () => {
    const { client, rc, result } = await session({ n: 2 });
    await rc.directView().push({ tries: 0 });
    await result(new client.Task('tries++; null.x', { retries: 5 }));
    const tries = await rc.directView().get<number>('tries');
    expect(tries.reduce((a, b) => a + b)).toBe(6);
    expect(Math.min(...tries)).toBeGreaterThanOrEqual(1);
  });

  it('S3 a task that ends its engines stops after its retries', async () => {
    const { client, result } = await session();
    const tr = await result(new client.Task('close(); await sleep(1)', { retries: 1 }));
    expect(tr.failure).toMatchObject({ ename: 'EngineError' });
  });

  it('S3 retries must be a whole number', async () => {
    const { client, tc } = await session();
    expect(() => tc.run(new client.Task('1', { retries: 1.5 }))).toThrow(TypeError);
    expect(() => tc.run(new client.Task('1', { retries: -1 }))).toThrow('negative');
  });

  it('S3 runs the recovery task when all tries have failed, and its recovery task', async () => {
    const { client, result } = await session();
    const last = new client.Task("a = 'last'", { pull: 'a' });
    const second = new client.Task('null.x', { recoveryTask: last });
    const first = new client.Task('null.x', { pull: 'a', retries: 1, recoveryTask: second });
    const tr = await result(first);
    expect(tr.ns['a']).toBe('last');
    expect(tr.failure).toBeNull();
  });

  it('S3 refuses recovery tasks that lead back to one another', async () => {
    const { client, tc } = await session();
    const a = new client.Task('1');
    const b = new client.Task('2', { recoveryTask: a });
    a.recoveryTask = b;
    expect(() => tc.run(a)).toThrow('lead back to <Task: 1>');
  });

  it('a later try sends what the values were when the task was run', async () => {
    const { client, tc, rc } = await session({ n: 1 });
    await rc.at(0).push({ tries: 0 });
    const list = [1, 2];
    const code = 'tries++; list.push(0); if (tries < 3) null.x';
    const id = tc.run(new client.Task(code, { push: { list }, pull: 'list', retries: 2 }));
    list.push(3);
    expect((await tc.getTaskResult(id, { block: true })).ns['list']).toEqual([1, 2, 0]);
  });
});

describe('depend', () => {
  it('a task that has failed waits for engines when the last is gone, and ends with its client', async () => {
    const { client, tc, rc, kill } = await session({ n: 1, hub: { respawn: false } });
    const over = tc.getTaskResult(tc.run(new client.Task('await sleep(100)', { retries: 3 })), {
      block: true,
    });
    await until(() => tc.queueStatus().pending === 1);
    kill(0);
    await until(() => rc.length === 0 && tc.queueStatus().scheduled === 1);
    // Something changes, and there is still no engine.
    tc.abort(tc.run(new client.Task('1')));
    expect(tc.queueStatus().scheduled).toBe(1);
    rc.close();
    expect((await over).failure?.name).toBe('RuntimeError');
  });

  it('a task that no engine suits ends with the cluster, and with its client', async () => {
    for (const end of ['cut', 'close'] as const) {
      const { client, tc, rc, cut } = await session({ n: 1 });
      const over = tc.getTaskResult(tc.run(new client.Task('1', { depend: () => false })), { block: true });
      await rc.wait();
      if (end === 'cut') cut('it fell over');
      else rc.close();
      expect((await over).failure?.name).toBe(end === 'cut' ? 'EngineError' : 'RuntimeError');
    }
  });

  it('S3 tries engines until the properties of one suit', async () => {
    const { client, result } = await session();
    const mec = new client.MultiEngineClient();
    await mec.setProperties({ RAM: 2 ** 33 }, { targets: [2] });
    const depend = (properties: Record<string, unknown>) => (properties['RAM'] as number) > 2 ** 32;
    const tr = await result(new client.Task('a = engine.id', { pull: 'a', depend }));
    expect(tr.ns['a']).toBe(2);
  });

  it('L.269 an exception of the predicate counts as false', async () => {
    const { client, result } = await session();
    const mec = new client.MultiEngineClient();
    await mec.setProperties({ disk: { size: 5 } }, { targets: [3] });
    const depend = (properties: Record<string, unknown>) => (properties['disk'] as { size: number }).size > 1;
    const tr = await result(new client.Task('a = engine.id', { pull: 'a', depend }));
    expect(tr.engineid).toBe(3);
  });

  it('S3 waits when no engine suits, until properties change', async () => {
    const { client, tc } = await session();
    const mec = new client.MultiEngineClient();
    const depend = (properties: Record<string, unknown>) => properties['ready'] === true;
    const id = tc.run(new client.Task('1', { depend }));
    await tc.barrier(tc.run(new client.Task('2')));
    expect(tc.getTaskResult(id)).toBeNull();
    expect(tc.queueStatus()).toMatchObject({ scheduled: 1 });
    await mec.setProperties({ ready: true }, { targets: [1] });
    expect((await tc.getTaskResult(id, { block: true })).engineid).toBe(1);
  });

  it('S3 spin makes waiting tasks try again after an engine changed its own properties', async () => {
    const { client, tc, rc } = await session({ n: 2 });
    const depend = (properties: Record<string, unknown>) => properties['ready'] === true;
    const id = tc.run(new client.Task('1', { depend }));
    await until(() => rc.outstanding.size === 0);
    await rc.at(1).execute('engine.properties.ready = true');
    expect(tc.getTaskResult(id)).toBeNull();
    tc.spin();
    expect((await tc.getTaskResult(id, { block: true })).engineid).toBe(1);
  });

  it('a task that waits goes to an engine that comes later', async () => {
    const { client, tc, rc } = await session({ n: 1 });
    const depend = () => (globalThis as unknown as { engine: { id: number } }).engine.id >= 1;
    const id = tc.run(new client.Task('1', { depend }));
    await until(() => rc.outstanding.size === 0);
    await rc.scale(2);
    expect((await tc.getTaskResult(id, { block: true })).engineid).toBe(1);
  });

  it('tasks wait for the first engine', async () => {
    const { client, tc, rc } = await session({ n: 0 });
    const id = tc.run(new client.Task('a = 1', { pull: 'a' }));
    expect(tc.queueStatus()).toMatchObject({ scheduled: 1 });
    await rc.scale(1);
    expect((await tc.getTaskResult(id, { block: true })).ns['a']).toBe(1);
  });
});

describe('abort', () => {
  it('S3 ends a task that has not started, and one that waits', async () => {
    const { client, tc, rc } = await session({ n: 1 });
    const slow = tc.run(new client.Task('await sleep(0.1)'));
    const queued = tc.run(new client.Task('b = 1', { retries: 5 }));
    tc.abort(queued);
    expect((await tc.getTaskResult(queued, { block: true })).failure).toMatchObject({ name: 'TaskAborted' });
    await tc.barrier(slow);
    expect(await rc.at(0).keys()).toEqual([]);

    const waiting = tc.run(new client.Task('1', { depend: () => false }));
    await until(() => rc.outstanding.size === 0);
    tc.abort(waiting);
    expect((tc.getTaskResult(waiting) as TaskResult).failure).toMatchObject({ name: 'TaskAborted' });
  });

  it('S3 a task that is over cannot be aborted', async () => {
    const { client, tc } = await session();
    const id = tc.run(new client.Task('1'));
    await tc.barrier(id);
    expect(() => {
      tc.abort(id);
    }).toThrow('Task Already Completed');
    expect(() => tc.getTaskResult(77)).toThrow('no task 77');
  });
});

it('what is no task is refused', async () => {
  const { tc, client } = await session();
  expect(() => tc.run('a = 1' as never)).toThrow(TypeError);
  expect(() => tc.run(new client.Task('1', { push: 5 as never }))).toThrow(TypeError);
  expect(() => new client.Task('1', { pulll: 'a' } as object)).toThrow('pulll');
});
