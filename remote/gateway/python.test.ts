import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasIpcontroller, Ipcontroller } from '../testing/ipcontroller.ts';
import { join, ORIGIN, type JoinedClient } from '../testing/joined-client.ts';
import { PythonEngines } from '../testing/python-engines.ts';
import { Gateway } from './gateway.ts';

describe.skipIf(!hasIpcontroller)('Python engines, as installed, behind a gateway', () => {
  let controller: Ipcontroller;
  let engines: PythonEngines;
  let gateway: Gateway;
  let page: JoinedClient;
  beforeAll(async () => {
    controller = await Ipcontroller.start();
    engines = new PythonEngines(controller, 2);
    gateway = await Gateway.start({
      connection: controller.connection,
      host: '127.0.0.1',
      port: 0,
      origins: [ORIGIN],
    });
    page = join(gateway.url, gateway.newCode());
    await page.rc.waitForEngines(2, { timeout: 60 });
  }, 90_000);
  afterAll(async () => {
    page.socket.close();
    await gateway[Symbol.asyncDispose]();
    await engines[Symbol.asyncDispose]();
    await controller[Symbol.asyncDispose]();
  });

  test('they are listed as what they are, with their host', async () => {
    const known = await page.engines((list) =>
      list.every((engine) => engine.host !== undefined && engine.status === 'idle'),
    );
    expect(known).toMatchObject([
      { id: 0, language: 'python', host: hostname(), status: 'idle' },
      { id: 1, language: 'python', host: hostname(), status: 'idle' },
    ]);
  });

  test('Python text runs, prints, shows values and fails with its traceback', async () => {
    const ar = page.rc.view(':').execute('import sys\nprint("hello")\nprint("oh", file=sys.stderr)\n6 * 7', {
      silent: false,
    });
    await ar;
    expect(ar.stdout).toEqual(['hello\n', 'hello\n']);
    expect(ar.stderr).toEqual(['oh\n', 'oh\n']);
    expect(ar.executeResult).toMatchObject([
      { data: { 'text/plain': '42' } },
      { data: { 'text/plain': '42' } },
    ]);
    await expect(page.rc.at(1).execute('1 / 0', { silent: false })).rejects.toMatchObject({
      ename: 'ZeroDivisionError',
      evalue: 'division by zero',
      engineInfo: { engineId: 1, method: 'execute' },
    });
  });

  test('values and arrays are pushed and pulled', async () => {
    const view = page.rc.at(0);
    const values = {
      n: 3,
      big: 12345678901234567890n,
      text: 'ü',
      list: [1, null, true, { deep: [NaN] }],
      when: new Date(5000),
      set: new Set([1]),
      numbers: new Float64Array([1, 2.5, -0]),
      counts: new Int32Array([1, 2, 3]),
      odd: new Map([[1, 'one']]),
    };
    await view.push(values);
    expect(await view.pull(Object.keys(values))).toEqual(Object.values(values));
    await view.execute(
      'numbers[0] = 7; m = numbers.reshape(1, 3) * 2; import numpy as np; s = np.float32(1.5)',
    );
    expect(await view.pull('m')).toEqual([new Float64Array([14, 5, -0])]);
    expect(await view.pull(['numbers.sum()', 's', 'm.shape'])).toEqual([9.5, 1.5, [1, 3]]);
    expect(await view.keys()).toEqual(expect.arrayContaining(['numbers', 'm', 's', 'n']));
    await expect(view.pull('open')).rejects.toThrow(/open is a .*has no counterpart in JavaScript/);
    await expect(view.pull('nowhere')).rejects.toMatchObject({ ename: 'NameError' });
  });

  test('what Python cannot do is refused with a sentence', async () => {
    const view = page.rc.at(0);
    await expect(view.apply(() => 1)).rejects.toThrow(
      /Engine 0 runs Python and cannot call a JavaScript function/,
    );
    await expect(view.push({ f: () => 1 })).rejects.toThrow(
      /f is a function, which a Python engine cannot have/,
    );
    await expect(page.rc.loadBalancedView().apply(() => 1)).rejects.toThrow(/no JavaScript engines/);
  });

  test('arrays of 32 MiB travel there and back', async () => {
    const big = new Float64Array(4 << 20).fill(1.5);
    await page.rc.at(1).push({ big });
    expect(await page.rc.at(1).pull('big.sum()')).toBe(1.5 * (4 << 20));
    const back = await page.rc.at(1).pull<Float64Array>('big');
    expect(back.length).toBe(4 << 20);
  });

  test('scatter and gather', async () => {
    const view = page.rc.view(':');
    await view.scatter('part', new Float64Array([1, 2, 3, 4]));
    expect(await view.pull('[*part]')).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await view.execute('part = part * 10');
    expect(await view.gather('part')).toEqual(new Float64Array([10, 20, 30, 40]));
  });
});
