import { afterEach, beforeAll, expect, test } from 'vitest';
import { anotherClient, buildEngineThread, closeThreads, threadCluster } from '../testing/thread-cluster.ts';
import { threadKernel, type ThreadKernel } from '../testing/thread-kernel.ts';
import { buildThread } from '../testing/thread-script.ts';

/** What is printed or thrown belongs to the request, and the cell, that has started the code which does it. */
let scripts: readonly [kernel: string, engine: string];
let kernel: ThreadKernel | null = null;
beforeAll(async () => {
  scripts = await Promise.all([buildThread('kernel-thread'), buildEngineThread()]);
}, 120_000);
afterEach(() => {
  closeThreads();
  kernel?.close();
  kernel = null;
});

declare const sleep: (seconds: number) => Promise<void>;

test.each<[string, () => unknown, RegExp, RegExp]>([
  [
    'a microtask',
    () =>
      void Promise.resolve().then(() => {
        globalThis.console.log('m');
      }),
    /^m\n$/,
    /^$/,
  ],
  [
    'a long chain of them',
    () =>
      void Promise.resolve()
        .then(() => 0)
        .then(() => 0)
        .then(() => {
          globalThis.console.log('m');
        }),
    /^m\n$/,
    /^$/,
  ],
  [
    'queueMicrotask',
    () => {
      queueMicrotask(() => {
        globalThis.console.log('q');
      });
    },
    /^q\n$/,
    /^$/,
  ],
  [
    'code behind an await',
    () => {
      void (async () => {
        await Promise.resolve();
        globalThis.console.log('a');
      })();
    },
    /^a\n$/,
    /^$/,
  ],
  [
    'an async function that throws',
    () => {
      void (async () => {
        throw new Error('lost');
      })();
      return 'ok';
    },
    /^$/,
    /Uncaught Error: lost/,
  ],
  [
    'a rejection',
    () => {
      void Promise.reject(new Error('u'));
      return 0;
    },
    /^$/,
    /Uncaught Error: u/,
  ],
])('%s of a request is its own, also where others stand behind it', async (_, f, stdout, stderr) => {
  const { rc } = await threadCluster(1);
  const e0 = rc.at(0);
  const late = e0.apply(f);
  const next = e0.apply(() => 2);
  await Promise.all([late, next]);
  expect([late.stdout, late.stderr]).toEqual([expect.stringMatching(stdout), expect.stringMatching(stderr)]);
  expect([next.stdout, next.stderr]).toEqual(['', '']);
});

test('timers print for the request that has set them, while another runs and when it has ended', async () => {
  const { rc } = await threadCluster(1);
  const e0 = rc.at(0);
  const first = e0.apply(() => {
    setTimeout(() => {
      globalThis.console.log('from the first');
    }, 20);
    return 1;
  });
  const second = e0.apply(async () => {
    await sleep(0.06);
    globalThis.console.log('from the second');
    return 2;
  });
  await second;
  expect([first.stdout, second.stdout]).toEqual(['from the first\n', 'from the second\n']);
  const thrown = e0.apply(() => {
    setTimeout(() => {
      throw new Error('x');
    }, 5);
    return 1;
  });
  await thrown;
  const other = e0.apply(() => 3);
  await other;
  await expect.poll(() => thrown.stderr).toContain('Uncaught Error: x');
  expect(other.stderr).toBe('');
});

