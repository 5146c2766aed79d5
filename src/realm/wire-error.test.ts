import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../protocol/errors.ts';
import { userFrames } from './stack.ts';
import { toWireError } from './wire-error.ts';

const context = { engineInfo: null };

function withStack<E extends Error>(error: E, ...frames: string[]): E {
  error.stack = `${error.name}: ${error.message}\n${frames.join('\n')}`;
  return error;
}

describe('userFrames', () => {
  const expected = [
    { functionName: 'inner', url: 'cell-4/a1', line: 3, column: 9 },
    { functionName: null, url: 'cell-4/a1', line: 5, column: 1 },
  ];

  it('reads V8', () => {
    const stack = [
      'Error: x',
      '    at inner (cell-4/a1:3:9)',
      '    at async Promise.all (index 0)',
      '    at eval (cell-4/a1:5:1)',
      '    at run (https://host/engine.js:10:5)',
      '    at new Foo (blob:null/1234-5678:1:1)',
      '    at node:internal/process/task_queues:95:5',
    ].join('\n');
    expect(userFrames(stack)).toEqual(expected);
  });

  it('reads Firefox and Safari', () => {
    const firefox =
      'inner@cell-4/a1:3:9\n@cell-4/a1:5:1\nrun@blob:null/abc:10:5\nasync*go@https://x/y.js:1:1\n';
    const safari = 'inner@cell-4/a1:3:9\neval code@cell-4/a1:5:1\neval@[native code]\nrun@blob:null/abc:10:5';
    expect(userFrames(firefox)).toEqual(expected);
    expect(userFrames(safari)).toEqual(expected);
  });

  it('names of methods, async functions and constructors are kept readable', () => {
    const stack = [
      '    at async Foo.bar (cell-1/a:1:2)',
      '    at new Foo (cell-1/a:2:2)',
      '    at Object.f [as g] (run:3:4)',
    ];
    expect(userFrames(stack.join('\n')).map((frame) => frame.functionName)).toEqual(['Foo.bar', 'Foo', 'f']);
  });

  it('names that begin as those signs do are whole', () => {
    const names = ['newton', 'asyncMap', 'newPoint', 'new_', 'async'];
    const v8 = names.map((name) => `    at ${name} (cell-1/a:1:2)`).join('\n');
    const firefox = names.map((name) => `${name}@cell-1/a:1:2`).join('\n');
    for (const stack of [v8, firefox]) {
      expect(userFrames(stack).map((frame) => frame.functionName)).toEqual(names);
    }
    expect(userFrames('async*asyncMap@cell-1/a:1:2')[0]?.functionName).toBe('asyncMap');
  });

  it('columns are mapped back', () => {
    const map = (_url: string, line: number, column: number) => ({ line, column: column - 3 });
    expect(userFrames('    at f (cell-1/a:1:10)', map)[0]?.column).toBe(7);
  });
});

