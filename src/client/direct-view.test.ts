import { afterEach, describe, expect, it, vi } from 'vitest';
import { Reference } from '../protocol/reference.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { TaskAborted } from './errors.ts';
import type { Spelled } from './spelling.ts';

// Names of the engines' namespaces.
declare const a: number;
declare const b: number;
declare const n: number;
declare const engine: { readonly id: number };
declare function add(x: number): number;

afterEach(closeClusters);

async function directViews(n = 4) {
  const { rc } = await testCluster({ n });
  return { rc, dview: rc.slice(), e0: rc.at(0) };
}

describe('apply', () => {
  it('B.48 gives results in the order of the targets', async () => {
    const { rc } = await directViews();
    expect(await rc.view([3, 0]).apply(() => engine.id)).toEqual([3, 0]);
  });

  it('B.49 functions see the engine’s namespace as their globals', async () => {
    const { dview } = await directViews();
    await dview.push({ a: 5, b: 10 });
    expect(await dview.apply((x: number) => a + b + x, 27)).toEqual([42, 42, 42, 42]);
  });

  it('B.52 goes where targets say at the time of the call', async () => {
    const { rc, dview } = await directViews();
    dview.targets = [0, 2];
    expect(await dview.apply(() => 10)).toEqual([10, 10]);
    dview.targets = rc.ids;
    expect(await dview.apply(() => 42)).toEqual([42, 42, 42, 42]);
  });

  it('B.56 arguments that look like options are arguments', async () => {
    const { e0 } = await directViews(1);
    const options = { f: 5, args: [1], block: true, targets: 'all', label: 'x' };
    expect(await e0.apply((x: object) => x, options)).toEqual(options);
    expect(await e0.apply((f: number, args: number) => [f, args], 5, 6)).toEqual([5, 6]);
  });

  it('B.57 refuses what cannot be called, at once', async () => {
    const { dview } = await directViews();
    expect(() => dview.apply(5 as never)).toThrow(new TypeError('f must be callable, not number'));
    expect(dview.history).toEqual([]);
  });

  it('B.65 leaves no names behind', async () => {
    const { e0 } = await directViews(1);
    await e0.push({ a: 1 });
    const before = await e0.keys();
    await e0.apply((x: number) => x, 1);
    expect(before).toEqual(['a']);
    expect(await e0.keys()).toEqual(before);
  });

  it('B.76 a failing apply, or silent execute, leaves what is queued behind it alone', async () => {
    const { e0 } = await directViews(1);
    const failing = e0.apply(() => {
      throw new Error('first');
    });
    const silent = e0.execute('throw new Error("second")');
    const after = e0.apply(() => 'still here');
    await expect(failing).rejects.toThrow('first');
    await expect(silent).rejects.toThrow('second');
    expect(await after).toBe('still here');
  });

  it('B.81 an async function holds its engine until it settles', async () => {
    const { e0 } = await directViews(1);
    const slow = e0.apply(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      Object.assign(globalThis, { a: 'slow was here' });
      return 1;
    });
    const next = e0.pull('a');
    expect(await slow).toBe(1);
    expect(await next).toBe('slow was here');
  });

  it('B.82 requests to one engine run in order of submission, whatever they are', async () => {
    const { e0 } = await directViews(1);
    void e0.execute('a = [1]');
    void e0.apply(() => (a as unknown as number[]).push(2));
    void e0.push({ b: 3 });
    void e0.execute('a.push(b)');
    expect(await e0.pull('a')).toEqual([1, 2, 3]);
  });

  it('S.348 arguments are what they were at submission', async () => {
    const { e0 } = await directViews(1);
    const list = [1, 2, 3];
    const ar = e0.apply((xs: number[]) => xs, list);
    list.push(4);
    expect(await ar).toEqual([1, 2, 3]);
  });

  it('S.349 every engine has a copy of its own', async () => {
    const { dview } = await directViews(2);
    const list = [0];
    const push = (xs: number[]) => [xs.push(1), xs];
    expect(await dview.apply(push, list)).toEqual([
      [2, [0, 1]],
      [2, [0, 1]],
    ]);
    expect(list).toEqual([0]);
  });

  it('J.224 an argument that cannot be sent throws at submission, names its path and queues nothing', async () => {
    const { dview } = await directViews(1);
    expect(() => dview.apply((x: unknown) => x, { deep: new WeakMap() })).toThrow(/args\[0\]\.deep/);
    expect(dview.history).toEqual([]);
  });

  it('sends typed arrays to several engines, and leaves the caller’s alone', async () => {
    const { dview } = await directViews(3);
    const numbers = new Float64Array([1, 2, 3]);
    const sums = await dview.apply((xs: Float64Array) => xs.reduce((x, y) => x + y), numbers);
    expect(sums).toEqual([6, 6, 6]);
    expect(numbers.byteLength).toBe(24);
  });

  it('S.352 track moves buffers, and sent tells when they have left', async () => {
    const { rc } = await directViews(1);
    const view = rc.at(0).with({ track: true });
    const bytes = new Uint8Array([1, 2, 3]);
    const ar = view.apply((xs: Uint8Array) => xs.length, bytes);
    expect(bytes.byteLength).toBe(0);
    expect(ar.sent).toBe(false);
    await ar.waitForSend();
    expect(await ar).toBe(3);
    expect(ar.sent).toBe(true);
    expect(rc.at(0).apply(() => 1).sent).toBe(true);
  });
});

