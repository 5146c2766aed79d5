import { afterEach, beforeAll, expect, test } from 'vitest';
import { buildEngineThread } from '../../testing/thread-cluster.ts';
import { buildThread } from '../../testing/thread-script.ts';
import { threadKernel, type ThreadKernel } from '../../testing/thread-kernel.ts';
import { portrait, VALUES } from '../../testing/value-table.ts';

/** Blocking calls over the real wall: the kernel is a thread, and it stands still while it waits. */
let script = '';
let kernel: ThreadKernel;

beforeAll(async () => {
  script = await buildThread('kernel-thread');
}, 60_000);

afterEach(() => {
  kernel.close();
});

async function start(): Promise<ThreadKernel> {
  return (kernel = await threadKernel(script, 4));
}

/** A function's body in a cell: nothing in it is awaited. The value is shown as JSON. */
async function value(body: string): Promise<unknown> {
  const { status, text } = await kernel.run(`console.log(JSON.stringify((() => {${body}})()))`);
  expect([status, text]).toEqual(['ok', expect.any(String)]);
  return JSON.parse(text);
}

test('calls that block return plain values, with await in front or not', async () => {
  await start();
  expect(await kernel.run('rc[0].applySync((x) => x + 1, 4)')).toMatchObject({ text: 'Out[1]: 5\n' });
  expect(await kernel.run('await rc[0].applySync((x) => x + 1, 4)')).toMatchObject({ text: 'Out[2]: 5\n' });
  expect(
    await value(`
      const view = rc[':'];
      view.block = true;
      view['a'] = 3;
      const ar = view.applyAsync((x) => a * x, 2);
      return [view['a'], view.pull('a'), view.map((x) => 2 * x, [1, 2]), ar.r, ar.result,
        String(view.execute('a = 7')), view['a']];`),
  ).toEqual([
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 4],
    [6, 6, 6, 6],
    [6, 6, 6, 6],
    '<AsyncResult: execute>',
    [7, 7, 7, 7],
  ]);
});

test('every value arrives as it left: by calls that block, and by comm in shared memory', async () => {
  kernel = await threadKernel(script, 2, await buildEngineThread());
  const list = VALUES.map(
    ([name, promised, make]) => `[${JSON.stringify(name)}, ${JSON.stringify(promised)}, ${String(make)}]`,
  );
  const cell = `
    const portrait = ${portrait.toString()};
    const ways = {
      'applySync': (x) => rc[0].applySync((x) => x, x),
      'map that blocks': (x) => rc[':'].mapSync((x) => x, [x, 0])[0],
      'push, pull': (x) => { const v = rc[1]; v.block = true; v.push({ x }); return v.pull('x'); },
      'scatter, gather': (x) => { const v = rc[':']; v.block = true; v.scatter('s', [x, 0]); return v.gather('s')[0]; },
      'get of what is pending': (x) => rc[0].applyAsync((x) => x, x).r,
      'comm': (x) => rc[':'].applySync((x) => (comm.rank === 0 ? comm.send(x, 1) : comm.recv(0)), x)[1],
      'comm, collective': (x) => rc[':'].applySync((x) => comm.bcast(comm.rank === 0 ? x : null), x)[1],
    };
    const wrong = [];
    for (const [name, promised, make] of [${list.join(',\n')}]) {
      const expected = portrait(promised === 'whole' ? make() : structuredClone(make()));
      for (const [way, go] of Object.entries(ways)) {
        let got;
        try { got = portrait(go(make())); } catch (e) { got = String(e); }
        if (got !== expected) wrong.push(way + ' of ' + name + ': ' + got.slice(0, 200) + ' instead of ' + expected.slice(0, 200));
      }
    }
    console.log(wrong.length + ' wrong' + wrong.join('; '))`;
  expect(await kernel.run(cell)).toEqual(expect.objectContaining({ text: '0 wrong\n' }));
});