interface Shared {
  say(text: string): void;
  at?: Record<string, unknown>;
}
/** What a request does that others then set off, itself when null. Texts: both sides are evaluated on the engine. */
const WAYS: readonly (readonly [way: string, armed: string, fired: string | null])[] = [
  [
    'a listener',
    `at.t = new EventTarget(); at.t.addEventListener('x', say)`,
    `at.t.dispatchEvent(new Event('x'))`,
  ],
  [
    'a listener with handleEvent',
    `at.t = new EventTarget(); at.t.addEventListener('x', { handleEvent: say })`,
    `at.t.dispatchEvent(new Event('x'))`,
  ],
  ['an abort', `at.a = new AbortController(); at.a.signal.onabort = say`, `at.a.abort()`],
  [
    'a port',
    `at.c = new MessageChannel(); at.c.port1.onmessage = () => { say(); at.c.port1.close() }`,
    `at.c.port2.postMessage(1)`,
  ],
  [
    'a broadcast',
    `at.b = new BroadcastChannel('ways'); at.b.onmessage = () => { say(); at.b.close() }`,
    `const other = new BroadcastChannel('ways'); other.postMessage(1); setTimeout(() => other.close(), 50)`,
  ],
  [
    'the source of a stream',
    `at.s = new ReadableStream({ pull(c) { say(); c.close() } }, { highWaterMark: 0 })`,
    `await at.s.getReader().read()`,
  ],
  [
    'the sink of a stream',
    `at.w = new WritableStream({ write() { say() } })`,
    `const w = at.w.getWriter(); await w.ready; await w.write(1)`,
  ],
  [
    'a reader',
    `at.r = new ReadableStream({ start(c) { at.ctl = c } }); at.r.getReader().read().then(say)`,
    `at.ctl.enqueue(1)`,
  ],
  [
    'memory that is waited for',
    `at.m = new Int32Array(new SharedArrayBuffer(4)); Atomics.waitAsync(at.m, 0, 0).value.then(say)`,
    `Atomics.notify(at.m, 0)`,
  ],
  ['a microtask', `queueMicrotask(say)`, null],
  ['an immediate', `setImmediate(say)`, null],
  ['a sleep', `(async () => { await sleep(0.02); say() })()`, null],
  ['a Blob', `new Blob(['x']).text().then(say)`, null],
  ['a digest', `crypto.subtle.digest('SHA-1', new Uint8Array(4)).then(say)`, null],
  ['WebAssembly', `WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(say)`, null],
  ['an address', `fetch('data:,x').then((response) => response.text()).then(say)`, null],
  [
    'an observer',
    `new PerformanceObserver((list, it) => { say(); it.disconnect() }).observe({ entryTypes: ['mark'] })`,
    `performance.mark('way')`,
  ],
];

test('whoever sets it off, what a request has registered prints for it: in streams, ports, listeners …', async () => {
  const { rc } = await threadCluster(1);
  const e0 = rc.at(0);
  const run = (code: string, word: string) =>
    e0.apply(
      async (code: string, word: string) => {
        const at = ((globalThis as unknown as Shared).at ??= {});
        const say = () => {
          globalThis.console.log(word);
        };
        const work = (0, eval)(`async (at, say) => { ${code} }`) as (...args: unknown[]) => Promise<void>;
        await work(at, say);
      },
      code,
      word,
    );
  for (const [way, armed, fired] of WAYS) {
    const first = run(armed, `of the first: ${way}`);
    const second = run(`${fired ?? ''}; say(); await sleep(0.03); say()`, 'of the second');
    await second;
    await expect.poll(() => first.stdout, { message: way }).toBe(`of the first: ${way}\n`);
    expect([way, second.stdout]).toEqual([way, 'of the second\nof the second\n']);
    expect([way, first.late, second.late]).toEqual([way, null, null]);
  }
});

/** Reads a file by a callback that the platform alone knows, and says so on three ways. */
const UNKNOWN = `
  const fs = process.getBuiltinModule('fs');
  const until = (time, done) =>
    performance.now() > time ? done() : fs.readFile(process.execPath + '/none', () => until(time, done));
  setTimeout(() => until(performance.now() + 40, () => {
    console.log('of nobody');
    display('shown');
    throw new Error('thrown');
  }), 10);
`;

test('where nobody knows whose it is, the last request has it, marked late', async () => {
  const { rc, controller } = await threadCluster(1);
  const e0 = rc.at(0);
  const first = e0.execute(`${UNKNOWN}; 0`);
  const last = e0.execute(`console.log('its own'); 0`);
  await Promise.all([first, last]);
  await expect.poll(() => last.stderr).toContain('Uncaught Error: thrown');
  expect([first.stdout, first.stderr, first.outputs, first.late]).toEqual(['', '', [], null]);
  expect(last.stdout).toBe('its own\nof nobody\n');
  expect(last.outputs).toHaveLength(1);
  expect(last.late).toEqual({ stdout: 'of nobody\n', stderr: last.stderr, outputs: last.outputs });
  expect(
    last
      .collectOutputs('type')
      .map((output) => [output.type, 'isLate' in output ? output.isLate : undefined]),
  ).toEqual([
    ['stream', undefined],
    ['stream', true],
    ['stream', true],
    ['display', true],
  ]);
  const other = anotherClient(controller);
  const again = other.getResult(last.msgIds);
  await again;
  expect([again.late].flat()).toEqual([last.late]);
});

test('of the request that runs it needs no mark', async () => {
  const { rc } = await threadCluster(1);
  const e0 = rc.at(0);
  const running = e0.execute(`${UNKNOWN}; await sleep(0.3); 0`);
  await running;
  expect(running.stdout).toBe('of nobody\n');
  expect(running.late).toBe(null);
});