describe('References', () => {
  it('H.160 stand for a value on the engine', async () => {
    const { e0 } = await directViews(1);
    await e0.set('a', 123);
    expect(await e0.apply((x: unknown) => x, new Reference('a'))).toBe(123);
    expect(await e0.apply((x: { foo: unknown[] }) => x, { foo: [new Reference('a')] } as never)).toEqual({
      foo: [123],
    });
  });

  it('H.161 stand for a function there', async () => {
    const { dview } = await directViews();
    await dview.execute('f = x => engine.id * x');
    expect(await dview.apply(Reference('f'), 5)).toEqual([0, 5, 10, 15]);
  });

  it('H.162 may be expressions', async () => {
    const { e0 } = await directViews(1);
    await e0.execute('g = [7, 8]');
    expect(await e0.apply((x: unknown) => x, new Reference('g[1]'))).toBe(8);
  });
});

describe('execute', () => {
  it('B.50 runs text on slices of the engines', async () => {
    const { rc, dview } = await directViews();
    await dview.push({ a: 5, b: 10 });
    await rc.view('::2').execute('c = a + b');
    await rc.view('1::2').execute('c = a - b');
    expect(await dview.get('c')).toEqual([15, -5, 15, -5]);
  });

  it('B.58 takes text only', async () => {
    const { dview } = await directViews(1);
    expect(() => dview.execute((() => 1) as never)).toThrow(new TypeError('code must be text, not function'));
  });

  it('B.60 names declared by execute stay, for code and for functions', async () => {
    const { e0 } = await directViews(1);
    await e0.execute('const n = 2; function add(x) { return x + n } class Point {}');
    await e0.execute('let m = add(n)');
    expect(await e0.pull(['m', 'typeof Point'])).toEqual([4, 'function']);
    expect(await e0.apply(() => add(n))).toBe(4);
  });

  it('B.61 text in any script survives', async () => {
    const { e0 } = await directViews(1);
    await e0.execute("a = 'é'");
    expect(await e0.get('a')).toBe('é');
    expect(await e0.apply((x: string) => x, 'ßø®∫')).toBe('ßø®∫');
  });

  it('B.68 by default there is no result, and the count stands still', async () => {
    const { dview } = await directViews(2);
    const ar = dview.execute('5');
    await ar;
    expect(ar.executeResult).toEqual([null, null]);
    expect(ar.executionCount).toEqual([0, 0]);
  });

  it('B.69 not silent, every engine gives a bundle and counts', async () => {
    const { dview } = await directViews(2);
    const ar = dview.execute('5', { silent: false });
    const replies = await ar;
    expect(ar.executeResult).toEqual([
      { data: { 'text/plain': '5' }, metadata: {} },
      { data: { 'text/plain': '5' }, metadata: {} },
    ]);
    expect(replies.map(String)).toEqual(['<ExecuteReply[1]: 5>', '<ExecuteReply[1]: 5>']);
  });

  it('B.73 raises the engine’s error, alone or collected', async () => {
    const { dview, e0 } = await directViews(2);
    await expect(e0.execute("throw new TypeError('x')")).rejects.toMatchObject({
      name: 'RemoteError',
      ename: 'TypeError',
    });
    await expect(dview.execute("throw new TypeError('x')")).rejects.toMatchObject({
      name: 'CompositeError',
      msg: 'one or more exceptions raised in: execute',
    });
  });

  it('B.74 a syntax error is a remote one, and the engine lives on', async () => {
    const { e0 } = await directViews(1);
    await expect(e0.execute('let = = 5')).rejects.toMatchObject({ ename: 'SyntaxError' });
    expect(await e0.apply(() => 1)).toBe(1);
  });

  it('B.78 displays arrive in order, per engine', async () => {
    const { dview } = await directViews(2);
    const ar = dview.execute('for (let i = 0; i < 5; i++) display(i)');
    await ar;
    const texts = ar.outputs.map((bundles) => bundles.map((bundle) => bundle.data['text/plain']));
    expect(texts).toEqual([
      ['0', '1', '2', '3', '4'],
      ['0', '1', '2', '3', '4'],
    ]);
  });

  it('a failing non-silent execute aborts what is queued behind it', async () => {
    const { e0 } = await directViews(1);
    const failing = e0.execute('throw new Error("no")', { silent: false });
    const behind = e0.apply(() => 1);
    await expect(failing).rejects.toThrow('no');
    await expect(behind).rejects.toThrow(TaskAborted);
    expect(await e0.apply(() => 2)).toBe(2);
  });

  it('names the code in stack frames', async () => {
    const { e0 } = await directViews(1);
    const ar = e0.execute('\nnotThere()', { silent: false, url: 'cell-4/abcd' });
    await expect(ar).rejects.toMatchObject({ frames: [{ url: 'cell-4/abcd', line: 2 }] });
  });

  it('refuses options that do not exist', async () => {
    const { dview } = await directViews(1);
    expect(() => dview.execute('5', { quiet: true } as never)).toThrow(
      /execute got an unexpected option 'quiet'/,
    );
  });
});