test('T.370 a cluster of one’s own starts, works and stops without await', async () => {
  await start();
  expect(
    await value(`
      const cluster = new Cluster({ n: 2 });
      const c = cluster.startAndConnectSync();
      const doubled = c[':'].applySync((x) => 2 * x, 21);
      const setId = cluster.startEnginesSync(1);
      const ids = c.ids;
      cluster.stopEnginesSync(setId);
      const fewer = c.ids;
      cluster.stopClusterSync();
      return [doubled, ids, fewer, cluster.isRunning, rc.ids];`),
  ).toEqual([[42, 42], [0, 1, 2], [0, 1], false, [0, 1, 2, 3]]);
});

test('a plain for gives items as they come; a view of scattered parts is gathered', async () => {
  await start();
  expect(
    await value(`
      const amr = rc.loadBalancedView().map((x) => x * x, range(20));
      const squares = [];
      for (const x of amr) squares.push(x);
      const view = rc[':'].setFlags({ block: true });
      view.scatter('x', range(10));
      view.execute('y = x.map((i) => i + 1)');
      return [squares.length, squares.at(-1), view.gather('y'), view['x.length']];`),
  ).toEqual([20, 361, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [3, 3, 2, 2]]);
});

test('a plain for goes through a lazy map, endless inputs too', async () => {
  await start();
  expect(
    await value(`
      const found = [];
      let given = 0;
      const endless = (function* () { for (;;) yield given++ })();
      for (const x of rc.loadBalancedView().imap((x) => x * x, endless)) {
        found.push(x);
        if (x >= 100) break;
      }
      const slow = [...rc.executor().map(async (x) => { await sleep(0.02 * (3 - x)); return x }, range(3))];
      const fast = [...rc.loadBalancedView().imap((x) => x, range(9), { stopOn: (x) => x === 4 })];
      let error = null;
      try { [...rc.loadBalancedView().imap((x) => { throw new RangeError('no ' + x) }, range(3))] }
      catch (caught) { error = caught.message }
      return [found, given < 20, slow, fast, error];`),
  ).toEqual([[0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100], true, [0, 1, 2], [0, 1, 2, 3, 4], 'no 0']);
});

test('a result that cannot be copied is refused alone, comes with await, and holds nothing else up', async () => {
  await start();
  expect(
    await value(`
      const e0 = rc[0];
      const before = e0.applyAsync(() => 'before');
      const shared = e0.applyAsync(() => new SharedArrayBuffer(8));
      const after = e0.applyAsync(() => 'after');
      const both = [before.r, after.r];
      let refused = null;
      try { shared.r } catch (error) { refused = error.name + ': ' + error.message }
      const again = e0.applySync((x) => x + 1, 1);
      const lazily = [];
      try { for (const x of rc.loadBalancedView().imap((x) => x === 1 ? new SharedArrayBuffer(1) : x, [0, 1])) lazily.push(x) }
      catch (error) { lazily.push(error.name) }
      globalThis.late = shared;
      return [both, /^BlockingUnavailableError: The result of .* cannot be read without .await.: .*shared memory/.test(refused),
        again, lazily];`),
  ).toEqual([['before', 'after'], true, 2, [0, 'BlockingUnavailableError']]);
  const awaited = await kernel.run(
    'const buffer = await late; [buffer instanceof SharedArrayBuffer, buffer.byteLength, late.r === buffer, rc[0].applySync(() => 3)]',
  );
  expect(awaited.text).toContain('[ true, 8, true, 3 ]');
});

test('values come over as they would with await: cycles, holes, typed arrays, -0, Map, Set, Reference', async () => {
  await start();
  await kernel.run(`
    make = () => {
      const buffer = new Float64Array([1, 2, 3, 4]).buffer;
      const value = { zero: -0, hole: [1, , 3], map: new Map([[{ k: 1 }, new Set([1n, 'a'])]]), date: new Date(5),
        re: /a+/gi, head: new Float64Array(buffer, 0, 2), all: new Uint8Array(buffer), nothing: undefined,
        nan: NaN, text: 'lone \\ud800 and 😀', list: Array.from({ length: 1000 }, (_, i) => i / 3) };
      value.self = value;
      value.odd = JSON.parse('{"__proto__": 1}');
      return value;
    }`);
  expect(
    await value(`
      const v = rc[0].applySync(make);
      return [Object.is(v.zero, -0), 1 in v.hole, v.hole.length, [...v.map.values()][0].has(1n), v.date.getTime(),
        String(v.re), [...v.head], v.head.buffer === v.all.buffer, 'nothing' in v, Number.isNaN(v.nan),
        v.text === make().text, v.list[999] === 333, v.self === v, Object.hasOwn(v.odd, '__proto__'),
        rc[0].applySync((r) => r, new Reference('6 * 7'))];`),
  ).toEqual([true, false, 3, true, 5, '/a+/gi', [1, 2], true, true, true, true, true, true, true, 42]);
});

