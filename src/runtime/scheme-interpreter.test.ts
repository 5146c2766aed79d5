import { describe, expect, it, test } from 'vitest';
import { systemClock, type Clock } from '../base/clock.ts';
import { createSchemeInterpreter } from './scheme-interpreter.ts';

const interpreter = createSchemeInterpreter(systemClock);

/** What it gives, or throws, in words. */
async function ask(source: string, loads: readonly number[] = [3, 1, 2]): Promise<unknown> {
  const scheme = await interpreter.interpret(source);
  try {
    return scheme.choose(loads);
  } catch (error) {
    return (error as Error).message;
  } finally {
    scheme.dispose();
  }
}

test.each([
  ['(loads) => loads.length - 1', 2],
  ['(loads) => loads.indexOf(Math.min(...loads))', 1],
  ['function (loads) { return loads.map((n, i) => [n, i]).sort(([a], [b]) => a - b)[0][1]; }', 1],
  ['choose(loads) { return loads.reduce((best, n, i) => (n < loads[best] ? i : best), 0); }', 1],
  ['(loads) => { const [a, ...rest] = loads; return new Set(rest).size; }', 2],
  ['(loads) => Number(/1/.exec(loads.join())?.index ?? -1)', 2],
  ['(loads) => -5', -5],
  // It is on its own: no power of a window, and none of a worker.
  [
    `() => ['window', 'self', 'document', 'fetch', 'postMessage', 'Worker', 'RTCPeerConnection', 'setTimeout', 'console',
      'process', 'require', 'WebAssembly', 'SharedArrayBuffer'].filter((name) => name in globalThis).length`,
    0,
  ],
])('%s', async (source, place) => {
  expect(await ask(source)).toBe(place);
});

test('what it keeps, it keeps between answers, and from no other scheme', async () => {
  const texts = ['() => (globalThis.n = (globalThis.n ?? -1) + 1)', '() => globalThis.n ?? 9'];
  const [one, other] = await Promise.all(texts.map((text) => interpreter.interpret(text)));
  expect([one?.choose([1]), one?.choose([1]), other?.choose([1])]).toEqual([0, 1, 9]);
  one?.dispose();
  other?.dispose();
});

describe('what is no answer says so', () => {
  it.each([
    ['() => "first"', 'it gave first'],
    ['() => undefined', 'it gave undefined'],
    ['() => { throw new RangeError("no"); }', 'it threw RangeError: no'],
    ['() => { throw { toString() { for (;;); } }; }', 'it takes longer than 10 ms'],
    ['() => document.title', /it threw ReferenceError: '?document'? is not defined/],
    ['() => import("x")', /^it gave|^it threw/],
  ])('%s', async (source, words) => {
    expect(await ask(source)).toMatch(words);
  });

  it.each([
    ['(', /^The scheme cannot be read: SyntaxError/],
    ['5', 'The scheme cannot be read: it is no function.'],
    ['async () => 0', 'The scheme cannot be read: it is no function.'],
    ['(() => { for (;;); })()', 'The scheme is not read within its bounds of time and memory.'],
    ['x'.repeat(100_001), 'The scheme is too long.'],
    ['() => 3n ** 9n', 'A scheme has no BigInts.'],
  ])('refused: %.40s', async (source, words) => {
    await expect(interpreter.interpret(source)).rejects.toThrow(words);
  });
});

// None of them may hold the thread for longer than it is allowed; generous, since other tests run beside it.
test.each([
  ['an endless loop', '() => { for (;;); }'],
  ['one that catches', '() => { for (;;) try { for (;;); } catch {} }'],
  ['endless recursion', '() => { const f = () => f() + 1; for (;;) try { f(); } catch {} }'],
  ['memory', '() => { const a = []; for (;;) a.push({ a }); }'],
  ['one text', '() => { let s = "x"; for (;;) s += s; }'],
  ['an expression', '() => /^(a+)+$/.test("a".repeat(40) + "b")'],
  ['a built-in loop', '() => Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)'],
  ['over an array that says it is long', '() => { const a = []; a.length = 4e9; return a.lastIndexOf(1); }'],
  ['a list of a long list', '() => { const a = []; a.length = 4e9; return [a].flat().length; }'],
  ['a set of one', '() => { const a = []; a.length = 4e9; return new Set(a).size; }'],
  ['a text of it', '() => { const a = []; a.length = 4e9; return String(a).length; }'],
  ['a jump', '() => { const a = []; a.length = 4e9; return a.values().drop(4e9 - 1).next().value; }'],
  ['sorting', '() => { const a = Array.from({ length: 1000 }, (_, i) => 1000 - i); for (;;) a.toSorted(); }'],
  ['long texts', '() => { for (;;) "ab".repeat(40_000); }'],
  ['searching', '() => { const s = "a".repeat(999); for (;;) s.indexOf("a".repeat(400) + "b"); }'],
  [
    'searching in what is long',
    '() => { let s = "a"; while (s.length < 40_000) s += s; for (;;) s.indexOf("b"); }',
  ],
  [
    'printing',
    '() => { const a = Array.from({ length: 1000 }, (_, i) => i); for (;;) JSON.stringify([a, a, a]); }',
  ],
  [
    'names',
    '() => { const o = {}; for (let i = 0; i < 500; i++) o["k" + i] = i; for (;;) for (const k in o) break; }',
  ],
  ['expressions', '() => { for (;;) new RegExp("(a|b)".repeat(150)); }'],
  ['the constructor of functions', '() => (() => 0).constructor("return 3" + "n ** 99999" + "n")()'],
])('bounded: %s', async (_what, source) => {
  const begun = performance.now();
  expect(await ask(source)).toEqual(expect.any(String));
  expect(performance.now() - begun).toBeLessThan(2000);
});

test('one that is late three times is not asked again', async () => {
  const scheme = await interpreter.interpret('() => { for (;;); }');
  for (let i = 0; i < 3; i++) expect(() => scheme.choose([1])).toThrow('it takes longer than 10 ms');
  expect(() => scheme.choose([1])).toThrow('it was late too often');
  scheme.dispose();
});

test('all answers of a second take at most half of it', async () => {
  let now = 5000;
  const clock: Clock = { now: () => (now += 2) };
  const slow = await createSchemeInterpreter(clock).interpret('() => 0');
  let answers = 0;
  for (; now < 5990; answers++) {
    try {
      slow.choose([1]);
    } catch (error) {
      expect((error as Error).message).toBe('it takes more than 500 ms of each second');
      break;
    }
  }
  expect(answers).toBeGreaterThan(50);
  now = 6000;
  expect(slow.choose([1])).toBe(0);
  slow.dispose();
});

test('there may be 16 at a time', async () => {
  const one = () => interpreter.interpret('() => 0');
  const schemes = await Promise.all(Array.from({ length: 16 }, one));
  await expect(one()).rejects.toThrow('There are 16 schemes already.');
  for (const scheme of schemes) scheme.dispose();
  expect(await ask('() => 0')).toBe(0);
});
