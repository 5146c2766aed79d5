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
          ? [`${String(event.output.lane)} ${event.output.name} ${event.output.text}`]
          : [],
      )
      .join('');
  await run(`setTimeout(() => console.log('a'), 100)`);
  await run(`setTimeout(() => { throw new Error('b') }, 100)`);
  await run(`%px setTimeout(() => console.log('c'), 100); 0`);
  await run(`%px Promise.reject(new Error('d')); 0`);
  await run(`await rc[0].apply(() => { setTimeout(() => { throw new Error('e') }, 50); return 1 })`);
  await run(`await rc[0].apply(() => { (async () => { throw new Error('f') })(); return 1 })`);
  await run(`ar = rc[1].apply(() => sleep(0.1)); ar.then(() => console.log('g')); 0`);
  await run(`await rc[1].apply(() => sleep(0.05)); console.log('h'); await sleep(0.2); console.log('i')`);
  await expect.poll(() => printed(1)).toBe('null stdout a\n');
  await expect.poll(() => printed(2)).toContain('null stderr Uncaught Error: b');
  await expect.poll(() => printed(3).split('\n').toSorted()).toEqual(['', '0 stdout c', '1 stdout c']);
  await expect.poll(() => printed(4)).toContain('1 stderr Uncaught Error: d');
  await expect.poll(() => printed(5)).toContain('0 stderr Uncaught Error: e');
  await expect.poll(() => printed(6)).toContain('0 stderr Uncaught Error: f');
  await expect.poll(() => printed(7)).toBe('null stdout g\n');
  await expect.poll(() => printed(8)).toBe('null stdout h\nnull stdout i\n');
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
