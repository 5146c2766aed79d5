import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { meterCopies, type CopyMeter } from '../testing/copy-meter.ts';
import { buildThread } from '../testing/thread-script.ts';
import { threadKernel, type ThreadKernel } from '../testing/thread-kernel.ts';

/**
 * How often large memory is copied on its way between a kernel and engines, each in a thread of its own: all copies
 * in all threads are counted.
 */
let kernelScript = '';
let engineScript = '';
let meter: CopyMeter;
let kernel: ThreadKernel;
/** What `kernel` is: cells on as many engines, after the same beginning, share one. */
let begun = '';

beforeAll(async () => {
  [kernelScript, engineScript] = await Promise.all([
    buildThread('kernel-thread'),
    buildThread('engine-thread'),
  ]);
  meter = meterCopies();
}, 60_000);
afterAll(() => {
  kernel.close();
  meter.stop();
});

/** Bytes of the arrays below. */
const SIZE = 8 << 20;
const ARRAY = `new Float64Array(${String(SIZE / 8)}).fill(1)`;

interface Copies {
  /** How often as many bytes as one array has were copied, in each kind of thread. */
  readonly kernel: number;
  readonly owner: number;
  readonly engines: number;
}

/** Of one cell on `n` engines; what `before` does is not counted. */
async function copiesOf(cell: string, n: number, before = '0'): Promise<Copies> {
  await begin(n, before);
  const first = `array = ${ARRAY}; await dview.apply(() => __copied()); __copied(); void 0`;
  expect((await kernel.run(first)).status).toBe('ok');
  meter.take();
  expect(await kernel.run(`{${cell}}; void 0`)).toMatchObject({ status: 'ok' });
  const owner = meter.take();
  const { text } = await kernel.run(
    'console.log(JSON.stringify([__copied(), await rc.directView().apply(() => __copied())]))',
  );
  const [here, there] = JSON.parse(text) as [number, number[]];
  const times = (bytes: number) => Math.round((1000 * bytes) / SIZE) / 1000;
  return { kernel: times(here), owner: times(owner), engines: times(there.reduce((a, b) => a + b, 0)) };
}

async function begin(n: number, before: string): Promise<void> {
  if (begun === `${String(n)} ${before}`) return;
  if (begun !== '') kernel.close();
  begun = `${String(n)} ${before}`;
  kernel = await threadKernel(kernelScript, n, engineScript);
  const setup = `const e0 = rc[0]; const dview = rc.directView(); array = ${ARRAY}; ${before}; void 0`;
  expect((await kernel.run(setup)).status).toBe('ok');
}

const NONE: Copies = { kernel: 0, owner: 0, engines: 0 };

describe('results above 1 MiB are copied once, where they are made, and moved from there', () => {
  test.each([
    ['apply', `await e0.apply(() => ${ARRAY})`, 1],
    ['apply on three engines', `await dview.apply(() => ${ARRAY})`, 3],
    ['pull', "await e0.pull('big')", 1],
    ['a variable inside an object', 'await e0.apply(() => ({ a: [new Map([[1, big]])] }))', 1],
    [
      'a part of a large buffer takes its part along',
      'await e0.apply(() => big.subarray(0, big.length / 2))',
      0.5,
    ],
    ['the same buffer twice', 'await e0.apply(() => [big, new Uint8Array(big.buffer), big])', 1],
    ['a balanced task', `await rc.loadBalancedView().apply(() => ${ARRAY})`, 1],
  ])('%s', async (_, cell, engines) => {
    const before = `await dview.execute('globalThis.big = ${ARRAY}')`;
    expect(await copiesOf(cell, 3, before)).toEqual({ ...NONE, engines });
  });

  test('return transfer(array) copies nothing', async () => {
    expect(await copiesOf(`await e0.apply(() => transfer(${ARRAY}))`, 1)).toEqual(NONE);
    expect(await copiesOf(`await e0.apply(() => ({ a: transfer(${ARRAY}) }))`, 1)).toEqual(NONE);
  });
});

