import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { functionText, GUARD, GUARD_ITEMS, withoutGuards } from '../base/guard-text.ts';
import { guardItems } from '../realm/guarded-items.ts';
import { compileCell } from './compile-cell.ts';
import { originalPosition } from './positions.ts';

const STOP = 'stopped by the guard';

/** A realm whose guard stops what runs when it has been asked `patience` times. */
function realm(patience: number) {
  const context = vm.createContext({ asked: 0 });
  const evaluate = vm.runInContext('(0, eval)', context) as (js: string) => unknown;
  const global = evaluate('globalThis') as Record<string, unknown>;
  global[GUARD] = () => {
    global['asked'] = (global['asked'] as number) + 1;
    if ((global['asked'] as number) > patience) throw new Error(STOP);
    return 0;
  };
  global[GUARD_ITEMS] = guardItems(global[GUARD] as () => number);
  const run = (source: string): unknown => {
    const { js, isAsync } = compileCell(source, { url: 'cell-1/a' });
    const result = (evaluate(js) as () => unknown)();
    return isAsync ? result : (result as { value?: unknown }).value;
  };
  return { run, global };
}

function guardsIn(source: string): number {
  return compileCell(source, { url: 'c' }).js.split(/__tutti(?:Guard|Items)/).length - 1;
}

describe('loops that could run for ever are stopped', () => {
  it.each([
    ['while', 'while (true) {}'],
    ['while without a block', 'let n = 0\nwhile (true) n++'],
    ['an empty body', 'while (true);'],
    ['for (;;)', 'for (;;) {}'],
    ['for (;;) without a block', 'for (;;);'],
    ['do-while', 'do {} while (true)'],
    ['do-while without a block', 'let n = 0\ndo n++; while (true)'],
    ['a labelled loop', 'outer: while (true) { continue outer }'],
    ['two labels', 'a: b: for (;;) { continue b }'],
    ['continue of an outer loop', 'outer: for (;;) { for (let i = 0; i < 3; i++) continue outer }'],
    ['a loop in a loop', 'for (let i = 0; i < 3; i++) while (true);'],
    ['nested without blocks', 'while (true) while (false) n()\nfunction n() {}'],
    ['a counter that the body sets back', 'for (let i = 0; i < 10; i++) { i = 0 }'],
    ['a counter that a pattern sets', 'for (let i = 0; i < 10; i++) { ({ i } = { i: 0 }) }'],
    ['a bound that moves', 'let n = 1; for (let i = 0; i < n; i++) n++'],
    ['a bound in an object that moves', 'const o = { n: 1 }; for (let i = 0; i < o.n; i++) o.n++'],
    ['an array that grows', 'const a = [0]; for (let i = 0; i < a.length; i++) a[i + 1] = 0'],
    ['an array that grows by push', 'const a = [0]; for (let i = 0; i < a.length; i++) a.push(0)'],
    ['counting to Infinity', 'for (let i = 0; i < Infinity; i++);'],
    ['counting to POSITIVE_INFINITY', 'for (let i = 0; i < Number.POSITIVE_INFINITY; i++);'],
    ['counting to a number too far', 'for (let i = 0; i < 1e15; i++);'],
    ['counting away', 'for (let i = 0; i < 10; i--);'],
    ['counting with !==', 'for (let i = 1; i !== 10; i += 2);'],
    ['a while whose step may be left out', 'let i = 0; while (i < 10) { if (i > 5) i++ }'],
    ['a while whose step is passed by', 'let i = 0; while (i < 10) { if (i === 3) continue; i++ }'],
    ['a while whose step stands behind &&', 'let i = 0; while (i < 10) { i > 5 && i++ }'],
    ['a while that counts back too', 'let i = 0; while (i < 10) { i++; i-- }'],
    ['a while that counts away', 'let i = 0; while (i-- < 10);'],
    ['a while that counts to what moves', 'let i = 0, n = 1; while (i++ < n) n++'],
    ['a while whose array grows', 'const a = [0]; let i = 0; while (i < a.length) { i++; a[i] = 0 }'],
    ['two ends, one of which is not counted', 'let i = 0, go = true; while (i < 10 || go) i++'],
    ['a for of short rounds in a for', 'for (let i = 0; i < 10; i--) for (let j = 0; j < 3; j++);'],
    ['an inner loop with many rounds', 'for (let i = 0; i < 1e9; i++) for (let j = 0; j < 65; j++);'],
    ['a step in a variable', 'const step = 0; for (let i = 0; i < 10; i += step);'],
    ['a test that calls', 'for (let i = 0; more(); i++);\nfunction more() { return true }'],
    ['for … of over a generator', 'function* g() { let i = 0; for (;;) yield i++ }\nfor (const x of g());'],
    [
      'for … of over a generator, in short rounds',
      'let s = 0; function* g() { while (s < 1) yield 1 }\nfor (const x of g()) s += x - 1',
    ],
    ['for … of over an array that grows by an element', 'const a = [0]; for (const x of a) a[x + 1] = x + 1'],
    ['for … of over an array that grows', 'const a = [0]; for (const x of a) a.push(x)'],
    ['a generator by itself', 'function* g() { for (;;); }\n[...g()]'],
    ['a loop in a function', 'function f() { while (true) {} }\nf()'],
    ['a loop in an arrow', 'const f = () => { for (;;); }; f()'],
    ['a loop in a method', 'class A { static m() { for (;;); } }\nA.m()'],
    ['a loop in a static block', 'class A { static { for (;;); } }'],
    ['a loop in a getter', '({ get a() { for (;;); } }).a'],
    ['a loop in a callback', '[1].forEach(() => { while (true); })'],
    ['array methods in a loop', 'for (;;) [1, 2, 3].map((x) => x).sort()'],
    ['a loop in if and else', 'if (true) while (true); else while (true);'],
    ['a loop in a switch', 'switch (1) { case 1: for (;;); }'],
    ['a loop that catches all errors', 'while (true) { try { null.x } catch {} }'],
    ['a loop within try', 'try { for (;;); } finally { 1 }'],
    ['types', 'let n: number = 0; while (true as boolean) { n!++ }'],
    ['a variable declared in the body', 'while (true) var a = 1'],
    ['a function declared in the body', 'while (true) { function g() {} }'],
  ])('%s', (_, source) => {
    expect(() => realm(1).run(source)).toThrow(STOP);
  });

  it.each([
    ['for (;;) await 0', 'for (;;) await 0'],
    ['while with an await in the test', 'while (await true);'],
    ['for await', 'async function* g() { for (;;) yield 1 }\nfor await (const x of g());'],
    ['for await over an array that grows', 'const a = [0]; for await (const x of a) a.push(x)'],
    ['an async arrow', 'await (async () => { while (true) await null })()'],
  ])('%s', async (_, source) => {
    await expect(realm(1).run(source)).rejects.toThrow(STOP);
  });
});

