import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createCellJoins } from '../../src/app/join/cell-joins.ts';
import { createNotices } from '../../src/app/notices.ts';
import { systemClock, systemTimers } from '../../src/base/clock.ts';
import { joinCluster } from '../../src/cluster.ts';
import { JoinDesk } from '../../src/runtime/join-desk.ts';
import { closeKernels, testKernel, type TestKernel } from '../../src/testing/test-kernel.ts';
import { JoinSocket } from '../../src/transport/gateway/join-socket.ts';
import { portTo } from '../../src/transport/gateway/line.ts';
import { createClusterStore } from '../../src/ui/stores/cluster-store.ts';
import { createPageStore } from '../../src/ui/stores/page-store.ts';
import { hasIpcontroller, Ipcontroller } from '../testing/ipcontroller.ts';
import { ORIGIN } from '../testing/joined-client.ts';
import { JsEngine } from '../testing/js-engine.ts';
import { PythonEngines } from '../testing/python-engines.ts';
import { Gateway } from './gateway.ts';

/** A page and its kernel in this process: whoever asks is let in when the reader agrees. */
async function page(agrees: boolean) {
  const cluster = createClusterStore();
  const view = createPageStore();
  const joins = createCellJoins({
    cluster,
    page: view,
    notices: createNotices(view),
    here: () => new URL(ORIGIN),
    cellOf: () => null,
    load: () =>
      Promise.resolve({
        openLine: (url, ticket, onState) => {
          const socket = new JoinSocket({
            url,
            ticket,
            open: (address, protocols) => {
              const wire = new WebSocket(address, protocols, { origin: ORIGIN, perMessageDeflate: false });
              wire.on('error', () => undefined);
              return wire;
            },
            clock: systemClock,
            timers: systemTimers,
            random: Math.random,
            onState,
          });
          return {
            port: portTo(socket),
            retryNow: () => undefined,
            drop: () => undefined,
            leave: () => {
              socket.close();
            },
          };
        },
      }),
    joined: (n, place, port) => {
      desk.joined(n, place, { joinCluster }, port);
    },
    refused: (n, reason) => {
      desk.refused(n, reason);
    },
  });
  view.subscribe(({ dialog }) => {
    if (dialog === 'join') {
      if (agrees) joins.accept();
      else view.setState({ dialog: null });
    }
  });
  const desk = new JoinDesk((event) => {
    if (event.type === 'join-asked' || event.type === 'join-withdrawn') joins.hear(event);
  });
  const kernel: TestKernel = await testKernel({ n: 2, joinCluster: desk.join });
  return { kernel, cluster, joins };
}

