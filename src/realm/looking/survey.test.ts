import { describe, expect, it } from 'vitest';
import type { LookAnswer, Variable } from '../../protocol/looking.ts';
import { measure } from './measure.ts';
import { lookUp } from './look.ts';
import { Shelf } from './shelf.ts';
import { Survey } from './survey.ts';

type Answer = Extract<LookAnswer, { type: 'variables' }>;

function surveyOf(globals: Record<string, unknown>, now: () => number = () => 0): Survey {
  return new Survey(globals, () => Object.keys(globals), now);
}

function all(survey: Survey, since = 0): { answers: readonly Answer[]; changed: readonly Variable[] } {
  const answers: Answer[] = [];
  for (let from: number | null = 0; from !== null;) {
    const answer = survey.answer({ type: 'variables', since, from });
    answers.push(answer);
    from = answer.next;
  }
  return { answers, changed: answers.flatMap(({ changed }) => changed) };
}

describe('the variables of a realm', () => {
  it('are told with kind, type, size and a line', () => {
    class Point {
      x = 1;
    }
    const { changed } = all(
      surveyOf({
        n: 1,
        s: 'abc',
        yes: true,
        data: new Float64Array(250),
        list: [1, 2, 3],
        map: new Map([['a', 1]]),
        p: new Point(),
        f: (a: number) => a,
        Point,
      }),
    );
    expect(changed.map(({ name, kind, type, length }) => [name, kind, type, length])).toEqual([
      ['n', 'number', 'number', null],
      ['s', 'string', 'string', null],
      ['yes', 'word', 'boolean', null],
      ['data', 'list', 'Float64Array', 250],
      ['list', 'list', 'Array', 3],
      ['map', 'object', 'Map', 1],
      ['p', 'object', 'Point', null],
      ['f', 'function', 'function', null],
      ['Point', 'class', 'class', null],
    ]);
    expect(changed[3]?.bytes).toBe(2000);
    expect(changed[3]?.text).toBe('Float64Array(250) [ 0, 0, 0, 0, 0, 0, … ]');
  });

  it('are told whatever they are: what has been moved away, and what refuses to be looked at', () => {
    const moved = new Float64Array(4);
    const view = new DataView(new ArrayBuffer(8));
    const buffer = new ArrayBuffer(8);
    structuredClone(0, { transfer: [moved.buffer, view.buffer, buffer] });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const no = () => {
      throw new Error('no');
    };
    const traps = { get: no, has: no, ownKeys: no, getOwnPropertyDescriptor: no, getPrototypeOf: no };
    const things = {
      ...{ moved, view, buffer, revoked: revoked.proxy, object: new Proxy({}, traps) },
      fn: new Proxy(() => 1, traps),
    };
    const globals = { ...things, list: Object.values(things), last: 1 };
    const names = Object.keys(globals);
    expect(all(surveyOf(globals)).changed.map(({ name }) => name)).toEqual(names);
    const shelf = new Shelf(
      () => 'handle',
      (path) => lookUp(globals, path),
    );
    for (const name of names) {
      expect(shelf.answer({ type: 'name', path: [name] })).toMatchObject({ type: 'name' });
      expect(shelf.answer({ type: 'open', path: [name] })).toMatchObject({ type: 'open' });
    }
  });

  it('afterwards only what has changed is told, also what was changed in place', () => {
    const globals: Record<string, unknown> = { a: 1, list: [1, 2], same: { deep: [1] } };
    const survey = surveyOf(globals);
    const first = all(survey);
    expect(first.answers[0]?.names).toEqual(['a', 'list', 'same']);
    const round = first.answers[0]?.round ?? 0;
    const second = all(survey, round);
    expect([second.answers[0]?.names, second.changed]).toEqual([null, []]);
    (globals['list'] as number[])[1] = 3;
    globals['b'] = 2;
    delete globals['a'];
    const third = all(survey, round);
    expect(third.answers[0]?.names).toEqual(['list', 'same', 'b']);
    expect(third.changed.map(({ name }) => name)).toEqual(['list', 'b']);
    // Whoever missed a round hears of it in the next one.
    expect(all(survey, round).changed.map(({ name }) => name)).toEqual(['list', 'b']);
  });

  it('many of them come in parts, each short', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_none, i) => [`v${String(i)}`, i]));
    const { answers, changed } = all(surveyOf(many));
    expect([answers.length, changed.length]).toEqual([25, 5000]);
    let time = 0;
    const slow = surveyOf(many, () => (time += 3));
    expect(slow.answer({ type: 'variables', since: 0, from: 0 }).next).toBe(2);
  });

  it('nothing of the user runs', () => {
    const boom = (): never => {
      throw new Error('code of the user ran');
    };
    class Loud {
      get [Symbol.toStringTag](): string {
        return boom();
      }
      toString = boom;
      [Symbol.for('nodejs.util.inspect.custom')](): string {
        return boom();
      }
      get x(): number {
        return boom();
      }
    }
    const globals = {
      loud: new Loud(),
      inside: [new Loud(), { get y() { return boom(); } }], // prettier-ignore
      error: Object.assign(new Error('x'), { message: { toString: boom } }),
      symbol: { [Symbol.toPrimitive]: boom, toJSON: boom },
    };
    Object.defineProperty(globals, 'getter', { get: boom, enumerable: true });
    const { changed } = all(surveyOf(globals));
    expect(changed.map(({ name, text }) => `${name}: ${text}`)).toEqual([
      'loud: Loud',
      'inside: Array(2) [ Loud, {…} ]',
      'error: Error',
      'symbol: { toJSON: boom(), [Symbol(Symbol.toPrimitive)]: boom() }',
      'getter: (getter)',
    ]);
  });
});

describe('a digest', () => {
  const digest = (value: unknown): string => measure(value).digest;

  it('is equal for equal contents and differs for others', () => {
    const circular: unknown[] = [1];
    circular.push(circular);
    const values: readonly (() => unknown)[] = [
      () => 1,
      () => '1',
      () => 1n,
      () => true,
      () => null,
      () => undefined,
      () => -0,
      () => 0,
      () => [1, 2],
      () => [2, 1],
      () => [1, [2]],
      () => [1, , 2],
      () => [1, undefined, 2],
      () => Object.assign([1, 2], { index: 1 }),
      () => Object.assign([], { [4e9]: 1 }),
      () => Object.assign([], { [4e9]: 2 }),
      () => ({ a: 1 }),
      () => ({ b: 1 }),
      () => new Map([['a', 1]]),
      () => new Set(['a', 1]),
      () => new Float32Array([1, 2]),
      () => new Float64Array([1, 2]),
      () => new Uint8Array([1, 2, 3]),
      () => new Uint8Array([1, 2, 3]).buffer,
      () => new Date(5),
      () => new Date(6),
      () => /a/,
      () => (x: number) => x + 1,
      () => (x: number) => x + 2,
      () => new Error('a'),
      () => circular,
    ];
    const digests = values.map((make) => digest(make()));
    expect(new Set(digests).size).toBe(values.length);
    expect(values.map((make) => digest(make()))).toEqual(digests);
  });

  it('of something big is made of samples, and says so', () => {
    const big = new Float64Array(1_000_000);
    expect(measure(big)).toMatchObject({ bytes: 8_000_000, whole: false });
    expect(measure(new Float64Array(1000)).whole).toBe(true);
    const list = Array.from({ length: 100_000 }, (_none, i) => i);
    expect(measure(list)).toMatchObject({ whole: false });
    expect(measure(list).bytes).toBeGreaterThan(700_000);
    expect(measure('x'.repeat(1_000_000)).bytes).toBe(2_000_000);
  });
});