test('what exceeds the shared memory comes in pieces', async () => {
  await start();
  expect(
    await value(`
      const big = rc[0].applySync(() => Float64Array.from({ length: 1 << 20 }, (_, i) => i));
      const all = rc[':'].applySync(() => new Uint8Array(3_000_001).fill(engine.id + 1));
      const text = rc[0].applySync(() => 'é'.repeat(2_000_000));
      return [big.length, big.every((x, i) => x === i), all.map((a) => [a.length, a[0], a.at(-1)]), text.length];`),
  ).toEqual([1 << 20, true, [1, 2, 3, 4].map((n) => [3_000_001, n, n]), 2_000_000]);
});

test('what arrived before the wait and was not read is not lost, and comes once', async () => {
  await start();
  expect(
    await value(`
      const view = rc[':'];
      const results = range(30).map((i) => view.applyAsync((x) => x + 1, i));
      const first = results[0].r;
      const until = performance.now() + 300;
      while (performance.now() < until);
      return [first, results[29].r, results.every((ar) => ar.ready())];`),
  ).toEqual([[1, 1, 1, 1], [30, 30, 30, 30], true]);
  expect(await kernel.run('await rc[1].apply(() => 5)')).toMatchObject({ text: 'Out[2]: 5\n' });
});

test('blocking and awaiting in turns, many times', async () => {
  await start();
  const cell = `
    let sum = 0;
    for (let i = 0; i < 300; i++) {
      const later = rc[1].apply((x) => x, i);
      sum += rc[0].applySync((x) => x, i);
      if (i % 3 === 0) sum += await later;
      else if (i % 3 === 1) await sleep(0);
    }
    sum`;
  const rounds = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 2 * i : i));
  expect((await kernel.run(cell)).text).toBe(`Out[1]: ${String(rounds.reduce((a, b) => a + b))}\n`);
});

test('big results are moved to a kernel that awaits, and written for one that blocks', async () => {
  await start();
  const big = '() => new Float64Array(1 << 18).fill(engine.id)';
  const cell = `
    const sums = [];
    for (let i = 0; i < 12; i++) {
      const later = rc[1].apply(${big});
      const after = rc[1].apply(() => i);
      if (i % 3 === 0) { const until = performance.now() + 30; while (performance.now() < until); }
      if (i % 2 === 0) await sleep(0.02);
      sums.push(i % 4 < 2 ? later.r.length : (await later).length, (await after) === undefined);
    }
    sums.join()`;
  const { text } = await kernel.run(cell.replace('() => i)', '(n) => void n, i)'));
  expect(text).toBe(`Out[1]: '${Array(12).fill('262144,false').join()}'\n`.replaceAll('false', 'true'));
});

test('a wait may begin in the very moment in which a big result arrives', async () => {
  await start();
  const cell = `
    let right = 0;
    for (let i = 0; i < 80; i++) {
      const later = rc[i % 4].apply((i) => new Float64Array(1 << 18).fill(i), i);
      const until = performance.now() + 3 + 3 * Math.random();
      // Turns of the event loop, so that what comes is noticed, and work between them.
      while (performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve));
        const busy = performance.now() + 0.3 * Math.random();
        while (performance.now() < busy);
      }
      const array = i % 5 === 4 ? await later : later.r;
      if (array.length === 1 << 18 && array.at(-1) === i) right++;
    }
    right`;
  expect((await kernel.run(cell)).text).toBe('Out[1]: 80\n');
});