/** `Cluster.join` in cells, with an unmodified ipcontroller. */
describe.skipIf(!hasIpcontroller)('cells join a real cluster', () => {
  let controller: Ipcontroller;
  let engines: { [Symbol.asyncDispose](): Promise<void> }[];
  let gateway: Gateway;
  beforeAll(async () => {
    controller = await Ipcontroller.start({ args: ['--dictdb'] });
    engines = [
      await JsEngine.start(['--file', controller.engineFile]),
      await JsEngine.start(['--file', controller.engineFile]),
      new PythonEngines(controller, 1),
    ];
    gateway = await Gateway.start({
      connection: controller.connection,
      host: '127.0.0.1',
      port: 0,
      origins: [ORIGIN],
    });
  }, 120_000);
  afterAll(async () => {
    closeKernels();
    await gateway[Symbol.asyncDispose]();
    await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()));
    await controller[Symbol.asyncDispose]();
  });
  const link = (): string =>
    JSON.stringify(`#join=${encodeURIComponent(gateway.url)}&t=${gateway.newCode()}`);

  test('its views work beside the notebook’s own, and it is left', async () => {
    const { kernel, cluster } = await page(true);
    const { text } = await kernel.run(`
      const cluster = await Cluster.join(${link()});
      const c = await cluster.startAndConnect({ n: 3 });
      await c.javascript.push({ x: 20 });
      await c.python.push({ y: [1, 2, 3] });
      const there = [await c.javascript.apply(() => x + 1), await c.python.pull('sum(y)')];
      const balanced = await c.loadBalancedView().map((n) => n * n, [1, 2, 3]);
      console.log(String(cluster), cluster.n, cluster.isRunning, cluster instanceof Cluster);
      console.log(there, balanced, await rc[':'].apply(() => typeof x), rc.ids);
      await cluster.stopCluster();`);
    expect(text).toContain(`<Cluster(clusterId="${new URL(gateway.url).host}", controller=<joined>`);
    expect(text).toContain('3 true true');
    expect(text).toContain("[ [ 21, 21 ], [ 6 ] ] [ 1, 4, 9 ] [ 'undefined', 'undefined' ] [ 0, 1 ]");
    await expect.poll(() => cluster.getState().cellJoins).toEqual([]);
    // It goes on without us: the next one finds what was left there.
    const again = await kernel.run(`
      const second = await Cluster.join(${link()});
      const d = await second.connectClient();
      const found = await d.javascript.pull('x');
      await second.stopCluster();
      [found, second.isRunning]`);
    expect(again.text).toContain('[ [ 20, 20 ], false ]');
  });

  test('what belongs to others is not started or stopped, and what was left says so', async () => {
    const { kernel } = await page(true);
    const { text } = await kernel.run(`
      const cluster = await Cluster.join(${link()});
      const c = await cluster.startAndConnect({ n: 3 });
      const failures = [];
      for (const what of [
        () => cluster.stopEngines(), () => cluster.startEngines(2), () => cluster.restartEngines(),
        () => cluster.startController(),
      ]) await what().catch((error) => failures.push(error.name + ': ' + error.message));
      const { ids } = c;
      const pending = c.javascript.applyAsync(() => sleep(60));
      await cluster.stopCluster();
      failures.push(String(await pending.exception()));
      await cluster.connectClient().catch((error) => failures.push(error.message));
      console.log(failures.join('\\n'));
      ids.length`);
    // stopEngines, restartEngines and startController.
    expect(
      text.match(/RuntimeError: This cluster was joined: its controller and engines belong to/g),
    ).toHaveLength(3);
    expect(text).toMatch(
      /RuntimeError: Engines of a cluster are started where the cluster is: with 'ipcluster/,
    );
    expect(text).toMatch(/EngineError: You left the cluster/);
    expect(text).toMatch(/Join it again: await Cluster.join\(link\)/);
    expect(text).toContain('Out[1]: 3');
  });

  test('what cannot be joined says why, and the code in the link appears nowhere', async () => {
    const { kernel } = await page(true);
    const said = async (argument: string): Promise<string> =>
      (await kernel.run(`await Cluster.join(${argument}).catch((error) => String(error))`)).text;
    expect(await said('"nonsense"')).toMatch(/JoinError: This is no join link. tutti-gateway prints one/);
    expect(await said('5')).toMatch(/TypeError: Cluster.join\(link\) takes the text/);
    const wrong = `#join=${encodeURIComponent(gateway.url)}&t=wrong-code`;
    const refused = await said(JSON.stringify(wrong));
    expect(refused).toMatch(/JoinError: The join code is wrong or used/);
    const nobody = await said('"#join=ws%3A%2F%2F127.0.0.1%3A9%2F&t=wrong-code"');
    expect(nobody).toMatch(/JoinError: No gateway can be reached at 127.0.0.1:9/);
    const raised = await kernel.run(`await Cluster.join(${JSON.stringify(wrong)})`);
    expect(raised.text).toMatch(/JoinError: The join code is wrong or used/);
    expect(refused + nobody + JSON.stringify(raised.outputs)).not.toContain('wrong-code');
  });

  test('a reader who does not agree is obeyed', async () => {
    const { kernel } = await page(false);
    const { text, status } = await kernel.run(`await Cluster.join(${link()})`);
    expect(status).toBe('error');
    expect(text).toMatch(/JoinError: The reader did not agree to join the cluster at 127.0.0.1/);
  });

  test('the reader leaves it while a cell works on it', async () => {
    const { kernel, cluster, joins } = await page(true);
    await kernel.run(`const c = await (await Cluster.join(${link()})).startAndConnect({ n: 3 });`);
    const running = kernel.run('await c.javascript.apply(() => sleep(60))');
    joins.leave(cluster.getState().cellJoins[0]!.n);
    expect((await running).text).toMatch(/EngineError/);
    expect((await kernel.run('c.ids')).text).toBe('Out[3]: []\n');
  });
});