test('tasks of a map, texts that are executed, and calls of other clients have theirs, too', async () => {
  const { rc, controller } = await threadCluster(2);
  const map = rc.loadBalancedView().map(
    (x: number) => {
      setTimeout(() => {
        globalThis.console.log(`late ${String(x)}`);
      }, 20);
      return x;
    },
    [0, 1, 2, 3, 4, 5],
  );
  const executed = rc.at(0).execute(`setTimeout(() => console.log('executed'), 20); 0`);
  const other = anotherClient(controller);
  await other.waitForEngines(2);
  const others = other.at(1).apply(() => {
    void Promise.resolve().then(() => {
      globalThis.console.log('of the other');
    });
    return 0;
  });
  await Promise.all([map, executed, others]);
  await expect.poll(() => map.stdout).toEqual([0, 1, 2, 3, 4, 5].map((x) => `late ${String(x)}\n`));
  await expect.poll(() => executed.stdout).toBe('executed\n');
  await expect.poll(() => others.stdout).toBe('of the other\n');
});

test('in cells: of the kernel, of %px, of calls, when they have ended', async () => {
  kernel = await threadKernel(scripts[0], 2, scripts[1]);
  const { events } = kernel;
  const run = (source: string) => kernel?.run(source);
  const printed = (n: number) =>
    events
      .flatMap((event) =>
        event.type === 'output' && event.runId === `run-${String(n)}` && event.output.type === 'stream'
          ? [
              `${String(event.output.lane)} ${event.output.name} ${event.output.isLate ? 'late ' : ''}${event.output.text}`,
            ]
          : [],
      )
      .join('');
  await run(UNKNOWN);
  await run('1');
  await expect.poll(() => printed(2)).toContain('Uncaught Error: thrown');
  expect([printed(1), printed(2)]).toEqual(['', expect.stringMatching(/^null stdout late of nobody\n/)]);
  await run(`setTimeout(() => console.log('a'), 100)`);
  await run(`setTimeout(() => { throw new Error('b') }, 100)`);
  await run(`%px setTimeout(() => console.log('c'), 100); 0`);
  await run(`%px Promise.reject(new Error('d')); 0`);
  await run(`await rc[0].apply(() => { setTimeout(() => { throw new Error('e') }, 50); return 1 })`);
  await run(`await rc[0].apply(() => { (async () => { throw new Error('f') })(); return 1 })`);
  await run(`ar = rc[1].apply(() => sleep(0.1)); ar.then(() => console.log('g')); 0`);
  await run(
    `(async () => { for await (const x of rc.loadBalancedView().map(() => sleep(0.1), [1])) console.log('j') })(); 0`,
  );
  await run(
    `(async () => { for await (const x of rc.loadBalancedView().imap(() => sleep(0.1), [1])) console.log('k') })(); 0`,
  );
  await run(`await rc[1].apply(() => sleep(0.05)); console.log('h'); await sleep(0.2); console.log('i')`);
  await expect.poll(() => printed(3)).toBe('null stdout a\n');
  await expect.poll(() => printed(4)).toContain('null stderr Uncaught Error: b');
  await expect.poll(() => printed(5).split('\n').toSorted()).toEqual(['', '0 stdout c', '1 stdout c']);
  await expect.poll(() => printed(6)).toContain('1 stderr Uncaught Error: d');
  await expect.poll(() => printed(7)).toContain('0 stderr Uncaught Error: e');
  await expect.poll(() => printed(8)).toContain('0 stderr Uncaught Error: f');
  await expect.poll(() => printed(9)).toBe('null stdout g\n');
  await expect.poll(() => printed(10)).toBe('null stdout j\n');
  await expect.poll(() => printed(11)).toBe('null stdout k\n');
  await expect.poll(() => printed(12)).toBe('null stdout h\nnull stdout i\n');
});

test.each([
  ['caught and printed', 'try { f() } catch (e) { console.log(e) }'],
  ['its stack, printed', 'try { f() } catch (e) { console.log(e.stack) }'],
  ['the last value', 'let it; try { f() } catch (e) { it = e }\nit'],
  ['inside an object', 'let it; try { f() } catch (e) { it = { e } }\nit'],
  ['uncaught', 'f()'],
])('an error shows the lines and columns typed, and no frame of ours: %s', async (_, code) => {
  kernel = await threadKernel(scripts[0], 1, scripts[1]);
  for (const magic of ['', '%%px\n']) {
    const { text } = await kernel.run(`${magic}const a = 1; function f() { null.x }\n  ${code}`);
    const lines = text.split('\n').filter((line) => /^\s*at /.test(line));
    expect(text).toContain("TypeError: Cannot read properties of null (reading 'x')");
    expect(lines.length).toBe(2);
    expect(lines[0]).toMatch(magic === '' ? /at f \(cell \d+, line 1:34\)/ : /at f \(cell \d+, line 2:34\)/);
    expect(lines[1]).toMatch(/at cell \d+, line \d+:\d+/);
  }
});