test('errors are thrown where the call stands', async () => {
  await start();
  expect(
    await value(`
      const names = [];
      const attempt = (f) => { try { f(); } catch (error) { names.push([error.name, error.message]); } };
      attempt(() => rc[0].applySync(() => { throw new RangeError('too far'); }));
      attempt(() => rc[':'].applySync(() => { throw new TypeError('no'); }));
      attempt(() => rc[0].apply(() => sleep(9)).getSync(0.05));
      rc.abort();
      return names.map(([name, message]) => name + ': ' + message.split('\\n')[0]);`),
  ).toEqual([
    expect.stringContaining('too far'),
    expect.stringContaining('CompositeError: one or more exceptions'),
    'TimeoutError: Result not ready.',
  ]);
});

test('a mistyped method of a view is no variable on the engines either, and says what was meant', async () => {
  await start();
  expect(
    await value(`
      const messages = [];
      const attempt = (f) => { try { f(); } catch (error) { messages.push(String(error)); } };
      attempt(() => rc[0].executeAsync('a = 1'));
      attempt(() => rc[[0, 1]].scater('a', [1]));
      attempt(() => rc[0]['temperature']);
      return messages;`),
  ).toEqual([
    "[0:pull] ReferenceError: executeAsync is not defined. A DirectView has no method or property 'executeAsync'. " +
      "Did you mean 'execute'?",
    expect.stringMatching(/1:pull.*scater is not defined. .*Did you mean 'scatter'/s),
    "[0:pull] ReferenceError: temperature is not defined. A DirectView has no method or property 'temperature'.",
  ]);
});

test('a blocked cell prints, and obeys Interrupt; its names stay', async () => {
  await start();
  const run = kernel.run('kept = 5; console.log("before"); rc[0].applySync(() => sleep(1e6))');
  await expect.poll(() => printed()).toContain('before');
  kernel.interrupt();
  const { status, text } = await run;
  expect([status, text]).toEqual(['error', expect.stringContaining('KeyboardInterrupt')]);
  expect((await kernel.run('kept')).text).toBe('Out[2]: 5\n');
  expect((await kernel.run('rc[1].applySync(() => 6)')).text).toBe('Out[3]: 6\n');
});

test('sleepSync holds the cell, sends what it printed, and obeys Interrupt', async () => {
  await start();
  expect(
    (await kernel.run('const t = performance.now(); sleepSync(0.2); performance.now() - t >= 199')).text,
  ).toBe('Out[1]: true\n');
  const run = kernel.run('console.log("asleep"); sleepSync(1e6)');
  await expect.poll(() => printed()).toContain('asleep');
  kernel.interrupt();
  expect((await run).text).toContain('KeyboardInterrupt');
});

test('an interrupt that lies unread ends the next wait', async () => {
  await start();
  const run = kernel.run(`
    console.log('going'); sleepSync(0);
    const until = performance.now() + 500;
    while (performance.now() < until);
    for (;;) rc[0].applySync(() => 1);`);
  await expect.poll(() => printed()).toContain('going');
  kernel.interrupt();
  expect((await run).text).toContain('KeyboardInterrupt');
});

test('a listener that waits inside a wait hears the messages behind the one that called it', async () => {
  await start();
  expect(
    await value(`
      const got = [];
      const a = rc[0].apply(() => (console.log('x'), 1));
      const b = rc[0].apply(() => 2);
      a.streamOutput(() => got.push(b.r));
      got.push(a.r);
      return got;`),
  ).toEqual([2, 1]);
});

// Results above 1 MiB lie in memory that the kernel lends: whatever ends a wait, none gets another's bytes.

test('large results of calls that were left come later, whole, and others meanwhile', async () => {
  await start();
  expect(
    await value(`
      const fill = (x, t) => sleep(t).then(() => new Float64Array(1 << 18).fill(x));
      const slow = rc[0].applyAsync(fill, 1, 0.3);
      const names = [];
      try { slow.getSync(0.05); } catch (error) { names.push(error.name); }
      const others = range(4).map((i) => rc[1].applySync(fill, 10 + i, 0));
      const late = slow.r;
      return [names, [...others, late].map((a) => [a.length, a[0], a.every((x) => x === a[0])])];`),
  ).toEqual([['TimeoutError'], [10, 11, 12, 13, 1].map((x) => [1 << 18, x, true])]);
});

