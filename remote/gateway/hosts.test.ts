import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayProgram } from '../testing/gateway-program.ts';
import { Hosts, hostsRefused } from '../testing/hosts.ts';
import { hasIpcontroller, Ipcontroller } from '../testing/ipcontroller.ts';
import { join } from '../testing/joined-client.ts';
import { JsEngine } from '../testing/js-engine.ts';

const refused = hasIpcontroller ? hostsRefused() : null;
if (refused !== null) console.warn(`The tests with several hosts are skipped. ${refused}`);

describe.skipIf(!hasIpcontroller || refused !== null)('several hosts', () => {
  let hosts: Hosts;
  beforeAll(() => {
    hosts = new Hosts(['hub', 'one', 'two', 'door']);
    hosts.joinHere();
  });
  afterAll(() => hosts[Symbol.dispose]());

  test('a controller, engines on two others, a gateway on a fourth; one is cut off, and back', async () => {
    await hosts.reached('one', 'hub');
    await using controller = await Ipcontroller.start({
      ip: hosts.address('hub'),
      wrap: hosts.on('hub'),
      answers: false,
    });
    const engineOn = (host: string) => JsEngine.start(['--file', controller.engineFile], hosts.on(host));
    await using one = await engineOn('one');
    await using two = await engineOn('two');
    const gateway = await gatewayProgram(controller, { host: hosts.address('door'), wrap: hosts.on('door') });
    const page = join(gateway.url, gateway.code);
    const { rc } = page;
    try {
      await page.until('open');
      const engines = (n: number) => expect.poll(() => rc.ids.length, { timeout: 20_000 }).toBe(n);
      await engines(2);
      await rc.directView().execute('var kept = 5');
      expect(await rc.directView().pull('kept')).toEqual([5, 5]);

      hosts.cutOff('two');
      await engines(1);
      expect(await rc.directView().pull('kept')).toEqual([5]);
      expect(await rc.loadBalancedView().map((x: number) => x + 1, [1, 2, 3])).toEqual([2, 3, 4]);

      hosts.putBack('two');
      await engines(2);
      expect(await rc.directView().pull('kept')).toEqual([5, 5]);
      expect(two.log).toContain('The controller had given this engine up');
      expect(one.log).not.toContain('given this engine up');
    } finally {
      page.socket.close();
      gateway.child.kill('SIGTERM');
    }
  });
});