describe('loops that stay as they are: counted, innermost, calling nothing', () => {
  it.each([
    'for (let i = 0; i < 10; i++) s += i',
    'for (let i = 0; i < n; i++) s += a[i]',
    'for (let i = 0; i < a.length; ++i) a[i] *= 2',
    'for (let i = 0; i < a.length - 1; i += 2) b[i] = a[i] + a[i + 1]',
    'for (let i = n - 1; i >= 0; i--) s += a[i]',
    'for (let i = 0; n > i; i++) s += i',
    'for (let i = 0; i <= Math.sqrt(n); i++) s += i',
    'for (let i = 0; i < this.n; i++) s += i',
    'for (let i = 0; i < n; i++) { const x = Math.random(); if (x < 0.5) continue; s += Math.sqrt(x) }',
    'for (const k in o) s += o[k]',
    'for (let i = 0; i < n && !found; i++) if (a[i] === x) found = true',
    'let i = 0; while (i < n) { s += a[i]; i += 2 }',
    'let i = 0; while (i < a.length) s += a[i++]',
    'let i = 0; while (i++ < n) s += a[i]',
    'while (n-- > 0) s += n',
    'let i = 0; do { s += i; i++ } while (i < n)',
    'for (let i = 0; i < n; i++) for (let j = -1; j <= 1; j++) for (let k = 3; k > 0; k--) s += j * k',
    'for (let i = 0; i < n; i++) fs[i] = () => i',
  ])('%s', (source) => {
    expect(guardsIn(source)).toBe(0);
  });

  it('the loop around one has a guard', () => {
    expect(guardsIn('for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) s += a[i][j]')).toBe(1);
    expect(guardsIn('for (let i = 0; i < n; i++) f(i)')).toBe(1);
  });
});