test('large results inside a wait inside a wait', async () => {
  await start();
  expect(
    await value(`
      const fill = (x, t) => (console.log('x'), sleep(t)).then(() => new Float64Array(1 << 18).fill(x));
      const got = [];
      const outer = rc[0].applyAsync(fill, 1, 0.2);
      outer.streamOutput(() => got.push(rc[1].applySync(fill, 2, 0)[5]));
      got.push(outer.r[5], outer.r.at(-1));
      return got;`),
  ).toEqual([2, 1, 1]);
});

test('an interrupt in a wait for a large result, an engine that dies in it, and large results after that', async () => {
  await start();
  const run = kernel.run(`
    fill = (x, t = 0) => sleep(t).then(() => new Float64Array(1 << 18).fill(x));
    rc[0].applySync(fill, 1);
    console.log('waits');
    rc[0].applySync(fill, 2, 1e6)`);
  await expect.poll(() => printed()).toContain('waits');
  kernel.interrupt();
  expect((await run).text).toContain('KeyboardInterrupt');
  expect(
    await value(`
      const errors = [];
      try { rc[[1, 2]].applySync((fill) => engine.id === 1 ? close() : fill(7), fill); }
      catch (error) { errors.push(error.name); }
      return [errors, range(3).map((i) => rc[[2, 3]].applySync(fill, i).map((a) => [a.length, a[9], a.at(-1)]))];`),
  ).toEqual([
    ['CompositeError'],
    [0, 1, 2].map((i) => [
      [1 << 18, i, i],
      [1 << 18, i, i],
    ]),
  ]);
});

test('where no memory is to be had to lend, large results come all the same', async () => {
  await start();
  expect(
    await value(`
      const Real = SharedArrayBuffer;
      globalThis.SharedArrayBuffer = class { constructor() { throw new RangeError('no memory'); } grow() {} };
      const big = rc[0].applySync(() => new Float64Array(1 << 18).fill(3));
      globalThis.SharedArrayBuffer = Real;
      return [big.length, big[7]];`),
  ).toEqual([1 << 18, 3]);
});

test('gather: parts of one type become one array, and each part can still be read', async () => {
  await start();
  expect(
    await value(`
      const view = rc[':'];
      view.applySync(() => { x = new Float64Array(1 << 18).fill(engine.id); y = engine.id % 2 ? [...x] : x; });
      const ar = view.gather('x');
      const whole = ar.r;
      const parts = ar.split().map((part) => part.r);
      const mixed = view.gather('y', { block: true });
      whole[0] = 99;
      return [whole.constructor.name, whole.length, whole[1 << 18], ar.r === whole,
        parts.map(([part]) => [part.length, part[0]]), mixed.length, mixed.at(-1), mixed[0],
        view.gather('x', { block: true, dist: 'r' }).slice(0, 8)];`),
  ).toEqual([
    'Float64Array',
    1 << 20,
    1,
    true,
    [0, 1, 2, 3].map((x) => [1 << 18, x]),
    1 << 20,
    3,
    0,
    { 0: 0, 1: 1, 2: 2, 3: 3, 4: 0, 5: 1, 6: 2, 7: 3 },
  ]);
});

test('what cannot be copied through memory says so and names the twin, which then works', async () => {
  await start();
  const { text } = await kernel.run('ar = rc[0].apply(() => new Uint8Array(new SharedArrayBuffer(4))); ar.r');
  expect(text).toMatch(/BlockingUnavailableError: .*shared memory.*Use `await ar` instead/);
  expect((await kernel.run('(await ar).length')).text).toBe('Out[2]: 4\n');
  expect((await kernel.run('rc[0].applySync(() => 3)')).text).toBe('Out[3]: 3\n');
});

function printed(): string {
  return kernel.events.map((event) => (event.type === 'output' ? JSON.stringify(event.output) : '')).join('');
}
