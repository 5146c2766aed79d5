import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../../src/client/client.ts';
import { CompositeError } from '../../src/client/composite-error.ts';
import { Dependency } from '../../src/client/dependency.ts';
import { closeClusters, testCluster } from '../../src/testing/test-cluster.ts';
import { hasIpcontroller, Ipcontroller } from '../testing/ipcontroller.ts';
import { join, ORIGIN } from '../testing/joined-client.ts';
import { JsEngine } from '../testing/js-engine.ts';
import { Gateway } from './gateway.ts';

/**
 * The oracle: what a client sees must not depend on who schedules. One suite, run on our own controller and on an
 * unmodified `ipcontroller` with JavaScript engines behind a gateway. What the two cannot have in common is not in it:
 * docs/CLUSTER.md lists that, with the reasons.
 */
interface Backend {
  readonly rc: Client;
  readonly close: () => Promise<void>;
}

const N = 3;

async function own(): Promise<Backend> {
  const { rc } = await testCluster({ n: N });
  return {
    rc,
    close: () => {
      closeClusters();
      return Promise.resolve();
    },
  };
}

async function real(): Promise<Backend> {
  const controller = await Ipcontroller.start({ args: ['--TaskScheduler.hwm=1'] });
  const engines = await Promise.all(
    Array.from({ length: N }, () => JsEngine.start(['--file', controller.engineFile])),
  );
  const gateway = await Gateway.start({
    connection: controller.connection,
    host: '127.0.0.1',
    port: 0,
    origins: [ORIGIN],
  });
  const page = join(gateway.url, gateway.newCode());
  await page.rc.waitForEngines(N, { timeout: 60 });
  return {
    rc: page.rc,
    close: async () => {
      page.socket.close();
      await gateway[Symbol.asyncDispose]();
      await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()));
      await controller[Symbol.asyncDispose]();
    },
  };
}

declare const engine: { readonly id: number };
declare const sleep: (seconds: number) => Promise<void>;

const countAndFail = () => {
  (globalThis as unknown as { tried: number }).tried++;
  throw new RangeError('no');
};

const fails = () => {
  throw new RangeError('boom');
};

