import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
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

beforeAll(async () => {
  [kernelScript, engineScript] = await Promise.all([
    buildThread('kernel-thread'),
    buildThread('engine-thread'),
  ]);
  meter = meterCopies();
}, 60_000);
afterAll(() => {
  meter.stop();
});
afterEach(() => {
  kernel.close();
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
  kernel = await threadKernel(kernelScript, n, engineScript);
  const setup = `const e0 = rc[0]; const dview = rc.directView(); const array = ${ARRAY}; ${before};
    await dview.apply(() => __copied()); __copied(); void 0`;
  expect((await kernel.run(setup)).status).toBe('ok');
  meter.take();
  expect(await kernel.run(`${cell}; void 0`)).toMatchObject({ status: 'ok' });
  const owner = meter.take();
  const { text } = await kernel.run(
    'console.log(JSON.stringify([__copied(), await rc.directView().apply(() => __copied())]))',
  );
  const [here, there] = JSON.parse(text) as [number, number[]];
  const times = (bytes: number) => Math.round((100 * bytes) / SIZE) / 100;
  return { kernel: times(here), owner: times(owner), engines: times(there.reduce((a, b) => a + b, 0)) };
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
    kernel.close();
    expect(await copiesOf(`await e0.apply(() => ({ a: transfer(${ARRAY}) }))`, 1)).toEqual(NONE);
  });

  test('what is read without await comes through shared memory: once in, once out', async () => {
    expect(await copiesOf(`e0.applySync(() => ${ARRAY})`, 1)).toEqual({ kernel: 1, owner: 1, engines: 1 });
  });
});

describe('arguments', () => {
  test('push and apply: one copy at the call; each further engine one more', async () => {
    expect(await copiesOf('await e0.push({ big: array })', 1)).toEqual({ ...NONE, kernel: 1 });
    kernel.close();
    expect(await copiesOf('await dview.apply((x) => x.length, array)', 3)).toEqual({
      ...NONE,
      kernel: 1,
      owner: 2,
    });
  });

  test('track: none; each further engine one', async () => {
    expect(await copiesOf('await e0.push({ big: array }, { track: true })', 1)).toEqual(NONE);
    kernel.close();
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
    kernel.close();
    expect(await copiesOf("await dview.scatter('part', both)", 8, 'globalThis.both = share(array)')).toEqual(
      NONE,
    );
  });
});
