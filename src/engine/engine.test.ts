import { describe, expect, it } from 'vitest';
import { MsgId, type ClientId, type EngineUuid } from '../protocol/ids.ts';
import { FunctionPlaces } from '../realm/function-places.ts';
import { builtinNamed, locateFunctionsBy } from '../protocol/canned.ts';
import { Reference } from '../protocol/reference.ts';
import { createItemClaims, ItemClaims } from '../protocol/item-claims.ts';
import { createSlate, SlateReader } from '../protocol/reply-slate.ts';
import { CELL, OneEngine } from '../testing/one-engine.ts';

// What functions below find on the engine, and not here.
declare const a: number, b: number, sleep: (t: number) => Promise<void>;
declare const display: (value: unknown) => unknown;
declare const progress: (done: number, total: number) => void;
declare const publishData: (values: object) => void;
declare const engine: { id: number };

describe('apply', () => {
  it('B.49 free names of a function are the namespace of the engine', async () => {
    const e = new OneEngine();
    e.push({ a: 5, b: 10 });
    expect(await e.value(e.apply((x: number) => a + b + x, 27))).toBe(42);
  });

  it('B.64 free names are looked up late', async () => {
    const e = new OneEngine();
    e.push({ f: () => a });
    expect(await e.error(e.apply(Reference('f')))).toMatchObject({
      ename: 'ReferenceError',
      evalue: 'a is not defined',
    });
    e.execute('a = 5');
    expect(await e.value(e.apply(Reference('f')))).toBe(5);
  });

  it('B.65 apply leaves no names behind', async () => {
    const e = new OneEngine();
    e.push({ a: 1 });
    await e.value(e.apply((x: number) => x + a, 1));
    const last = await e.until((all) => all.findLast((m) => m.type === 'reply' && m.names !== undefined));
    expect(last).toMatchObject({ names: ['a'] });
    expect(await e.value(e.apply(() => Object.keys(globalThis)))).toEqual(['a']);
  });

  it('B.66 assigning an undeclared name in a function makes a global', async () => {
    const e = new OneEngine();
    e.apply(e.evaluator.evaluate('(x) => { made = x }'), 7);
    expect(await e.value(e.pull('made'))).toBe(7);
  });

  it('B.81 an async function holds the engine until it settles', async () => {
    const e = new OneEngine();
    const first = e.apply(async () => {
      await sleep(0.02);
      return 1;
    });
    const second = e.apply(() => 2);
    expect(await e.value(second)).toBe(2);
    expect(e.replied()).toEqual([[first], [second]]);
    const times = [first, second].map(async (msgId) => (await e.reply(msgId)).facts);
    const [one, two] = await Promise.all(times);
    expect(two?.started).toBeGreaterThanOrEqual(one?.completed ?? Infinity);
  });

  it('functions of Tutti travel by name', async () => {
    const e = new OneEngine();
    expect(await e.value(e.apply(builtinNamed('sleep'), 0.001))).toBeUndefined();
  });

  it('what is no function is a TypeError that says what it is', async () => {
    const e = new OneEngine();
    e.push({ a: 5 });
    expect(await e.error(e.apply(Reference('a')))).toMatchObject({
      ename: 'TypeError',
      evalue: 'f is not a function on this engine: it is a number',
    });
  });

  it('H.160 H.162 References in arguments are what they name, expressions included', async () => {
    const e = new OneEngine();
    e.push({ a: 123, g: [7, 8] });
    const id = (...xs: unknown[]) => xs;
    expect(await e.value(e.apply(id, Reference('a'), [{ k: Reference('g[0]') }]))).toEqual([123, [{ k: 7 }]]);
  });

  it('S.349 two results of the same object are private copies, and transfer moves', async () => {
    const e = new OneEngine();
    e.push({ a: new Float64Array([1, 2]) });
    const copy = (await e.value(e.apply(() => a))) as Float64Array;
    copy[0] = 99;
    expect(await e.value(e.pull('a'))).toEqual(new Float64Array([1, 2]));
    expect(await e.value(e.pull('transfer(a)'))).toEqual(new Float64Array([1, 2]));
    expect(await e.value(e.pull('a.length'))).toBe(0);
  });

  it('J.224 a result that cannot be sent is an error that names its path, and the engine lives on', async () => {
    const e = new OneEngine();
    const error = await e.error(e.apply(() => ({ foo: [1, Symbol('s')] })));
    expect(error.ename).toBe('DataCloneError');
    expect(error.evalue).toContain('result.foo[1] is a symbol');
    expect(await e.value(e.apply(() => 1))).toBe(1);
  });
});

