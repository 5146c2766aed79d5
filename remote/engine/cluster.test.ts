import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Dealer } from 'zeromq';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/protocol/replies.ts';
import type { EngineRequest } from '../../src/protocol/requests.ts';
import { pack, plainReviver, unpack } from '../../src/protocol/pack.ts';
import { hasIpcontroller, Ipcontroller, PYTHON } from '../testing/ipcontroller.ts';
import { JsEngine } from '../testing/js-engine.ts';
import { RawClient } from '../testing/raw-client.ts';
import { Session } from '../wire/session.ts';
import { Signer } from '../wire/signer.ts';
import { Registrar } from './registrar.ts';

/** A real, unmodified ipcontroller with JavaScript engines. Each test takes seconds. */

const run = promisify(execFile);

const applyOf = (f: (...args: never[]) => unknown, ...args: unknown[]): EngineRequest => ({
  method: 'apply',
  call: pack({ f, args }, { root: '' }),
  name: f.name,
});
const valueOf = (outcome: Outcome): unknown => {
  if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
  return unpack(
    outcome.value,
    plainReviver(() => null),
  );
};

describe.skipIf(!hasIpcontroller)('a cluster of JavaScript engines', () => {
  let controller: Ipcontroller;
  let client: RawClient;
  let engines: JsEngine[];
  let uuids: string[];
  const open = async () => {
    const engine = await JsEngine.start(['--file', controller.engineFile, '--log-level=info']);
    engines.push(engine);
    return engine;
  };

  beforeAll(async () => {
    controller = await Ipcontroller.start({ args: ['--IPController.registration_timeout=3'] });
    client = new RawClient(controller.connection);
    engines = [];
    await open();
    await open();
    uuids = await client.waitForEngines(2);
  }, 120_000);

  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()));
    client[Symbol.dispose]();
    await controller[Symbol.asyncDispose]();
  });

  test('a stock Python client executes, sees output and errors, and is told that pickles do not work', async () => {
    const script = `
import ipyparallel as ipp, sys
rc = ipp.Client(sys.argv[1])
view = rc[rc.ids[0]]
ar = view.execute("const a = 40; console.log('hi'); console.error('oh'); display({ x: 1 }); a + 2", silent=False)
reply = ar.get(20)
ar.wait_for_output(20)
print(repr(ar.stdout), repr(ar.stderr), len(ar.outputs), reply.execute_result["data"]["text/plain"], flush=True)
for work in (lambda: view.execute("null.x", silent=False).get(20), lambda: view.apply(max, 1).get(20)):
    try:
        work()
    except ipp.RemoteError as error:
        print(error.ename, "|", error.evalue)
`;
    const { stdout } = await run(PYTHON, ['-c', script, controller.clientFile], { timeout: 60_000 });
    expect(stdout).toMatch(/^'hi\\n' 'oh\\n' 1 42$/m);
    expect(stdout).toMatch(/^TypeError \| Cannot read properties of null/m);
    expect(stdout).toMatch(/^TypeError \| This engine runs JavaScript and got a pickled Python function/m);
  });

  test('a function of ours runs with its memory, directly and load-balanced', async () => {
    const numbers = new Float64Array(1 << 20).fill(1);
    const sum = (list: Float64Array) => list.map((x) => x + 1);
    for (const to of [uuids[0]!, null]) {
      const { reply } = client.apply(to, applyOf(sum, numbers));
      const result = valueOf(RawClient.outcome(await reply)) as Float64Array;
      expect([result.length, result[0], result.at(-1)]).toEqual([1 << 20, 2, 2]);
    }
  });

  test('a cell behaves as in the page: types go, names stay, the last value shows, magics work', async () => {
    const [uuid = ''] = uuids;
    await client.value(uuid, 'const xs: number[] = [1, 2]; class A<T> { b = 1 }');
    expect(await client.value(uuid, 'await sleep(0); xs.map((x: number) => x + new A().b)')).toBe('[ 2, 3 ]');
    const { msgId, reply } = client.execute(uuid, '%who');
    await reply;
    await client.until(() => client.text(msgId).includes('xs'));
    const { ename, evalue, traceback } = (
      await client.execute(uuid, 'const ok = 1;\nmissing + 1', { tutti: { url: 'cell-3/abc' } }).reply
    ).content;
    expect([ename, evalue]).toEqual(['ReferenceError', 'missing is not defined']);
    expect(traceback).toEqual(['ReferenceError: missing is not defined', '    at cell 3, line 2:1']);
  });

  test('a thousand lines arrive in order, before idle', async () => {
    const { msgId, reply } = client.execute(uuids[1]!, 'for (let i = 0; i < 1000; i++) console.log(i)');
    expect((await reply).content['status']).toBe('ok');
    await client.until(() => client.outputs(msgId, 'status').length === 2);
    const lines = Array.from({ length: 1000 }, (_, i) => `${String(i)}\n`).join('');
    expect(client.text(msgId)).toBe(lines);
    const types = client.published.filter(
      (m) => 'msg_id' in m.parent_header && m.parent_header.msg_id === msgId,
    );
    expect(types.at(-1)?.content['execution_state']).toBe('idle');
  });

  test('values that clients ask for beside the code come with its reply', async () => {
    const { content } = await client.execute(uuids[0]!, 'const ue = 20', {
      user_expressions: { twice: 'ue * 2', bad: 'nothing.at.all' },
    }).reply;
    expect(content['user_expressions']).toMatchObject({
      twice: { status: 'ok', data: { 'text/plain': '40' } },
      bad: { status: 'error', ename: 'ReferenceError' },
    });
  });

  test.each([
    ['a guarded loop', 'for (;;) {}'],
    ['a loop without a guard', 'let sum = 0; for (let i = 0; i < 1e18; i++) sum += i'],
    ['a regular expression', "/^(a+)+$/.test('a'.repeat(60) + 'b')"],
    ['a promise that never settles', 'await new Promise(() => {})'],
    ['a sleeping thread', 'sleepSync(1000)'],
  ])('%s is interrupted, and the namespace stays', async (_, code) => {
    const [uuid = ''] = uuids;
    await client.value(uuid, 'var kept = 44');
    const { msgId, reply } = client.execute(uuid, code);
    await client.until(() => client.outputs(msgId, 'status').length === 1);
    await client.ask('control', uuid, 'signal_request', { content: { sig: 'SIGINT' } }).reply;
    expect((await reply).content).toMatchObject({ status: 'error', ename: 'KeyboardInterrupt' });
    expect(await client.value(uuid, 'kept')).toBe('44');
  });

  test('an engine in an endless loop is busy, not dead: it stays listed, and control goes on', async () => {
    const [uuid = ''] = uuids;
    const { msgId, reply } = client.execute(uuid, 'for (;;) {}');
    await client.until(() => client.outputs(msgId, 'status').length === 1);
    const beats = () => controller.log.length;
    const before = beats();
    // Twice what the hub would wait for a heart: 4 beats of 0.5 s.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect([...(await client.engines()).values()]).toContain(uuid);
    expect(before).toBeGreaterThan(0);
    const info = await client.ask('control', uuid, 'kernel_info_request').reply;
    expect(info.content).toMatchObject({ status: 'ok', language_info: { name: 'typescript' } });
    await client.ask('control', uuid, 'interrupt_request').reply;
    expect((await reply).content['ename']).toBe('KeyboardInterrupt');
  });

  test('queued requests are aborted, before and after they came; the namespace is cleared', async () => {
    const [uuid = ''] = uuids;
    const first = client.execute(uuid, 'var here = 1; await sleep(0.5)');
    const second = client.execute(uuid, 'var never = 1');
    await client.until(() => client.outputs(first.msgId, 'status').length === 1);
    await client.ask('control', uuid, 'abort_request', { content: { msg_ids: [second.msgId] } }).reply;
    expect((await second.reply).content['status']).toBe('aborted');
    expect((await second.reply).metadata['status']).toBe('aborted');
    expect((await first.reply).content['status']).toBe('ok');
    await client.ask('control', uuid, 'clear_request').reply;
    expect(await client.value(uuid, '[typeof here, typeof never].join()')).toBe("'undefined,undefined'");
  });

  test('a cell that fails takes with it what the same client has queued behind it', async () => {
    const [uuid = ''] = uuids;
    const failing = client.execute(uuid, 'await sleep(0.2); throw new RangeError("x")');
    const behind = client.execute(uuid, '1');
    const brave = client.execute(uuid, 'throw 1', { stop_on_error: false });
    expect((await failing.reply).content['ename']).toBe('RangeError');
    expect((await behind.reply).content['status']).toBe('aborted');
    expect((await brave.reply).content['status']).toBe('aborted');
  });

  test('a message with a wrong signature is dropped, and said so in the log', async () => {
    using stranger = new RawClient(controller.connection, 'not-the-key');
    stranger.execute(uuids[0]!, 'globalThis.evil = true');
    const [engine] = engines;
    await expect.poll(() => engine!.log, { timeout: 20_000 }).toContain('does not fit the cluster');
    expect(await client.value(uuids[0]!, 'typeof evil')).toBe("'undefined'");
  });

  test('what is unknown is answered, not left hanging', async () => {
    const { content } = await client.ask('mux', uuids[0]!, 'history_request').reply;
    expect(content).toMatchObject({ status: 'error', evalue: 'tutti-engine does not know history_request' });
  });

  test('Node’s own modules can be imported; a missing package says where it is missing', async () => {
    const [uuid = ''] = uuids;
    expect(await client.value(uuid, "import { sep } from 'node:path'; sep")).toBe("'/'");
    await expect(client.value(uuid, "import x from 'no-such-package'; x")).rejects.toThrow(
      /ImportError: 'no-such-package' could not be loaded on .*`npm install no-such-package/,
    );
  });

  test('an engine that is shut down with restart comes back empty, under its id', async () => {
    const [, uuid = ''] = uuids;
    await client.value(uuid, 'var gone = 1');
    await client.ask('control', uuid, 'shutdown_request', { content: { restart: true } }).reply;
    await client.noticed('unregistration', uuid);
    uuids = await client.waitForEngines(2);
    expect(uuids[1]).not.toBe(uuid);
    expect([...(await client.engines()).keys()]).toEqual([0, 1]);
    expect(await client.value(uuids[1]!, 'typeof gone')).toBe("'undefined'");
  });

  describe('an engine that goes', () => {
    const lose = async (how: (engine: JsEngine) => Promise<void>) => {
      const engine = await open();
      const known = new Set((await client.engines()).values());
      await expect.poll(() => client.engines(), { timeout: 30_000 }).toHaveProperty('size', known.size + 1);
      const [uuid = ''] = [...(await client.engines()).values()].filter((other) => !known.has(other));
      return { engine, uuid, go: () => how(engine) };
    };

    // Both at once: a scheduler waits five seconds for late results of an engine that is gone.
    test('by kill -9, alone or with its nanny, is missed: tasks are done elsewhere, or end as EngineErrors', async () => {
      const alone = await lose(async (which) => {
        process.kill(await which.enginePid(), 'SIGKILL');
      });
      const both = await lose(async (which) => {
        const pid = await which.enginePid();
        which.process.kill('SIGKILL');
        process.kill(pid, 'SIGKILL');
      });
      const forEver = () => new Promise(() => undefined);
      const doomed = client.apply(null, applyOf(forEver), { targets: [alone.uuid] });
      const elsewhere = (uuid: string) => {
        const { engine } = globalThis as never as { engine: { uuid: string } };
        return engine.uuid === uuid ? new Promise(() => undefined) : engine.uuid;
      };
      const targets = [both.uuid, ...uuids];
      // As many as engines, one each: one of them is on the engine that goes.
      const tasks = targets.map(() =>
        client.apply(null, applyOf(elsewhere, both.uuid), { targets, retries: 2 }),
      );
      await client.until(
        () => tasks.filter(({ msgId }) => client.outputs(msgId, 'status').length === 1).length > 0,
      );
      await client.until(() => client.outputs(doomed.msgId, 'status').length === 1);
      await Promise.all([alone.go(), both.go()]);
      await Promise.all([
        client.noticed('unregistration', alone.uuid),
        client.noticed('unregistration', both.uuid),
      ]);
      const { content } = await doomed.reply;
      expect([content['status'], content['ename']]).toEqual(['error', 'EngineError']);
      const results = await Promise.all(
        tasks.map(async ({ reply }) => valueOf(RawClient.outcome(await reply))),
      );
      expect(results.every((who) => uuids.includes(who as string))).toBe(true);
      expect(await alone.engine.ended).toBe(137);
      expect(alone.engine.log).toContain('was ended by SIGKILL; the controller is told');
      expect(await both.engine.ended).toBe('SIGKILL');
    });

    test('by its own process.exit() is reported with the code', async () => {
      const { uuid, engine } = await lose(() => Promise.resolve());
      client.execute(uuid, 'process.exit(7)');
      await client.noticed('unregistration', uuid);
      expect(await engine.ended).toBe(7);
    });

    test('by close() or SIGTERM leaves cleanly, even out of an endless loop', async () => {
      const { uuid, engine, go } = await lose((which) => Promise.resolve(void which.process.kill('SIGTERM')));
      const { msgId } = client.execute(uuid, 'for (;;) {}');
      await client.until(() => client.outputs(msgId, 'status').length === 1);
      await go();
      await client.noticed('unregistration', uuid);
      expect(await engine.ended).toBe(0);
      const closing = await lose(() => Promise.resolve());
      client.execute(closing.uuid, 'close()');
      await client.noticed('unregistration', closing.uuid);
      expect(await closing.engine.ended).toBe(0);
    });

    test('out of sight (SIGSTOP) is given up, and comes back with its namespace', async () => {
      const { uuid, engine } = await lose(() => Promise.resolve());
      await client.value(uuid, 'var kept = 5');
      const pid = await engine.enginePid();
      process.kill(pid, 'SIGSTOP');
      await client.noticed('unregistration', uuid);
      client.notices.length = 0;
      process.kill(pid, 'SIGCONT');
      await client.noticed('registration', uuid);
      expect(await client.value(uuid, 'kept')).toBe('5');
      await engine[Symbol.asyncDispose]();
    });
  });

  test('one that registers and dies before its first heartbeat does not harm the cluster', async () => {
    const { key, interface: address, registration } = controller.connection;
    const socket = new Dealer({ routingId: 'js-stillborn', linger: 0 });
    socket.connect(`${address}:${String(registration)}`);
    const registrar = new Registrar(socket, new Session('js-stillborn'), new Signer(key));
    expect((await registrar.register('js-stillborn', null, 20)).id).toBeGreaterThan(1);
    registrar.close(true);
    // 7.1.0 trips over its own feet when it gives up waiting, and goes on.
    await expect.poll(() => controller.log, { timeout: 30_000 }).toContain("no attribute 'mon_stream'");
    const engine = await open();
    uuids = await client.waitForEngines(3);
    expect(await client.value(uuids[2]!, '1 + 1')).toBe('2');
    await engine[Symbol.asyncDispose]();
  });
});

describe.skipIf(!hasIpcontroller)('joining', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tutti-join-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('a missing connection file, and a controller that is not there, are said in a sentence', async () => {
    const file = join(folder, 'none.json');
    const missing = await JsEngine.start(['--file', file, '--wait=0.1']);
    expect(await missing.ended).toBe(1);
    expect(missing.log).toContain(
      `The connection file ${file} could not be used after 0.1 s: it is not there.`,
    );
    const gone = join(folder, 'gone.json');
    const ports = {
      registration: 9,
      control: 9,
      mux: 9,
      task: 9,
      iopub: 9,
      hb_ping: 9,
      hb_pong: 9,
      broadcast: [9],
    };
    await writeFile(gone, JSON.stringify({ interface: 'tcp://127.0.0.1', key: 'k', ...ports }));
    const alone = await JsEngine.start(['--file', gone, '--timeout=0.3']);
    expect(await alone.ended).toBe(1);
    expect(alone.log).toContain('The controller did not answer within 0.3 s.');
    expect(alone.log).toContain('which engines on other machines cannot reach');
  });
});