describe.each([
  ['our controller', true, own],
  ['ipcontroller', hasIpcontroller, real],
] as const)('on %s', (_, isThere, open) => {
  let backend: Backend;
  let rc: Client;
  beforeAll(async () => {
    if (!isThere) return;
    backend = await open();
    ({ rc } = backend);
  }, 120_000);
  afterAll(async () => {
    if (isThere) await backend.close();
  });
  afterEach(async () => {
    if (isThere) await rc.wait(null, 20);
  });
  const it = test.skipIf(!isThere);

  describe('direct', () => {
    it('one engine gives a value, several a list in target order', async () => {
      const [first = 0, second = 0] = rc.ids;
      expect(await rc.at(0).apply((a: number, b: number) => a + b, 2, 3)).toBe(5);
      expect(await rc.view([second, first]).apply(() => engine.id)).toEqual([second, first]);
    });

    it('names stay, in order', async () => {
      const view = rc.view(':');
      await view.push({ a: 1 });
      await view.execute('a += 1; const b = a * 2');
      expect(await view.pull(['a', 'b'])).toEqual(Array(N).fill([2, 4]));
      expect(await rc.at(0).keys()).toEqual(expect.arrayContaining(['a', 'b']));
    });

    it('scatter and gather', async () => {
      const view = rc.view(':');
      await view.scatter('x', [1, 2, 3, 4, 5, 6]);
      await view.execute('x = x.map((n) => n * n)');
      expect(await view.gather('x')).toEqual([1, 4, 9, 16, 25, 36]);
    });

    it('map keeps order', async () => {
      expect(await rc.view(':').map((x: number) => x * 2, [1, 2, 3, 4, 5])).toEqual([2, 4, 6, 8, 10]);
    });

    it('clear empties the namespace', async () => {
      await rc.at(0).push({ gone: 1 });
      await rc.clear(rc.ids[0]);
      await expect(rc.at(0).pull('gone')).rejects.toMatchObject({ ename: 'ReferenceError' });
    });
  });

  describe('values', () => {
    it('keep their types and their identity', async () => {
      const loop: { self?: unknown } = {};
      loop.self = loop;
      const value = [new Map([['k', new Set([1n])]]), new Date(5), undefined, -0, NaN, /a/g, loop];
      const back = (await rc.at(0).apply((x: unknown) => x, value)) as unknown[];
      expect(back).toEqual(value);
      expect((back[6] as typeof loop).self).toBe(back[6]);
    });

    it('buffers come and go as they are', async () => {
      const big = new Float64Array(1 << 19).fill(0.5);
      const back = await rc.at(0).apply((x: Float64Array) => x.map((n) => n * 2), big);
      expect([back.length, back[0], back.at(-1)]).toEqual([1 << 19, 1, 1]);
      expect(big[0]).toBe(0.5);
    });

    it('functions and classes travel', async () => {
      const twice = (f: (x: number) => number) => (x: number) => f(f(x));
      const f: unknown = await rc.at(0).apply(twice as never, ((x: number) => x + 3) as never);
      expect(typeof f).toBe('function');
    });
  });

  describe('load-balanced', () => {
    it('runs everything, somewhere', async () => {
      const ids = await rc.loadBalancedView().map(() => engine.id, Array(12).fill(0));
      expect(ids).toHaveLength(12);
      for (const id of ids) expect(rc.ids).toContain(id);
    });

    it('targets bind', async () => {
      const [, second = 0] = rc.ids;
      const view = rc.loadBalancedView([second]);
      expect(new Set(await view.map(() => engine.id, [1, 2, 3, 4]))).toEqual(new Set([second]));
    });

    it('after waits; follow goes where it ran', async () => {
      const view = rc.loadBalancedView();
      const first = view.apply(async () => {
        await sleep(0.05);
        return [engine.id, Date.now()];
      });
      const after = view.with({ after: [first] }).apply(() => Date.now());
      const follow = view.with({ follow: [first] }).apply(() => engine.id);
      const [id, ended] = await first;
      expect(await after).toBeGreaterThanOrEqual(ended ?? Infinity);
      expect(await follow).toBe(id);
    });

    it('a dependency that fails makes what waits for success impossible, and lets what waits for failure run', async () => {
      const view = rc.loadBalancedView();
      const failed = view.apply(fails);
      const never = view.with({ after: [failed] }).apply(() => 1);
      const always = view
        .with({ after: new Dependency([failed], { success: false, failure: true }) })
        .apply(() => 'ran');
      await expect(never).rejects.toMatchObject({ ename: 'ImpossibleDependency' });
      expect(await always).toBe('ran');
      await expect(failed).rejects.toMatchObject({ ename: 'RangeError' });
    });

    it('following tasks of two engines is impossible', async () => {
      const [a = 0, b = 0] = rc.ids;
      const first = rc.loadBalancedView([a]).apply(() => 1);
      const second = rc.loadBalancedView([b]).apply(() => 2);
      await Promise.all([first, second]);
      const both = rc
        .loadBalancedView()
        .with({ follow: [first, second] })
        .apply(() => 3);
      await expect(both).rejects.toMatchObject({ ename: 'ImpossibleDependency' });
    });

    it('a timeout ends what could not start', async () => {
      const [a = 0] = rc.ids;
      const view = rc.loadBalancedView([a]);
      const long = view.apply(() => sleep(1));
      const late = view.with({ timeout: 0.2 }).apply(() => 1);
      await expect(late).rejects.toMatchObject({ ename: 'TaskTimeout' });
      await long;
    });

    it('retries try other engines first, and end', async () => {
      const view = rc.loadBalancedView().with({ retries: N - 1 });
      await rc.view(':').push({ tried: 0 });
      await expect(view.apply(countAndFail)).rejects.toMatchObject({
        ename: 'RangeError',
      });
      expect(await rc.view(':').pull('tried')).toEqual(Array(N).fill(1));
    });

    it('where chooses engines by their properties', async () => {
      const [, second = 0] = rc.ids;
      await rc.setProperties({ gpu: true }, { targets: second });
      const view = rc.loadBalancedView().with({ where: (p: { gpu?: boolean }) => p.gpu === true });
      expect(await view.apply(() => engine.id)).toBe(second);
    });
  });

  describe('errors', () => {
    it('keep their name, text and engine', async () => {
      const [first = 0] = rc.ids;
      await expect(rc.at(0).apply(fails)).rejects.toMatchObject({
        name: 'RemoteError',
        ename: 'RangeError',
        evalue: 'boom',
        engineInfo: { engineId: first, method: 'apply' },
      });
    });

    it('of several engines are one CompositeError', async () => {
      const error: unknown = await rc
        .view(':')
        .apply(fails)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CompositeError);
      expect((error as CompositeError).elist).toHaveLength(N);
    });

    it('a syntax error is the engine’s', async () => {
      await expect(rc.at(0).execute('const = 1')).rejects.toMatchObject({ ename: 'SyntaxError' });
    });
  });

  describe('output', () => {
    it('arrives whole and in order, before the result', async () => {
      const ar = rc.at(0).execute('for (let i = 0; i < 300; i++) console.log(i)');
      await ar;
      expect(ar.stdout).toBe(Array.from({ length: 300 }, (_, i) => `${String(i)}\n`).join(''));
    });

    it('displays, results, published data and progress', async () => {
      const ar = rc
        .at(0)
        .execute('console.error("oh"); display({ x: 1 }); publishData({ n: 5 }); 6 * 7', { silent: false });
      await ar;
      expect(ar.stderr).toBe('oh\n');
      expect(ar.outputs).toHaveLength(1);
      expect(ar.data).toEqual({ n: 5 });
      expect(ar.executeResult).toMatchObject({ data: { 'text/plain': '42' } });
    });
  });

  describe('control', () => {
    it('abort takes out what has not started, and leaves what runs', async () => {
      const view = rc.at(0);
      const running = view.execute('console.log("begun"); await sleep(0.3); ran = true');
      const queued = view.apply(() => 'never');
      await new Promise<void>((resolve) => {
        running.jobs[0]?.onEvent(() => {
          resolve();
        });
      });
      await queued.abort();
      await expect(queued).rejects.toMatchObject({ ename: 'TaskAborted' });
      await running;
      expect(await view.pull('ran')).toBe(true);
    });

    it('interrupt ends what runs and keeps the names', async () => {
      const view = rc.at(0);
      await view.push({ kept: 'yes' });
      const running = view.execute('console.log("here"); await sleep(60)');
      await new Promise<void>((resolve) => running.jobs[0]!.onEvent(() => resolve()));
      rc.interrupt();
      await expect(running).rejects.toMatchObject({ ename: 'KeyboardInterrupt' });
      expect(await view.pull('kept')).toBe('yes');
    });

    it('queueStatus counts', async () => {
      const asked = async () => (await rc.queueStatus()) as Record<string, unknown>;
      expect(Object.keys(await asked()).sort()).toEqual([...rc.ids.map(String), 'unassigned'].sort());
      // The hub hears of an answer after its client does.
      await expect.poll(async () => (await asked())[rc.ids[0] ?? 0]).toMatchObject({ queue: 0, tasks: 0 });
    });

    it('a result is had again by its id', async () => {
      const ar = rc.at(0).apply(() => 'again');
      await ar;
      expect(await rc.getResult(ar.msgIds[0])).toBe('again');
      await expect(rc.getResult('nobody_1' as never)).rejects.toMatchObject({ name: 'KeyError' });
    });
  });

  it('broadcast views reach all', async () => {
    const view = rc.broadcastView();
    expect(await view.apply(() => engine.id)).toEqual(rc.ids);
  });
});
