import { markOrigin } from '../../protocol/origins.ts';
import { describe, expect, it } from 'vitest';
import type { LookAnswer } from '../../protocol/looking.ts';
import { measure } from './measure.ts';
import { tableIn } from './row-source.ts';
import { Shelf } from './shelf.ts';

function shelfOf(globals: Readonly<Record<string, unknown>> = {}): Shelf {
  let n = 0;
  return new Shelf(
    () => `h${String(n++)}`,
    ([name]) => (name !== undefined && name in globals ? { value: globals[name] } : null),
  );
}

function texts(answer: LookAnswer): readonly string[] {
  return answer.type === 'entries'
    ? answer.entries.map(({ name, value }) => `${name}: ${value.text}${value.node === null ? '' : ' >'}`)
    : [answer.type];
}

describe('a value that people look into', () => {
  const value = {
    n: 1,
    text: 'x',
    list: [1, [2]],
    map: new Map<unknown, unknown>([['k', { deep: true }]]),
    set: new Set([3]),
    typed: new Float64Array([1, 2]),
    f: (a: number, b: number) => a + b,
    get never(): number {
      throw new Error('a getter was called');
    },
    'odd key': null,
    [Symbol('s')]: undefined,
    empty: {},
    date: new Date(0),
  };

  it('brings its first level along, in lines, and says what can be opened', () => {
    const live = shelfOf().live(value);
    expect(live?.entries.map(({ name, value: { text, node } }) => [name, text, node !== null])).toEqual([
      ['n', '1', false],
      ['text', "'x'", false],
      ['list', 'Array(2) [ 1, Array(1) ]', true],
      ['map', "Map(1) { 'k' => {…} }", true],
      ['set', 'Set(1) { 3 }', true],
      ['typed', 'Float64Array(2) [ 1, 2 ]', true],
      ['f', 'f(a, b)', false],
      ['never', '(getter)', false],
      ["'odd key'", 'null', false],
      ['empty', '{}', false],
      ['date', '1970-01-01T00:00:00.000Z', false],
      ['[Symbol(s)]', 'undefined', false],
    ]);
  });

  it('shows holes as holes, what a list has besides, and of a list that is mostly holes what there is', () => {
    const lines = (list: unknown[]) =>
      shelfOf()
        .live(list)
        ?.entries.map(({ name, value: { text } }) => `${name}: ${text}`);
    expect(lines([1, , undefined])).toEqual(['0: 1', '1: empty', '2: undefined']);
    expect(lines(/(?<n>b)/.exec('abc') ?? [])).toEqual([
      "0: 'b'", "1: 'b'", 'index: 1', "input: 'abc'", "groups: { n: 'b' }"
    ]); // prettier-ignore
    const far: unknown[] = Object.assign([], { 7: 'seven', [4e9]: 'last' });
    expect(lines(far)).toEqual(["7: 'seven'", "4000000000: 'last'"]);
    expect(shelfOf().table({ far }, tableIn)).toBeNull();
    expect([shelfOf().table(far, tableIn), measure(far).bytes]).toEqual([null, expect.any(Number)]);
  });

  it('opens deeper only when asked', () => {
    const shelf = shelfOf();
    const live = shelf.live(value);
    const at = (name: string) => live?.entries.find((entry) => entry.name === name)?.value.node ?? -1;
    const open = (node: number) =>
      shelf.answer({ type: 'entries', handle: live?.handle ?? '', node, from: 0 });
    expect(texts(open(at('list')))).toEqual(['0: 1', '1: Array(1) [ 2 ] >']);
    expect(texts(open(at('map')))).toEqual(["'k': { deep: true } >"]);
    expect(texts(open(at('typed')))).toEqual(['0: 1', '1: 2']);
    expect(texts(open(999))).toEqual(['gone']);
  });

  it('a long list comes in parts', () => {
    const shelf = shelfOf();
    const live = shelf.live(Array.from({ length: 250 }, (_none, i) => i));
    expect([live?.entries.length, live?.total]).toEqual([100, 250]);
    const rest = shelf.answer({ type: 'entries', handle: 'h0', node: 0, from: 200 });
    expect(rest.type === 'entries' && [rest.entries[0]?.name, rest.entries.length]).toEqual(['200', 50]);
  });

  it('a million keys and a Proxy that throws do no harm', () => {
    const many = Object.fromEntries(Array.from({ length: 200_000 }, (_none, i) => [`k${String(i)}`, i]));
    expect(shelfOf().live(many)?.entries.length).toBe(100);
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(shelfOf().live({ trap })?.entries[0]?.value.node).toBeNull();
  });

  it('what has been emptied, and what has aged out of memory, is said to be gone', () => {
    const shelf = shelfOf();
    const live = shelf.live({ a: { b: 1 } });
    shelf.clear();
    expect(shelf.answer({ type: 'entries', handle: live?.handle ?? '', node: 0, from: 0 })).toEqual({
      type: 'gone',
    });
    for (let i = 0; i < 1100; i++) shelf.live({ i });
    expect(shelf.answer({ type: 'entries', handle: 'h1', node: 0, from: 0 })).toEqual({ type: 'gone' });
  });

  it('a name is looked up', () => {
    const shelf = shelfOf({ data: new Float64Array(3) });
    expect(shelf.answer({ type: 'name', path: ['data'] })).toEqual({
      type: 'name',
      summary: { kind: 'object', text: 'Float64Array(3) [ 0, 0, 0 ]', node: null },
    });
    expect(shelf.answer({ type: 'name', path: ['nothing'] })).toEqual({ type: 'name', summary: null });
  });
});