describe('flags', () => {
  it('B.53 unknown ones are refused, known ones are set and the view returned', async () => {
    const { dview } = await directViews(1);
    expect(() => dview.setFlags({ bogus: 1 } as never)).toThrow("Invalid name: 'bogus'");
    expect(dview.setFlags({ label: 'x', block: false })).toBe(dview);
    expect(dview.label).toBe('x');
    expect(() => (dview.block = 'yes' as never)).toThrow('block must be true or false, not string');
  });

  it('B.54 temporary ones are undone, also by a throw', async () => {
    const { dview } = await directViews(1);
    expect(() => {
      using flags = dview.tempFlags({ label: 'for now' });
      expect(flags).toBeDefined();
      expect(dview.label).toBe('for now');
      throw new Error('body');
    }).toThrow('body');
    expect(dview.label).toBeNull();
    const label = dview.tempFlags({ label: 'derived' }, (view) => [view.label, dview.label]);
    expect(label).toEqual(['derived', null]);
  });

  it('B.54 temporary ones that overlap may end in any order, and leave nothing behind', async () => {
    const { dview } = await directViews(2);
    const [first, second] = [
      dview.tempFlags({ label: 'first', track: true }),
      dview.tempFlags({ label: 'second' }),
    ];
    dview.targets = 0;
    expect([dview.label, dview.track, dview.targets]).toEqual(['second', true, 0]);
    first[Symbol.dispose]();
    expect([dview.label, dview.track, dview.targets]).toEqual(['second', false, 0]);
    second[Symbol.dispose]();
    second[Symbol.dispose]();
    expect([dview.label, dview.track, dview.targets]).toEqual([null, false, [0, 1]]);
  });

  it('derived views share the history and leave the first alone', async () => {
    const { dview } = await directViews(2);
    const labelled = dview.with({ label: 'mine', targets: 0 });
    const ar = labelled.apply(() => 1);
    expect(await ar).toBe(1);
    expect(ar.label).toBe('mine');
    expect([dview.label, dview.targets]).toEqual([null, [0, 1]]);
    expect(dview.history).toEqual(ar.msgIds);
    expect(String(labelled)).toBe('<DirectView 0>');
  });
});

describe('the view as a thing', () => {
  it('shows itself as IPython does', async () => {
    const { rc, dview } = await directViews();
    expect(String(rc.view([1, 2]))).toBe('<DirectView [1, 2]>');
    expect(String(rc.directView())).toBe('<DirectView all>');
    expect(String(rc.loadBalancedView())).toBe('<LoadBalancedView null>');
    expect(dview.length).toBe(4);
    expect(rc.at(2).length).toBe(1);
  });

  it('C.98 can be awaited without hanging', async () => {
    const { dview } = await directViews(1);
    expect(await Promise.resolve(dview)).toBe(dview);
    expect(dview['then']).toBeUndefined();
    expect(dview.ns['then']).toBeUndefined();
    expect(() => (dview['then'] = 5)).toThrow(/never a variable/);
  });

  it('has IPython’s spelling too', async () => {
    const { dview } = await directViews(2);
    const spelled = dview as Spelled<typeof dview>;
    expect(await spelled.apply_async(() => 3)).toEqual([3, 3]);
    const ar = dview.execute('5', { silent: false });
    await ar;
    expect(Reflect.get(ar, 'execute_result')).toEqual(ar.executeResult);
    expect(await (ar.get as (options: object) => Promise<unknown>)({ return_exceptions: true })).toHaveLength(
      2,
    );
  });

  it('cannot be sent to an engine', async () => {
    const { dview } = await directViews(1);
    expect(() => dview.apply((x: unknown) => x, dview)).toThrow(/cannot be sent. Views stay where they are/);
  });
});

describe('what a call costs', () => {
  it('one of one engine is four messages, each posted once, and nothing is told to anybody else', async () => {
    const { rc } = await testCluster({ n: 4 });
    const e0 = rc.at(0);
    await e0.apply(() => 0);
    const posts = vi.spyOn(globalThis, 'structuredClone');
    const turns = vi.spyOn(globalThis, 'queueMicrotask');
    const count = 20;
    for (let i = 0; i < count; i++) await e0.apply((x) => x, i);
    const batches = posts.mock.calls.map(([batch]) => batch as readonly unknown[]);
    // The list of engines follows their work at its own pace.
    const aboutCalls = batches.filter((batch) => !batch.some((one) => typeOf(one) === 'engines'));
    const others = batches.length - aboutCalls.length;
    posts.mockRestore();
    expect(aboutCalls.every((batch) => batch.length === 1)).toBe(true);
    expect(aboutCalls.length).toBeLessThanOrEqual(4 * count);
    expect(turns.mock.calls.length).toBeLessThanOrEqual(4 * count + others);
    turns.mockRestore();
  });
});

function typeOf(message: unknown): unknown {
  return (message as { readonly type?: unknown }).type;
}