describe('results above 1 MiB that are waited for without await are copied twice: into shared memory where they are made, and out of it', () => {
  const big = `await dview.execute('globalThis.big = ${ARRAY}')`;
  test.each([
    ['applySync', `e0.applySync(() => ${ARRAY})`, 1],
    ['applySync on three engines', `dview.applySync(() => ${ARRAY})`, 3],
    ['a view that blocks', `e0.with({ block: true }).apply(() => ${ARRAY})`, 1],
    ['pull', "e0.pull('big', { block: true })", 1],
    ["view['name']", "e0['big']", 1],
    ['ar.r', `const ar = e0.applyAsync(() => ${ARRAY}); ar.r`, 1],
    ['a plain for', `for (const x of dview.applyAsync(() => ${ARRAY})) void x`, 3],
    ['a map', `rc.loadBalancedView().mapSync(() => ${ARRAY}, range(3))`, 3],
    ['waiting first', `const ar = e0.applyAsync(() => ${ARRAY}); ar.waitSync(); ar.r`, 1],
    ['a variable inside an object', 'e0.applySync(() => ({ a: [new Map([[1, big]])] }))', 1],
    ['a part of a large buffer', 'e0.applySync(() => big.subarray(0, big.length / 2))', 0.5],
    ['the same buffer twice', 'e0.applySync(() => [big, new Uint8Array(big.buffer), big])', 1],
    ['several calls', `e0.applySync(() => ${ARRAY}); e0.applySync(() => ${ARRAY})`, 2],
  ])('%s', async (_, cell, n) => {
    expect(await copiesOf(cell, 3, big)).toEqual({ owner: 0, engines: n, kernel: n });
  });

  test('gather: the parts are joined straight out of shared memory', async () => {
    expect(await copiesOf("dview.gather('big', { block: true })", 3, big)).toEqual({
      owner: 0,
      engines: 3,
      kernel: 3,
    });
  });

  test('a list of smaller arrays: all but the first MiB', async () => {
    const list = '() => Array.from({ length: 16 }, () => new Float64Array(1 << 16))';
    const { owner, kernel } = await copiesOf(`e0.applySync(${list})`, 1);
    expect([owner, kernel]).toEqual([0.125, 1]);
  });

  test('return transfer(array): one into shared memory, one out of it', async () => {
    expect(await copiesOf(`e0.applySync(() => transfer(${ARRAY}))`, 1)).toEqual({
      kernel: 1,
      owner: 1,
      engines: 0,
    });
  });

  test.each([
    ['an engine that waits', `sleep(0.3).then(() => ${ARRAY})`],
    [
      'an engine that does not pause',
      `{ const until = Date.now() + 300; while (Date.now() < until); return ${ARRAY} }`,
    ],
  ])('the request had left before anybody blocked, to %s', async (_, body) => {
    const cell = `const ar = dview.applyAsync(() => ${body}); await sleep(0.05); ar.r`;
    expect(await copiesOf(cell, 3)).toEqual({ owner: 0, engines: 3, kernel: 3 });
  });

  test('three times if the result was on its way already', async () => {
    const cell = `
      const ar = e0.applyAsync(() => ${ARRAY});
      await Promise.resolve();
      const until = Date.now() + 500;
      while (Date.now() < until);
      ar.r`;
    expect(await copiesOf(cell, 1)).toEqual({ kernel: 1, owner: 1, engines: 1 });
  });

  test('and once if somebody awaits who has just blocked', async () => {
    const cell = `await e0.apply(() => ${ARRAY})`;
    expect(await copiesOf(cell, 1, 'e0.applySync(() => new Float64Array(1 << 18))')).toEqual({
      ...NONE,
      engines: 1,
    });
  });
});

describe('arguments', () => {
  test('push and apply: one copy at the call; each further engine one more', async () => {
    expect(await copiesOf('await e0.push({ big: array })', 1)).toEqual({ ...NONE, kernel: 1 });
    expect(await copiesOf('await dview.apply((x) => x.length, array)', 3)).toEqual({
      ...NONE,
      kernel: 1,
      owner: 2,
    });
  });

  test('track: none; each further engine one', async () => {
    expect(await copiesOf('await e0.push({ big: array }, { track: true })', 1)).toEqual(NONE);
    const inside =
      'await dview.with({ track: true }).apply(({ deep }) => deep[0].length, { deep: [array, array] })';
    expect(await copiesOf(inside, 3)).toEqual({ ...NONE, owner: 2 });
  });

  test('scatter and map with track: each part is cut out once, and moved', async () => {
    expect(await copiesOf("await dview.scatter('part', array, { track: true })", 2)).toEqual({
      ...NONE,
      kernel: 1,
    });
  });

  test('share to eight engines: one copy in all', async () => {
    expect(await copiesOf('await dview.push({ big: share(array) })', 8)).toEqual({ ...NONE, kernel: 1 });
    expect(await copiesOf("await dview.scatter('part', both)", 8, 'globalThis.both = share(array)')).toEqual(
      NONE,
    );
  });
});