describe('execute', () => {
  it('B.60 top-level names of all kinds are there for later requests', async () => {
    const e = new OneEngine();
    e.execute('let n = 1; const m = 2; function f() { return n + m } class A { v() { return f() } }');
    expect(
      await e.value(e.apply(() => new (globalThis as unknown as { A: new () => { v(): number } }).A().v())),
    ).toBe(3);
    expect(await e.value(e.pull(['n', 'm']))).toEqual([1, 2]);
  });

  it('B.68 silent execute has no result and does not count', async () => {
    const e = new OneEngine();
    expect((await e.reply(e.execute('5'))).facts).toMatchObject({ executeResult: null, executionCount: 0 });
  });

  it('B.69 otherwise there is a bundle and the count advances', async () => {
    const e = new OneEngine();
    const { facts } = await e.reply(e.execute('5', { silent: false }));
    expect(facts).toMatchObject({ executeResult: { data: { 'text/plain': '5' } }, executionCount: 1 });
    expect(facts.started).toBeLessThanOrEqual(facts.completed ?? 0);
    expect((await e.reply(e.execute('let q = 5', { silent: false }))).facts).toMatchObject({
      executeResult: null,
      executionCount: 2,
    });
  });

  it('B.70 rich results keep their forms', async () => {
    const e = new OneEngine();
    const source = "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>bold</b>' }) })";
    const { facts } = await e.reply(e.execute(source, { silent: false }));
    expect(facts.executeResult?.data['text/html']).toBe('<b>bold</b>');
  });

  it('a promise as last value holds the engine and is awaited', async () => {
    const e = new OneEngine();
    const { facts } = await e.reply(
      e.execute('(async () => { await sleep(0.005); return 8 })()', { silent: false }),
    );
    expect(facts.executeResult?.data['text/plain']).toBe('8');
  });

  it('a result that could not be sent is shown all the same', async () => {
    const e = new OneEngine();
    const { outcome, facts } = await e.reply(e.execute("[Symbol('s'), Math.max]", { silent: false }));
    expect(outcome.status).toBe('ok');
    expect(facts.executeResult?.data['text/plain']).toBe('[ Symbol(s), [Function: max] ]');
  });

  it('B.73 J.221 an error keeps its name and names cell and line, and nothing of ours', async () => {
    const e = new OneEngine();
    const error = await e.error(
      e.execute("const x: number = 1\nfunction f() {\n  throw new TypeError('x')\n}\nf()"),
    );
    expect(error).toMatchObject({
      ename: 'TypeError',
      evalue: 'x',
      engineInfo: { engineId: 3, engineUuid: 'engine-test', method: 'execute' },
      frames: [
        { functionName: 'f', url: CELL, line: 3, column: 9 },
        { functionName: null, url: CELL, line: 5 },
      ],
    });
    expect(error.traceback).toEqual([
      'TypeError: x',
      '    at f (cell 4, line 3:9)',
      expect.stringMatching(/^ {4}at cell 4, line 5:\d+$/),
    ]);
  });

  it('B.74 code that the engine compiles itself and that does not parse is a SyntaxError with its place', async () => {
    const e = new OneEngine();
    const code = { source: 'let a = 1\nlet = = 3', compiled: null, url: CELL };
    const error = await e.error(e.send({ method: 'execute', code, silent: true }));
    expect(error).toMatchObject({ ename: 'SyntaxError', position: { url: CELL, line: 2 } });
    expect(await e.value(e.apply(() => 1))).toBe(1);
  });

  it('J.220 hostile errors are still reported', async () => {
    const e = new OneEngine();
    const hostile = e.execute("throw Object.defineProperty(new Error(), 'message', { get() { throw 1 } })");
    expect((await e.error(hostile)).evalue).toContain('could not be read');
    expect(await e.error(e.execute('throw null'))).toMatchObject({ ename: 'Error', evalue: 'null' });
    expect(await e.error(e.execute("throw 'oops'"))).toMatchObject({ evalue: 'oops' });
    expect((await e.error(e.execute('throw new Proxy({}, { get() { throw 2 } })'))).ename).toBe('Error');
  });

  it('imports of bundled libraries are asked of the owner', async () => {
    const e = new OneEngine();
    const id = e.execute("import { twice } from 'd3'; twice(4)", { silent: false });
    await e.until((all) => all.some((m) => m.type === 'need-library' && m.name === 'd3'));
    e.post({
      type: 'library',
      name: 'd3',
      module: { ok: true, source: 'export const twice = (x) => 2 * x' },
    });
    expect((await e.reply(id)).facts.executeResult?.data['text/plain']).toBe('8');
  });
});