describe('short loops over items', () => {
  it('are left alone when they go through what has an end', () => {
    const { run, global } = realm(8);
    global['items'] = [
      Array.from({ length: 5000 }, (_, i) => i),
      new Float32Array(5000),
      new Set([1]),
      'abc',
    ];
    global['map'] = new Map([[1, 2]]);
    expect(run('let s = 0; for (const some of items) for (const x of some) s += 1\ns')).toBe(10_004);
    expect(run('let t = 0; for (const [k, v] of map) t += k + v\nt')).toBe(3);
  });

  it('go through the last of a list in parentheses', () => {
    expect(realm(8).run('let s = 0; for (const x of (5, [1, 2])) s += x\ns')).toBe(3);
  });

  it('end what they go through when they end early, as ever', () => {
    const source = `let log = []; function* g() { try { yield 1; yield 2 } finally { log[log.length] = 'closed' } }
      for (const x of g()) { log[log.length] = x; break }
      log`;
    expect(JSON.stringify(realm(9).run(source))).toBe('[1,"closed"]');
  });

  it.each([
    ['const nothing = undefined; for (const x of nothing);', 'nothing is not iterable'],
    ['for (const x of 5);', '5 is not iterable'],
    ['for (const x of ({}));', 'object is not iterable'],
  ])('%s', (source, message) => {
    expect(() => realm(9).run(source)).toThrow(message);
  });
});

describe('the loops of one function share a count', () => {
  it('so that short ones inside do not begin anew', () => {
    const { run, global } = realm(Infinity);
    global[GUARD] = (rounds: number) => {
      global['asked'] = (global['asked'] as number) + 1;
      return Math.min(2 * rounds + 1, 255);
    };
    run('const f = () => 1; for (let i = 0; i < 3000; i++) for (let j = 0; j < 2; j++) f()');
    expect(global['asked']).toBeLessThan(9000 / 255 + 10);
  });

  it('functions made in a loop have their own', () => {
    const { js } = compileCell('while (f()) { g(() => { while (f()) h() }) }', { url: 'c' });
    expect(js.split('let __tuttiN').length - 1).toBe(2);
  });
});

describe('guarded code means what it meant', () => {
  it.each([
    ['let n = 0; do n++; while (n < 3)\nn', 3],
    [
      'let s = ""; outer: for (const a of [1, 2]) { for (const b of [1, 2]) { if (b > a) continue outer; s += a + "" + b + " " } }\ns',
      '11 21 22 ',
    ],
    ['let s = 0; a: b: while (true) { if (++s < 4) continue a; break b }\ns', 4],
    ['let n = 0\nwhile (n < 5) n++\nn', 5],
    ['var t = 0; for (var i = 0, f = () => 1; i < 4; i++) t += f()\n;[t, i]', [4, 4]],
    ['const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i)\nfs.map((f) => f())', [0, 1, 2]],
    ['let s = 0; if (s) while (true); else do { s++ } while (s < 2)\ns', 2],
    ['let __n = 0; while (true) { while (true) break; if (++__n > 2) break }\n__n', 3],
    ['function f(n) { let r = 1; while (n > 1) r *= n--; return r }\nf(5)', 120],
    ['function* g() { let i = 0; while (i < 3) yield i++ }\n[...g()]', [0, 1, 2]],
  ])('%s', (source, value) => {
    expect(JSON.stringify(realm(Infinity).run(source))).toBe(JSON.stringify(value));
  });
});

describe('what is seen', () => {
  it.each([
    'function f(a) {\n  while (a()) b()\n  for (;;) { c() }\n}',
    'function f() { x: y: do { for (const a of b) if (a) continue x } while (1) }',
    '() => { for (;;); }',
    'class A { m() { while (1) { "/*__tutti" } } }',
    'function f(a) { let s = 0; for (const x of a) s += x; for (const x of [1, 2]) { s -= x } while (s > 1) s /= 2 }',
    'function f() { while (a()) while (b()) for (const c of d()) e(c) }',
  ])('the text of a function is the user’s: %s', (source) => {
    const f = realm(Infinity).run(`globalThis.it = (${source})`) as object;
    expect(Function.prototype.toString.call(f)).toMatch(/__tutti(Guard|Items)/);
    expect(functionText(f)).toBe(source);
    expect(withoutGuards(source)).toBe(source);
  });

  it('lines and columns lead back to the code as typed', () => {
    const source = 'let i = 0; while (true) { for (;;) if (++i > 2) throw new Error("here") }';
    const { js, shifts } = compileCell(source, { url: 'cell-1/a' });
    const context = vm.createContext({ [GUARD]: () => 1000 });
    const evaluate = vm.runInContext('(0, eval)', context) as (js: string) => () => unknown;
    let stack = '';
    try {
      evaluate(js)();
    } catch (error) {
      stack = String((error as Error).stack);
    }
    const [, line, column] = /cell-1\/a:(\d+):(\d+)/.exec(stack) ?? [];
    expect(originalPosition({ shifts }, Number(line), Number(column))).toEqual({
      line: 1,
      column: source.indexOf('new Error') + 1,
    });
  });
});