describe('toWireError', () => {
  it('the traceback names cell and line', () => {
    const error = withStack(
      new TypeError('x'),
      '    at f (cell-4/a1:3:5)',
      '    at cell-4/a1:7:1',
      '    at g (run:2:1)',
    );
    expect(toWireError(error, context)).toMatchObject({
      ename: 'TypeError',
      evalue: 'x',
      traceback: [
        'TypeError: x',
        '    at f (cell 4, line 3:5)',
        '    at cell 4, line 7:1',
        '    at g (run, line 2:1)',
      ],
    });
  });

  it('a message that looks like a frame is no frame', () => {
    const error = new Error('a\n    at liar (cell-9/zz:1:1)');
    error.stack = `Error: ${error.message}\n    at f (cell-4/a1:3:5)`;
    expect(toWireError(error, context).frames).toHaveLength(1);
  });

  it('a subclass without a name of its own is called by its class', () => {
    class MyError extends Error {}
    expect(toWireError(new MyError('m'), context).ename).toBe('MyError');
  });

  it('causes follow, and a cycle of causes ends', () => {
    const inner = withStack(new RangeError('inner'), '    at f (cell-1/a:1:1)');
    const outer = withStack(new Error('outer', { cause: inner }), '    at g (cell-1/a:2:1)');
    inner.cause = outer;
    expect(toWireError(outer, context).traceback).toEqual([
      'Error: outer',
      '    at g (cell 1, line 2:1)',
      'Caused by: RangeError: inner',
      '    at f (cell 1, line 1:1)',
    ]);
  });

  it('an AggregateError lists its first errors', () => {
    const errors = Array.from({ length: 7 }, (_, i) => withStack(new Error(`e${String(i)}`)));
    const { traceback } = toWireError(withStack(new AggregateError(errors, 'all')), context);
    expect(traceback[0]).toBe('AggregateError: all');
    expect(traceback).toContain('  [4] Error: e4');
    expect(traceback.at(-1)).toBe('  ... 2 more errors');
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['text', 'text'],
    [42, '42'],
    [{ a: 1 }, '{ a: 1 }'],
    [Symbol('s'), 'Symbol(s)'],
  ])('J.220 %s thrown', (thrown, evalue) => {
    expect(toWireError(thrown, context)).toMatchObject({ ename: 'Error', evalue, frames: [] });
  });

  it.each([
    [new ReferenceError('True is not defined'), "True is not defined: in JavaScript Python's True is true"],
    [
      new ReferenceError("Can't find variable: None"),
      "Can't find variable: None: in JavaScript Python's None is null",
    ],
    [
      new ReferenceError('len is not defined'),
      /^len is not defined: in JavaScript Python's len is x\.length/,
    ],
    [new ReferenceError('trues is not defined'), 'trues is not defined'],
    [new TypeError('None is not defined'), 'None is not defined'],
    [new ReferenceError('None is not defined. Or so'), 'None is not defined. Or so'],
  ])('names of Python get their hint: %s', (error, evalue) => {
    const wire = toWireError(error, context);
    expect(wire.evalue).toMatch(typeof evalue === 'string' ? new RegExp(`^${evalue}$`) : evalue);
    expect(wire.traceback[0]).toBe(`${error.name}: ${wire.evalue}`);
    expect(wire.frames.length).toBe(toWireError(new Error('x'), context).frames.length);
  });

  it('on engines only what can be no variable of the notebook', () => {
    const engineInfo = { engineId: 1, engineUuid: 'u', method: 'apply' } as unknown as EngineInfo;
    const said = (name: string) =>
      toWireError(new ReferenceError(`${name} is not defined`), { ...context, engineInfo }).evalue;
    expect(said('None')).toMatch(/Python/);
    expect(said('list')).toBe('list is not defined');
  });

  it('J.220 everything about an error may throw', () => {
    const throws = {
      get: () => {
        throw new Error('trap');
      },
    };
    const error = Object.defineProperties(new Error('m'), {
      // First: V8 reads the message to make the stack that this replaces.
      stack: throws,
      message: throws,
      name: throws,
      cause: throws,
    });
    expect(toWireError(error, context).evalue).toContain('could not be read');
    expect(
      toWireError(new Proxy(new Error('m'), { get: throws.get, getPrototypeOf: throws.get }), context).ename,
    ).toBe('Error');
  });

  it('an error that came over a wall keeps what it brought', () => {
    const wire = {
      ename: 'ValueError',
      evalue: 'v',
      traceback: ['ValueError: v'],
      frames: [],
      engineInfo: null,
    };
    expect(toWireError(Object.assign(new Error('x'), { toWire: () => wire }), context)).toBe(wire);
  });

  it('a SyntaxError of the compiler has its place', () => {
    const error = Object.assign(new SyntaxError('Unexpected end of input'), { line: 2, column: 5 });
    expect(toWireError(error, { ...context, url: 'cell-3/x' })).toMatchObject({
      position: { url: 'cell-3/x', line: 2, column: 5 },
      traceback: ['SyntaxError: Unexpected end of input', '    at cell 3, line 2:5'],
    });
  });
});