describe('push and pull', () => {
  it('C.84 nested data comes back equal', async () => {
    const e = new OneEngine();
    const data = { a: 10, b: 1.05, c: [1, 2], d: { e: [1, 2], f: 'hi' } };
    expect(await e.value(e.push({ data }))).toBeNull();
    expect(await e.value(e.pull('data'))).toEqual(data);
  });

  it('C.90 D.106 a missing name is the ReferenceError of the realm', async () => {
    const e = new OneEngine();
    expect(await e.error(e.pull('nope'))).toMatchObject({
      ename: 'ReferenceError',
      evalue: 'nope is not defined',
      engineInfo: { method: 'pull' },
    });
  });

  it('C.92 names may be paths', async () => {
    const e = new OneEngine();
    e.push({ a: { b: 5, list: [1, 2] } });
    e.push({ 'a.b': 0, 'a.list[1]': 9, 'a["x y"]': 3 });
    expect(await e.value(e.pull(['a.b', 'a.list[1]', 'a']))).toEqual([
      0,
      9,
      { b: 0, list: [1, 9], 'x y': 3 },
    ]);
  });

  it.each([
    ['1a', 'SyntaxError', 'is not a name'],
    ['a b', 'SyntaxError', 'is not a name'],
    ['class', 'SyntaxError', 'word of the language'],
    ['nope.x', 'ReferenceError', 'nope is not defined'],
    ['five.x.y', 'TypeError', 'Cannot set a property of five.x, which is undefined'],
  ])('a push to %s is a %s', async (name, ename, message) => {
    const e = new OneEngine();
    e.push({ five: {} });
    const error = await e.error(e.push({ [name]: 1 }));
    expect(error.ename).toBe(ename);
    expect(error.evalue).toContain(message);
  });

  it('C.93 a pushed function comes back callable', async () => {
    const e = new OneEngine();
    e.push({ f: (x: number) => 2 * x });
    const f = (await e.value(e.pull('f'))) as (x: number) => number;
    expect(f(4)).toBe(8);
  });

  it('S.346 an instance of a class that the engine knows gets its methods', async () => {
    const e = new OneEngine();
    class Point {
      x = 3;
      double() {
        return 2 * this.x;
      }
    }
    e.push({ Point });
    expect(await e.value(e.apply((p: Point) => p.double(), new Point()))).toBe(6);
  });

  it('names of the realm can be hidden by data and come back with clear', async () => {
    const e = new OneEngine();
    e.push({ display: 5, Math: 6 });
    expect(await e.value(e.pull(['display', 'Math']))).toEqual([5, 6]);
    e.post({ type: 'clear', token: 1 });
    expect(await e.value(e.pull(['typeof display', 'Math.max(1, 2)']))).toEqual(['function', 2]);
  });
});

