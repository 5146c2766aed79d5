import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { compileCell } from '../../lang/compile-cell.ts';
import { closeClusters, testCluster, type TestClusterOptions } from '../../testing/test-cluster.ts';
import { classicModule } from './index.ts';
import type { PendingResult } from './pending-result.ts';
import type { ResultsList } from './results-list.ts';

afterEach(closeClusters);

async function session(options: TestClusterOptions = {}) {
  const cluster = await testCluster(options);
  const activated: object[] = [];
  const { client } = classicModule(cluster.rc, {
    clock: systemClock,
    compile: (source, url) => compileCell(source, { url }),
    activate: (view) => activated.push(view),
  });
  return { ...cluster, client, activated, mec: new client.MultiEngineClient() };
}

/** Resolves when the condition holds; the cluster's messages go on meanwhile. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

const lines = (...text: string[]) => ['<Results List>', ...text].join('\n');
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('the MultiEngine session of 2008, line by line', () => {
  it('S3 runs code, and prints what each engine did', async () => {
    const { client, rc } = await session();
    const mec = new client.MultiEngineClient();
    expect(mec.getIds()).toEqual([0, 1, 2, 3]);
    expect(mec['get_ids']).toBeTypeOf('function');

    expect(String(await mec.execute('a=5'))).toBe(
      lines('[0] In [1]: a=5', '[1] In [1]: a=5', '[2] In [1]: a=5', '[3] In [1]: a=5'),
    );
    await mec.execute('b=10');
    expect(String(await mec.execute('c=a+b', { targets: [0, 2] }))).toBe(
      lines('[0] In [3]: c=a+b', '[2] In [3]: c=a+b'),
    );
    expect(String(await mec.execute('c=a-b', { targets: [1, 3] }))).toBe(
      lines('[1] In [3]: c=a-b', '[3] In [3]: c=a-b'),
    );
    const print = 'console.log(c)';
    expect(String(await mec.execute(print))).toBe(
      lines(...[15, -5, 15, -5].flatMap((c, id) => [`[${id}] In [4]: ${print}`, `[${id}] Out[4]: ${c}`])),
    );

    const code = 'd=10; console.log(d)';
    const results = await mec.execute(code);
    const seen = [];
    for (const r of results) seen.push(r);
    expect(seen).toEqual(
      rc.ids.map((id) => ({ input: { translated: code, raw: code }, number: 5, id, stdout: '10\n' })),
    );
  });

  it('S3 hands out PendingResults without blocking, and waits for many of them', async () => {
    const { mec } = await session();
    const pr = mec.execute('await sleep(0.02)', { block: false }) as PendingResult<ResultsList>;
    expect(pr.getResult({ block: false })).toBeNull();
    const shown = lines(...range(4).map((id) => `[${id}] In [1]: await sleep(0.02)`));
    expect(String(await pr.getResult())).toBe(shown);
    expect(String(await pr.r)).toBe(shown);
    expect(String(pr.getResult({ block: false }))).toContain('In [1]');

    mec.block = false;
    const list = range(10).map(() => mec.execute('await sleep(0.001)') as PendingResult<ResultsList>);
    await mec.barrier(list);
    expect(list.every((one) => one.ready())).toBe(true);
    expect(String(await list[0]?.r)).toBe(
      lines(...range(4).map((id) => `[${id}] In [2]: await sleep(0.001)`)),
    );
  });

  it('S3 takes targets and block from its attributes unless a call says otherwise', async () => {
    const { mec } = await session();
    mec.targets = [0, 2];
    mec.block = false;
    const pr = mec.execute('a=5') as PendingResult<ResultsList>;
    expect(String(await pr.r)).toBe(lines('[0] In [1]: a=5', '[2] In [1]: a=5'));
    mec.targets = 'all';
    mec.block = true;
    const code = 'b=10; console.log(b)';
    expect(String(await mec.execute(code))).toBe(
      lines(
        `[0] In [2]: ${code}`,
        '[0] Out[2]: 10',
        `[1] In [1]: ${code}`,
        '[1] Out[1]: 10',
        `[2] In [2]: ${code}`,
        '[2] Out[2]: 10',
        `[3] In [1]: ${code}`,
        '[3] Out[1]: 10',
      ),
    );
  });

  it('S3 gives its own view to the magics', async () => {
    const { mec, activated } = await session();
    mec.activate();
    mec.block = false;
    mec.targets = [1, 3];
    expect(activated).toMatchObject([{ block: false, targets: [1, 3] }]);
  });

  it('S3 finds results of commands again', async () => {
    const { mec } = await session();
    expect(() => mec.getResult()).toThrow('no command');
    await mec.execute('console.log(1)');
    await mec.execute('console.log(2)', { targets: [1] });
    expect(String(await mec.getResult())).toContain('[0] Out[1]: 1');
    expect(String(await mec.getResult())).toContain('[1] Out[2]: 2');
    expect(String(await mec.getResult(1, { targets: 1 }))).toBe(
      lines('[1] In [1]: console.log(1)', '[1] Out[1]: 1'),
    );
    expect(() => mec.getResult(7)).toThrow('In [7]');
  });

  it('S3 moves values, lists even for one engine', async () => {
    const { mec } = await session();
    expect(await mec.push({ a: 1.03234, b: 3453 })).toEqual([null, null, null, null]);
    expect(await mec.pull('a')).toEqual([1.03234, 1.03234, 1.03234, 1.03234]);
    expect(await mec.pull('b', { targets: 0 })).toEqual([3453]);
    expect(await mec.pull(['a', 'b'])).toEqual(range(4).map(() => [1.03234, 3453]));
    expect(await mec.zipPull(['a', 'b'])).toEqual([
      [1.03234, 1.03234, 1.03234, 1.03234],
      [3453, 3453, 3453, 3453],
    ]);
    expect(await mec.push({ c: 'speed' })).toEqual([null, null, null, null]);
    expect(String(await mec.execute('console.log(c)'))).toContain('[3] Out[1]: speed');
    mec.block = false;
    const pr = mec.pull('a') as PendingResult<unknown[]>;
    expect(await pr.r).toEqual([1.03234, 1.03234, 1.03234, 1.03234]);
  });

  it('S3 moves functions', async () => {
    const { mec } = await session();
    const f = (x: number) => 2.0 * x ** 4;
    expect(await mec.pushFunction({ f })).toEqual([null, null, null, null]);
    await mec.execute('y = f(4.0)');
    expect(String(await mec.execute('console.log(y)'))).toContain('[0] Out[2]: 512');
    const [pulled] = (await mec.pullFunction('f')) as [typeof f];
    expect(pulled(4)).toBe(512);
    expect(() => mec.pushFunction({ f: 5 })).toThrow(TypeError);
  });

  it('S3 is a dictionary of the engines’ variables', async () => {
    const { mec } = await session();
    mec['a'] = ['foo', 'bar'];
    expect(await mec['a']).toEqual(range(4).map(() => ['foo', 'bar']));
    expect(await mec.keys()).toEqual(range(4).map(() => ['a']));
    expect(() => Reflect.set(mec, 'execute', 5)).toThrow('name of the API');
    expect(await (mec as unknown)).toBe(mec);
  });

  it('S3 scatters, gathers and maps', async () => {
    const { mec } = await session();
    expect(await mec.scatter('a', range(16))).toEqual([null, null, null, null]);
    expect(await mec.pull('a')).toEqual([range(4), [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]);
    expect(await mec.gather('a')).toEqual(range(16));
    const serial = range(32).map((x) => x ** 10);
    expect(await mec.map((x: number) => x ** 10, range(32))).toEqual(serial);
    expect(await mec.map((x: number) => x + 1, range(4), { targets: [2] })).toEqual([1, 2, 3, 4]);
    await mec.scatter('x', range(64));
    await mec.execute('y = x.map((i) => i ** 10)');
    const y = await mec.gather('y');
    expect(y.slice(0, 9)).toEqual([0, 1, 1024, 59049, 1048576, 9765625, 60466176, 282475249, 1073741824]);
    expect(await mec.parallel((xs: number[]) => xs.length)(range(10))).toEqual([3, 3, 2, 2]);
  });

  it('S3 raises the errors of all engines, and one of them if asked', async () => {
    const { mec, client } = await session();
    const fails = async () => {
      await mec.execute('null.x');
    };
    const error = await fails().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(client.CompositeError);
    expect(String(error).match(/^\[\d:execute\] TypeError/gm)).toHaveLength(4);
    if (!(error instanceof client.CompositeError)) throw error;
    expect(() => error.raiseException()).toThrow(/null/);

    mec.block = false;
    const pr = mec.execute('null.x') as PendingResult;
    await expect(pr.r).rejects.toBeInstanceOf(client.CompositeError);
  });

  it('S3 empties namespaces and queues, and ends engines', async () => {
    const { mec, rc } = await session();
    await mec.push({ a: 1 });
    await mec.reset({ targets: [0] });
    await expect(mec.pull('a', { targets: [0] })).rejects.toThrow('one or more exceptions raised in: pull');
    expect(await mec.pull('a', { targets: [1] })).toEqual([1]);

    mec.block = false;
    const running = mec.execute('await sleep(0.05)') as PendingResult;
    await until(() => rc.engines.every((engine) => engine.running !== null));
    const queued = mec.execute('b = 1') as PendingResult;
    await mec.clearQueue();
    await expect(queued.r).rejects.toThrow();
    await running;
    expect(await mec.queueStatus({ targets: [1] })).toHaveProperty('1');

    await mec.kill({ targets: [3] });
    expect(rc.ids).toEqual([0, 1, 2]);
  });

  it('S3 keeps properties of engines', async () => {
    const { mec } = await session();
    await mec.setProperties({ RAM: 2 ** 33 }, { targets: [1, 2] });
    expect(await mec.getProperties()).toEqual([{}, { RAM: 2 ** 33 }, { RAM: 2 ** 33 }, {}]);
    expect(await mec.hasProperties(['RAM'])).toEqual([[false], [true], [true], [false]]);
    await mec.delProperties(['RAM'], { targets: 1 });
    expect(await mec.getProperties(['RAM'], { targets: [1, 2] })).toEqual([
      { RAM: undefined },
      { RAM: 2 ** 33 },
    ]);
    await mec.clearProperties();
    expect(await mec.getProperties()).toEqual([{}, {}, {}, {}]);
  });

  it('S3 knows the spelling of its time', async () => {
    const { mec } = await session();
    const old = mec as unknown as Record<string, (...args: unknown[]) => unknown>;
    await old['push']?.({ a: 1 });
    expect(await old['zip_pull']?.(['a'])).toEqual([[1, 1, 1, 1]]);
    expect(old['get_ids']?.()).toEqual([0, 1, 2, 3]);
  });

  it('refuses options that do not exist', async () => {
    const { mec } = await session();
    expect(() => mec.execute('a=5', { blok: true } as object)).toThrow('blok');
  });
});

it('blocks where something can block, and gives the results themselves', async () => {
  const waited: (() => boolean)[] = [];
  const { mec } = await session({
    environment: {
      blocker: {
        wait: (until) => {
          waited.push(until);
          return null;
        },
      },
    },
  });
  // This blocker gives up at once, as one that times out: what is waited for is still to be awaited.
  const pr = mec.pull('1 + 1') as PendingResult<number[]>;
  expect(waited).toHaveLength(1);
  expect(await pr).toEqual([2, 2, 2, 2]);
  // All is there: nothing to wait for.
  expect(pr.r).toEqual([2, 2, 2, 2]);
});