describe('what errors carry', () => {
  const carriedBy = (thrown: unknown) => toWireError(thrown, context).carried;

  it('own fields, nested ones too, as plain data', () => {
    class Detail {
      code = 7;
    }
    const error = Object.assign(new Error('busy'), { status: 503, detail: new Detail(), at: new Date(5) });
    expect(carriedBy(error)).toEqual({ fields: { status: 503, detail: { code: 7 }, at: new Date(5) } });
    expect(carriedBy(new Error('plain'))).toBeUndefined();
  });

  it('what cannot come along is left out, with a note in the traceback', () => {
    const error = Object.assign(new Error('odd'), {
      ok: 1,
      request: () => 1,
      deep: { symbol: Symbol('s'), promise: Promise.resolve() },
    });
    const get = () => {
      throw new Error('no');
    };
    Object.defineProperty(error, 'broken', { get, enumerable: true });
    const wire = toWireError(error, context);
    expect(wire.carried?.fields).toEqual({ ok: 1, deep: {} });
    expect(wire.traceback.slice(1).filter((line) => line.includes('left out'))).toEqual([
      '    (left out: request: a function)',
      '    (left out: deep.symbol: a symbol)',
      '    (left out: deep.promise: a Promise)',
      '    (left out: broken: a getter that throws)',
    ]);
    expect(() => structuredClone(wire)).not.toThrow();
  });

  it('causes as a chain, errors in a list', () => {
    const inner = Object.assign(new TypeError('inner'), { code: 'E1' });
    const cause = carriedBy(new Error('outer', { cause: inner }))?.cause;
    expect(cause).toMatchObject({
      error: { ename: 'TypeError', evalue: 'inner', carried: { fields: { code: 'E1' } } },
    });
    const errors = carriedBy(new AggregateError([inner, 5], 'all'))?.errors;
    expect(errors).toMatchObject([{ error: { ename: 'TypeError' } }, { value: 5 }]);
  });

  it('those that lead back, or never end, end', () => {
    const loop = new AggregateError([], 'loop');
    const other = new Error('other', { cause: loop });
    loop.cause = other;
    loop.errors.push(loop, other, new Error('third'));
    const endless = () => new Error('e', { cause: 1 });
    const deep = (): Error => Object.defineProperty(endless(), 'cause', { get: deep });
    const wire = toWireError(loop, context);
    expect(wire.carried?.cause).toMatchObject({ error: { evalue: 'other' } });
    expect(wire.carried?.errors).toMatchObject([
      { error: { evalue: 'other' } },
      { error: { evalue: 'third' } },
    ]);
    const sizeOf = (error: unknown) => JSON.stringify(toWireError(error, context)).length;
    expect(sizeOf(deep())).toBeLessThan(100_000);
    let twice = new Error('bottom');
    for (let i = 0; i < 60; i++) twice = new AggregateError([twice, twice], 'level');
    expect(sizeOf(twice)).toBeLessThan(200_000);
  });

  it.each<[string, unknown, string, string]>([
    ['an object', { status: 404 }, 'Error', '{ status: 404 }'],
    ['null', null, 'Error', 'null'],
    ['a text', 'text', 'Error', 'text'],
    ['undefined', undefined, 'Error', 'undefined'],
    ['an object of a class', new (class Refusal { why = 'no'; })(), 'Refusal', "Refusal { why: 'no' }"], // prettier-ignore
  ])('%s that is thrown', (_name, thrown, ename, evalue) => {
    expect(toWireError(thrown, context)).toMatchObject({ ename, evalue, carried: { thrown: {} } });
  });

  it('is bounded', () => {
    const error = Object.assign(new Error('big'), {
      text: 'x'.repeat(1e6),
      bytes: new Uint8Array(1e6),
      list: Array.from({ length: 1e5 }, (_none, i) => ({ i })),
    });
    const wire = toWireError(error, context);
    expect(JSON.stringify(wire).length).toBeLessThan(500_000);
    expect(wire.carried?.leftOut?.length).toBeGreaterThan(1);
  });

  it('names are words, or their beginning', () => {
    const error = Object.assign(new Error('m'.repeat(1e6)), { name: 'n'.repeat(1e6) });
    const { ename, evalue, traceback } = toWireError(error, context);
    expect([ename.length, evalue.length]).toEqual([1002, 10_002]);
    expect(traceback[0]?.length).toBeLessThan(12_000);
    class Loud extends Error {}
    Object.defineProperty(Loud, 'name', { value: 'N'.repeat(1e6) });
    expect(toWireError(new Loud('x'), context).ename).toHaveLength(1002);
  });
});