describe('map', () => {
  it('E.128 the function gets the elements only', async () => {
    const e = new OneEngine();
    expect(
      await e.value(
        e.map(
          (...xs: unknown[]) => xs,
          [
            [1, 2],
            ['a', 'b'],
          ],
        ),
      ),
    ).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
  });

  it('async items run one after the other', async () => {
    const e = new OneEngine();
    const f = async (x: number) => {
      const order = ((globalThis as Record<string, unknown>)['order'] ??= []) as string[];
      order.push(`in ${String(x)}`);
      await sleep(0.001);
      order.push(`out ${String(x)}`);
      return x;
    };
    expect(await e.value(e.map(f, [[1, 2]]))).toEqual([1, 2]);
    expect(await e.value(e.pull('order'))).toEqual(['in 1', 'out 1', 'in 2', 'out 2']);
  });

  const bad = (x: number) => {
    if (x === 2) throw new RangeError('two');
    return x === 3 ? Symbol('s') : x;
  };

  it('the first failure is the reply', async () => {
    const e = new OneEngine();
    expect(await e.error(e.map(bad, [[1, 2, 3]]))).toMatchObject({
      ename: 'RangeError',
      engineInfo: { method: 'map' },
    });
  });

  it('F.141 with returnExceptions a failing item replaces only itself, one that cannot be sent too', async () => {
    const e = new OneEngine();
    const failed = e.map(bad, [[1, 2, 3, 4]], true);
    expect(await e.error(failed)).toMatchObject({ ename: 'RangeError', evalue: 'two' });
    expect(await e.items(failed)).toMatchObject([
      { ok: true, value: 1 },
      { ok: false, error: { ename: 'RangeError', evalue: 'two' } },
      {
        ok: false,
        error: {
          ename: 'DataCloneError',
          evalue: expect.stringContaining('result[2] is a symbol') as string,
        },
      },
      { ok: true, value: 4 },
    ]);
    expect(await e.error(e.map(bad, [[1, 3]], true))).toMatchObject({ ename: 'DataCloneError' });
    expect(await e.value(e.map(bad, [[1, 4]], true))).toEqual([1, 4]);
  });
});