describe('a table', () => {
  it('lists of records, and columns of numbers, are tables; other values are not', () => {
    expect(tableIn([{ a: 1 }, { a: 2, b: 'x' }])?.columns).toEqual(['a', 'b']);
    expect(tableIn({ t: new Float64Array(3), name: ['a', 'b', 'c'] })?.total).toBe(3);
    for (const other of [
      [1, 2],
      [{ a: 1 }],
      [{ a: [1] }, { a: [2] }],
      { t: new Float64Array(3), u: [1] },
      {},
      null,
      'x',
    ]) {
      expect(tableIn(other), JSON.stringify(other)).toBeNull();
    }
  });

  it('results of several engines are one table, which says whose each row is', () => {
    const [first, second] = [[{ a: 1 }, { a: 2 }], [{ a: 3 }]];
    markOrigin(first, 0);
    markOrigin(second, 2);
    const rowsIn = (value: unknown) => {
      const table = tableIn(value);
      return (
        table && [
          table.columns,
          ...Array.from({ length: table.total }, (_none, row) =>
            table.columns.map((_column, i) => table.cell(row, i)),
          ),
        ]
      );
    };
    const whole = [
      ['engine', 'a'],
      ['e0', 1],
      ['e0', 2],
      ['e2', 3],
    ];
    expect(rowsIn([first, second])).toEqual(whole);
    expect(rowsIn({ 0: first, 2: second })).toEqual(whole);
    expect(rowsIn([second, first])?.[1]).toEqual(['e2', 3]);
    // A list of one engine is what it is, and so is one to which something was added.
    expect(rowsIn(first)?.[0]).toEqual(['a']);
    expect(rowsIn([first, [{ a: 4 }]])).toBeNull();
    const records = [{ engine: 'mine' }, { engine: 'yours' }];
    records.forEach((record, i) => {
      markOrigin(record, i);
    });
    expect(rowsIn(records)).toEqual([
      ['from engine', 'engine'],
      ['e0', 'mine'],
      ['e1', 'yours'],
    ]);
  });

  it('brings its first rows along and gives the others when asked, sorted where it is', () => {
    const shelf = shelfOf();
    const rows = Array.from({ length: 3000 }, (_none, i) => ({ i, odd: i % 2 === 1, name: `n${String(i)}` }));
    const table = shelf.table(rows, tableIn);
    expect([table?.rows.length, table?.total, table?.rows[1]]).toEqual([1000, 3000, [1, true, 'n1']]);
    const ask = (order: { column: number; descending: boolean } | null) =>
      shelf.answer({ type: 'rows', handle: table?.handle ?? '', from: 2000, count: 2, order });
    expect(ask(null)).toEqual({
      type: 'rows',
      rows: [
        [2000, false, 'n2000'],
        [2001, true, 'n2001'],
      ],
      rowNames: null,
    });
    expect(ask({ column: 0, descending: true })).toEqual({
      type: 'rows',
      rows: [
        [999, true, 'n999'],
        [998, false, 'n998'],
      ],
      rowNames: ['999', '998'],
    });
  });

  it('values that are no numbers or words are told in a line; missing ones sort last', () => {
    const shelf = shelfOf();
    const table = shelf.table(
      [
        { a: NaN, b: 10n },
        { a: undefined, b: { c: 1 } },
        { a: 'x', b: null },
      ],
      tableIn,
    );
    expect(table?.rows).toEqual([
      ['NaN', '10n'],
      [null, '{ c: 1 }'],
      ['x', 'null'],
    ]);
    expect(table?.handle).toBeNull();
  });
});