describe('order and control', () => {
  it('B.82 requests of all kinds run in the order of arrival', async () => {
    const e = new OneEngine();
    e.execute('a = 1');
    e.apply(() => a + 1);
    e.push({ a: 2 });
    const pulled = e.pull('a');
    e.execute('a = 3');
    expect(await e.value(pulled)).toBe(2);
    expect(await e.value(e.pull('a'))).toBe(3);
  });

  it('a reply has left before the next request begins, which may never pause', async () => {
    const e = new OneEngine();
    const first = e.apply(() => 1);
    const second = e.apply(() => {
      const end = Date.now() + 30;
      while (Date.now() < end);
    });
    await e.reply(second);
    expect(e.replied()).toEqual([[first], [second]]);
  });

  it('N.285 a queued request aborts, the running one finishes', async () => {
    const e = new OneEngine();
    const before = e.apply(() => 0);
    const running = e.apply(() => sleep(0.02));
    const queued = e.apply(() => 2);
    await e.reply(before);
    e.post({ type: 'abort', msgIds: [running, queued, 'nobody' as MsgId] });
    expect((await e.reply(queued)).outcome).toMatchObject({ status: 'aborted' });
    expect((await e.reply(running)).outcome.status).toBe('ok');
    expect((await e.reply(queued)).facts.started).toBeNull();
  });

  it('gives back the items that it has not begun, unanswered, when it has told of the others', async () => {
    const e = new OneEngine();
    e.call((x: number) => (x === 1 ? sleep(0.02) : x), [0, 1, 2, 3, 4]);
    await e.until((all) => all.find((m) => m.type === 'items-done'));
    e.post({ type: 'recall', spans: [{ client: 'c' as ClientId, first: 0, count: 4 }] });
    const returned = await e.until((all) => all.find((m) => m.type === 'returned'));
    expect(returned).toEqual({ type: 'returned', spans: [{ client: 'c', first: 2, count: 2 }] });
    await e.reply('c_1' as MsgId);
    await e.until((all) => all.filter((m) => m.type === 'items-done')[1]);
    expect(e.itemsDone()).toEqual([0, 4]);
  });

  it('an abort is heard between two of many short tasks', async () => {
    const e = new OneEngine();
    const spin = () => {
      const end = Date.now() + 10;
      while (Date.now() < end);
    };
    const ids = Array.from({ length: 40 }, () => e.apply(spin));
    await e.reply(ids[0]!);
    e.post({ type: 'abort', msgIds: ids });
    expect((await e.reply(ids.at(-1)!)).outcome.status).toBe('aborted');
  });

  it('B.76 a failing request that says so aborts what the same client has queued, and nothing else', async () => {
    const e = new OneEngine();
    const failing = e.execute("throw new Error('no')", { silent: false, abortsQueueOnError: true });
    const mine = e.apply(() => 1);
    const other = e.execute('1', { client: 'other' });
    const { outcome } = await e.reply(mine);
    expect(outcome).toEqual({
      status: 'aborted',
      reason: `It was queued behind ${failing}, which failed: Error: no`,
    });
    expect((await e.reply(other)).outcome.status).toBe('ok');
  });

  it('B.76 after a failing apply what is queued still runs', async () => {
    const e = new OneEngine();
    e.apply(() => {
      throw new Error('no');
    });
    expect(await e.value(e.apply(() => 1))).toBe(1);
  });

  it('A.21 clear empties the namespace when what runs has ended, and keeps what is the realm’s', async () => {
    const e = new OneEngine();
    const pushed = e.push({ a: 1 });
    const running = e.apply(async () => {
      await sleep(0.01);
      return a;
    });
    await e.reply(pushed);
    e.post({ type: 'clear', token: 7 });
    const gone = e.pull('a');
    expect(await e.value(running)).toBe(1);
    expect((await e.error(gone)).ename).toBe('ReferenceError');
    expect(e.messages).toContainEqual({ type: 'cleared', token: 7 });
    expect(await e.value(e.apply(() => [typeof display, typeof Math, engine.id]))).toEqual([
      'function',
      'object',
      3,
    ]);
  });

  it('N.290 an interrupt ends what waits with KeyboardInterrupt and keeps the namespace', async () => {
    const e = new OneEngine();
    const pushed = e.push({ a: 5 });
    const sleeping = e.execute("try { await sleep(1000) } finally { console.log('late words') }");
    const never = e.execute('await new Promise(() => {})');
    await e.reply(pushed);
    e.post({ type: 'interrupt', msgId: sleeping });
    expect(await e.error(sleeping)).toMatchObject({
      ename: 'KeyboardInterrupt',
      engineInfo: { method: 'execute' },
    });
    e.post({ type: 'interrupt', msgId: sleeping });
    e.post({ type: 'interrupt', msgId: never });
    expect((await e.error(never)).ename).toBe('KeyboardInterrupt');
    expect(await e.value(e.pull('a'))).toBe(5);
  });

  it('N.290 a request that is interrupted before it begins does not begin', async () => {
    const e = new OneEngine();
    e.push({ ran: 'no' });
    const never = e.execute('ran = "yes"');
    e.post({ type: 'interrupt', msgId: never });
    expect(await e.error(never)).toMatchObject({ ename: 'KeyboardInterrupt', engineInfo: { engineId: 3 } });
    expect(await e.value(e.pull('ran'))).toBe('no');
  });

  it('an interrupted map does not go on with its items', async () => {
    const e = new OneEngine();
    const pushed = e.push({ seen: 0 });
    const f = async () => {
      (globalThis as unknown as { seen: number }).seen++;
      await sleep(0).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const mapping = e.map(f, [[1, 2, 3, 4, 5, 6, 7, 8]]);
    await e.reply(pushed);
    e.post({ type: 'interrupt', msgId: mapping });
    expect((await e.error(mapping)).ename).toBe('KeyboardInterrupt');
    await e.value(e.apply(() => sleep(0.05)));
    expect(await e.value(e.pull('seen'))).toBeLessThan(4);
  });

  it('code that closes the realm is told as the engine’s exit', async () => {
    const e = new OneEngine();
    e.execute('close()');
    expect(await e.until((all) => all.find((m) => m.type === 'exit'))).toEqual({
      type: 'exit',
      reason: 'its code called close()',
    });
  });
});

describe('output', () => {
  it('P.324 what a task prints arrives while it runs, before its reply', async () => {
    const e = new OneEngine();
    const id = e.execute("console.log('one', { a: [1] }); await sleep(0.005); console.error('two')");
    await e.until(() => e.text(id) !== '');
    expect(e.replied()).toEqual([]);
    await e.reply(id);
    expect([e.text(id), e.text(id, 'stderr')]).toEqual(['one { a: [ 1 ] }\n', 'two\n']);
  });

  it('output of a loop that never pauses leaves in pieces, before the loop ends', async () => {
    let now = 0;
    const e = new OneEngine({ clock: { now: () => now++ } });
    const id = e.execute("for (let i = 0; i < 1000; i++) console.log('x')");
    await e.reply(id);
    const pieces = e.events(id).filter((event) => event.type === 'stream');
    expect(pieces.length).toBeGreaterThan(10);
    expect(e.text(id)).toBe('x\n'.repeat(1000));
  });

  it('a flood of output is cut, with a mark, and the request goes on', async () => {
    const e = new OneEngine();
    const id = e.execute("for (let i = 0; i < 200_000; i++) console.log('0123456789'); const done = true");
    await e.reply(id);
    expect(await e.value(e.pull('done'))).toBe(true);
    const text = e.text(id);
    expect(text.length).toBeLessThan(1_100_000);
    expect(text).toMatch(/… stdout of this request is cut here, at 1 MiB\..*\n$/);
  });

  it('B.78 displays arrive in order', async () => {
    const e = new OneEngine();
    const id = e.apply(() => {
      for (let i = 0; i < 5; i++) display(i);
    });
    await e.value(id);
    const shown = e
      .events(id)
      .flatMap((event) => (event.type === 'display' ? [event.bundle.data['text/plain']] : []));
    expect(shown).toEqual(['0', '1', '2', '3', '4']);
  });

  it('a display that makes itself slowly arrives before the reply', async () => {
    const e = new OneEngine();
    const id = e.execute(
      "display({ [Symbol.for('Jupyter.display')]: async () => { await sleep(0.005); return { 'text/html': 'x' } } })",
      { silent: false },
    );
    const { facts } = await e.reply(id);
    expect(e.events(id)).toMatchObject([{ type: 'display', bundle: { data: { 'text/html': 'x' } } }]);
    expect(facts.executeResult).toBeNull();
  });

  it('I.204 published data and progress are told', async () => {
    const e = new OneEngine();
    const id = e.apply(() => {
      for (let i = 1; i <= 1000; i++) progress(i, 1000);
      publishData({ i: 4, list: new Float64Array([1]) });
    });
    await e.value(id);
    const events = e.events(id);
    expect(events.length).toBeLessThan(50);
    expect(events).toContainEqual({ type: 'progress', done: 1000, total: 1000 });
    expect(events).toContainEqual({ type: 'data', values: { i: 4, list: new Float64Array([1]) } });
  });

  it('what a timer says later belongs to the last request', async () => {
    const e = new OneEngine();
    const id = e.execute("setTimeout(() => console.log('later'), 5); 0");
    await e.until(() => e.text(id) === 'later\n');
    expect(e.replied()).toEqual([[id]]);
  });

  it('an error that nobody waited for goes to stderr, with the user’s frames', async () => {
    const e = new OneEngine();
    const id = e.execute('const stray = new RangeError("lost")');
    await e.reply(id);
    e.engine.reportStray((e.evaluator.globals as { stray: unknown }).stray);
    await e.until(() => e.text(id, 'stderr') !== '');
    expect(e.text(id, 'stderr')).toMatch(/^Uncaught RangeError: lost\n {4}at cell 4, line 1:\d+\n$/);
  });
});

describe('functions that know their place', () => {
  it('J.221 an error in an applied function names the cell and the line in which it was written', async () => {
    const places = new FunctionPlaces();
    const source =
      "// a cell\nview.apply(function f(x) {\n  throw new RangeError('there')\n}, 1); g((x) => { throw 2 })";
    places.remember(CELL, source);
    locateFunctionsBy(places.locate);
    try {
      const e = new OneEngine();
      const f = e.evaluator.evaluate(`(${source.slice(source.indexOf('function'), source.indexOf(', 1'))})`);
      expect(await e.error(e.apply(f, 1))).toMatchObject({
        frames: [{ functionName: 'f', url: CELL, line: 3, column: 9 }],
        traceback: ['RangeError: there', '    at f (cell 4, line 3:9)'],
      });
    } finally {
      locateFunctionsBy(null);
    }
  });

  it('on one line the column is right too', async () => {
    const places = new FunctionPlaces();
    places.remember(CELL, "view.apply(() => { throw new RangeError('there') })");
    locateFunctionsBy(places.locate);
    try {
      const e = new OneEngine();
      const f = e.evaluator.evaluate("(() => { throw new RangeError('there') })");
      expect((await e.error(e.apply(f))).frames).toMatchObject([{ line: 1, column: 26 }]);
    } finally {
      locateFunctionsBy(null);
    }
  });
});

describe('names', () => {
  it('are told with replies when they have changed', async () => {
    const e = new OneEngine();
    await e.reply(e.push({ a: 1 }));
    await e.reply(e.push({ a: 2 }));
    await e.reply(e.execute('let c = 1; function f() {}'));
    const told = e.messages.flatMap((m) => (m.type === 'reply' ? [m.names] : []));
    expect(told).toEqual([['a'], undefined, expect.arrayContaining(['a', 'c', 'f'])]);
  });
});

describe('answers of tiny tasks', () => {
  /** An engine with a slate, whose clock goes by so many milliseconds each time that it is read. */
  function withSlate(tick: number) {
    let at = 1_750_000_000_000;
    const e = new OneEngine({ clock: { now: () => (at += tick) } });
    const slate = createSlate() ?? new SharedArrayBuffer(0);
    e.post({ type: 'welcome', engineId: 3, engineUuid: 'e' as EngineUuid, interruptFlag: null, slate });
    const reader = new SlateReader(slate);
    const written = () => {
      const places: number[] = [];
      reader.take(Infinity, {
        row: ({ place }) => places.push(place),
        items: ({ place, ends }) => places.push(...Array.from(ends.values, (_, i) => place + i)),
      });
      return places;
    };
    return { e, written };
  }
  const places = (n: number) => Array.from({ length: n }, (_, i) => i);
  const posted = (e: OneEngine) =>
    e.messages.flatMap((one) => (one.type === 'reply' ? [MsgId.number(one.reply.msgId)] : []));

  it('are written and not posted while others follow, but for one in a millisecond and the last', async () => {
    const { e, written } = withSlate(0.0001);
    const last = places(200)
      .map((n) => e.map((x: number) => x, [[n]]))
      .at(-1);
    await e.reply(last ?? ('' as MsgId));
    expect(posted(e)).toEqual([0, 199]);
    expect(written()).toEqual(places(200).slice(1, -1));
  });

  it('are posted once in a millisecond', async () => {
    const { e, written } = withSlate(0.1);
    const last = places(50)
      .map((n) => e.apply((x: number) => x, n))
      .at(-1);
    await e.reply(last ?? ('' as MsgId));
    expect(posted(e).length).toBeGreaterThan(10);
    expect([...posted(e), ...written()].sort((a, b) => a - b)).toEqual(places(50));
  });

  it('are posted when they are errors, or what a row does not hold', async () => {
    const { e, written } = withSlate(0.0001);
    e.apply(() => 0);
    e.apply(() => {
      throw new Error('no');
    });
    e.apply(() => ({ a: 1 }));
    e.apply(() => 'text');
    await e.reply(e.apply(() => 0));
    expect(posted(e)).toEqual([0, 1, 2, 4]);
    expect(written()).toEqual([3]);
  });

  it('are told of when what follows waits for something', async () => {
    const { e, written } = withSlate(0.0001);
    e.apply(() => 0);
    e.apply(() => 1);
    e.apply(() => sleep(600));
    await e.until((all) => all.find(({ type }) => type === 'slate'));
    expect(posted(e)).toEqual([0]);
    expect(written()).toEqual([1]);
  });
});

describe('items of a call', () => {
  /** An engine whose clock hardly goes, so that nothing is told for the time that has passed. */
  const inNoTime = () => {
    let at = 1_750_000_000_000;
    return new OneEngine({ clock: { now: () => (at += 0.0001) } });
  };
  /** What was said of items, in order. */
  const said = (e: OneEngine) =>
    e.messages.flatMap((m): unknown[] => {
      if (m.type === 'items-done') return [[...m.ends.values]];
      if (m.type === 'event') return [m.msgId, m.event.type];
      return m.type === 'reply' ? [`${m.reply.msgId} ${m.reply.outcome.status}`] : [];
    });
  const through = (e: OneEngine, n: number) =>
    e.until((all) => {
      let told = 0;
      for (const m of all)
        told += m.type === 'items-done' ? m.ends.values.length : m.type === 'reply' ? 1 : 0;
      return told >= n;
    });

  it('that end well and small are told together, whatever they give', async () => {
    const e = inNoTime();
    e.call((x: number) => [-0, NaN, 'text', undefined, { a: [1] }, 5n][x], [0, 1, 2, 3, 4, 5]);
    await through(e, 6);
    expect(said(e).flat()).toEqual([-0, NaN, 'text', undefined, { a: [1] }, 5n]);
    const [done] = e.messages.filter((m) => m.type === 'items-done');
    expect(done?.ends).toMatchObject({ boxed: true, canned: false });
    const { started, completed } = done?.ends ?? { started: [], completed: [] };
    expect(Array.from(started).every((at, i) => at <= (completed[i] ?? NaN))).toBe(true);
  });

  it('that print, fail, wait or give much answer by themselves, in order', async () => {
    const e = inNoTime();
    const f = (x: number) => {
      if (x === 1) console.log('here');
      if (x === 3) throw new Error('no');
      if (x === 5) return sleep(0.01);
      if (x === 7) return new Float64Array(100);
      return x;
    };
    e.call(f, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await through(e, 9);
    expect(said(e)).toEqual([
      [0],
      ...['c_1', 'stream', [1, 2], 'c_3 error', [4], [undefined, 6], 'c_7 ok', [8]],
    ]);
    const { frames, ename } = await e.error('c_3' as MsgId);
    expect([ename, frames.length > 0]).toEqual(['Error', true]);
  });

  it('of an apply are not in a list; with returnExceptions an error is an item', async () => {
    const e = inNoTime();
    e.call((x: number, y: number) => x + y, [1, 2], {
      method: 'apply',
      columns: [[1, 2], Float64Array.of(5, 6)],
    });
    await through(e, 2);
    const done = e.messages.filter((m) => m.type === 'items-done');
    expect(done.map(({ ends }) => [ends.boxed, ...ends.values])).toEqual([
      [false, 6],
      [false, 8],
    ]);
    const fails = (x: number) => {
      if (x === 0) throw new Error('no');
      return x;
    };
    e.call(fails, [0, 1], { returnExceptions: true });
    await through(e, 4);
    expect(await e.items('c_2' as MsgId)).toMatchObject([{ ok: false, error: { ename: 'Error' } }]);
    expect(e.itemsDone()).toEqual([0, 1, 3]);
  });

  it('have one function, unless it brings something along: then each has its own', async () => {
    const e = inNoTime();
    const counts = function self(x: number) {
      const me = self as { n?: number };
      return [(me.n = (me.n ?? 0) + 1), x];
    };
    e.call(counts, [7, 8]);
    e.call(Object.assign(counts, { list: [1] }), [7, 8]);
    await through(e, 4);
    // The first of all is told at once, by itself.
    expect(await e.value('c_0' as MsgId)).toEqual([[1, 7]]);
    const others = e.messages.flatMap((m) => (m.type === 'items-done' ? [...m.ends.values] : []));
    expect(others).toEqual([
      [2, 8],
      [1, 7],
      [1, 8],
    ]);
  });

  it('say each why their function cannot be', async () => {
    const e = inNoTime();
    e.call(new Reference('nobody'), [1, 2]);
    await through(e, 2);
    expect((await e.error('c_0' as MsgId)).evalue).toContain('nobody');
    expect((await e.error('c_1' as MsgId)).evalue).toContain('nobody');
  });

  it('N.285 can be aborted and interrupted one by one, and told of by who runs late', async () => {
    const e = inNoTime();
    const f = (x: number) => {
      if (x === 0) return sleep(0.05);
      if (x === 1)
        setTimeout(() => {
          console.log('late');
        }, 20);
      return x;
    };
    e.call(f, [0, 1, 2, 3, 4]);
    e.post({ type: 'abort', msgIds: ['c_2' as MsgId] });
    e.post({ type: 'interrupt', msgId: 'c_3' as MsgId });
    await through(e, 5);
    expect((await e.reply('c_2' as MsgId)).outcome.status).toBe('aborted');
    expect((await e.error('c_3' as MsgId)).ename).toBe('KeyboardInterrupt');
    await e.until(() => e.text('c_1' as MsgId) === 'late\n');
    expect(e.itemsDone()).toEqual([1, 4]);
  });

  it('that the controller has claimed do not begin', async () => {
    const e = inNoTime();
    const memory = createItemClaims() ?? new SharedArrayBuffer(0);
    e.post({
      ...{ type: 'welcome', engineId: 3, engineUuid: 'e' as EngineUuid, interruptFlag: null },
      claims: memory,
    });
    const claims = new ItemClaims(memory);
    for (let place = 0; place < 6; place++) claims.open(place);
    for (const place of [0, 3, 5]) expect(claims.claim(place)).toBe(true);
    e.call((x: number) => x, [0, 1, 2, 3, 4, 5]);
    await e.until(() => e.itemsDone().length >= 3);
    expect(e.itemsDone()).toEqual([1, 2, 4]);
    expect(claims.claim(1)).toBe(false);
  });
});
