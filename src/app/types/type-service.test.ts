import ts from 'typescript';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { apiTypes } from '../../../scripts/api-types.mjs';
import { TypeService, type Declarations } from './type-service.ts';

// A type checker that starts, and reads the whole library, takes its time.
vi.setConfig({ testTimeout: 60_000 });

let service: TypeService;

beforeAll(async () => {
  service = new TypeService(ts, JSON.parse(await apiTypes()) as Declarations);
}, 120_000);

/** `|` is the caret, in the last cell that has one. Cells are named by their place. */
function at(...cells: readonly string[]): readonly [id: string, offset: number] {
  const index = cells.findLastIndex((source) => source.includes('|'));
  service.setCells(cells.map((source, i) => ({ id: `c${String(i)}`, source: source.replace('|', '') })));
  return [`c${String(index)}`, cells[index]?.indexOf('|') ?? 0];
}

const hover = (...cells: readonly string[]) => service.hover(...at(...cells))?.code;
const names = (...cells: readonly string[]) =>
  service.suggest(...at(...cells))?.map(({ name }) => name) ?? [];

describe('the types of cells', () => {
  it('a map knows the type of its items', () => {
    const map = "const amr = rc[':'].map((x: number) => x * 2, [1, 2, 3]);";
    expect(hover(`${map}\na|mr`)).toBe('const amr: AsyncMapResult<number>');
    expect(hover(map, 'const xs = await amr;\nx|s')).toBe('const xs: number[]');
    expect(hover("const amr = rc.loadBalancedView().map((s) => s.length, ['a']);\na|mr")).toBe(
      'const amr: AsyncMapResult<number>',
    );
  });

  it('rc is a client: its members, with their documentation', () => {
    const found = names('rc.|');
    for (const name of ['ids', 'directView', 'loadBalancedView', 'waitForEngines', 'close']) {
      expect(found).toContain(name);
    }
    expect(found).not.toContain('#core');
    expect(service.describe(...at('rc.dir|'), 'directView')?.text).toContain('looked up at every call');
  });

  it('indexing a client gives views', () => {
    expect(hover('const one = rc[0];\no|ne')).toBe('const one: DirectView<"one">');
    expect(hover("const many = rc['::2'];\nm|any")).toBe('const many: DirectView<"many">');
    expect(names('rc[-1].|')).toContain('applyAsync');
    expect(hover('const id = await rc[0].apply(() => engine.id);\ni|d')).toBe('const id: number');
    expect(hover("const ids = await rc[':'].apply(() => engine.id);\ni|ds")).toBe('const ids: number[]');
  });

  it('IPython’s spelling has the same types, and comes behind ours', () => {
    expect(hover("const ar = rc.direct_view('all').apply_async((x: number) => x * 2, 1);\na|r")).toBe(
      hover("const ar = rc.directView('all').applyAsync((x: number) => x * 2, 1);\na|r"),
    );
    expect(hover('const v = rc.load_balanced_view();\nv|')).toBe('const v: LoadBalancedView');
    expect(hover("const ids = rc[':'].map((x: number) => x, [1]).msg_ids;\nid|s")).toBe('const ids: MsgId[]');
    const order = service
      .suggest(...at("rc[':'].|"))
      ?.toSorted((a, b) => (a.sortText < b.sortText ? -1 : 1))
      .map(({ name }) => name);
    expect(order?.indexOf('apply_async')).toBeGreaterThan(order?.indexOf('syncImports') ?? Infinity);
    expect(names('AsyncResult.|')).not.toContain('apply_async');
  });

  it('names of cells above complete, those of cells below do not', () => {
    const found = names('const before = 1;\nfunction helper() {}\nclass Thing {}', '|', 'const after = 2;');
    expect(found).toEqual(expect.arrayContaining(['before', 'helper', 'Thing', 'rc', 'sleep', 'Plot']));
    expect(found).not.toContain('after');
    const kinds = service.suggest(...at('const before = 1;\nclass Thing {}', '|'));
    expect(kinds).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'before', kind: 'const' }),
        expect.objectContaining({ name: 'Thing', kind: 'class' }),
        expect.objectContaining({ name: 'rc', kind: 'var' }),
      ]),
    );
  });

  it('a name declared again has its new type below', () => {
    expect(hover('const a = 1;', 'const a = "x";', 'a|')).toBe('const a: "x"');
    expect(hover('const a = 1;', 'a|', 'const a = "x";')).toBe('const a: 1');
    expect(hover('const range = "mine";', 'ran|ge')).toBe('const range: "mine"');
  });

  it('imports, awaits and types of one cell hold in the next', () => {
    expect(hover("import { product } from 'tutti';", "const p = product([1], 'a');\np|")).toBe(
      'const p: [number, string][]',
    );
    expect(hover("import * as plot from '@observablehq/plot';", 'plo|t.dot')).toContain('plot');
    expect(hover('interface Point { x: number }', 'const p: Point = { x: 1 };', 'p.x|')).toBe(
      '(property) Point.x: number',
    );
    expect(hover('if (true) { var inner = 5; }', 'inn|er')).toBe('var inner: number');
    expect(hover('const { a, b: [c] } = { a: 1, b: ["s"] };', 'c|')).toBe('const c: string');
  });

  it('code behind %px is code, and what a magic gives has a type', () => {
    expect(hover('%px --targets 0 const y = engine.i|d')).toBe('(property) id: number');
    expect(names('%%px\nconst base = 1;', '%%px\n|')).toContain('base');
    expect(hover('%%px --noblock -o later\n1', 'lat|er')).toBe('let later: AsyncResult<any, Arity, unknown>');
  });

  it('a cell that is broken leaves the others alone', () => {
    expect(hover('const a = 1;', 'const b = `never closed', 'a|')).toBe('const a: 1');
    expect(names('const a = { b: 1 }', 'a.|\nfoo(')).toEqual(['b']);
  });

  it('arguments show the signature, with the parameter at the caret', () => {
    const help = service.signatures(...at('range(2, |)'));
    expect(help).toMatchObject({ active: 0, activeParameter: 1 });
    const [signature] = help?.signatures ?? [];
    const second = signature?.parameters[1];
    expect(signature?.label.slice(second?.from, second?.to)).toBe('stop?: number');
  });

  it('there is no document where cells run', () => {
    expect(hover('docum|ent')).toBe('any');
    expect(names('|')).not.toContain('document');
    expect(names('|')).toEqual(expect.arrayContaining(['fetch', 'structuredClone', 'Atomics']));
  });

  it('d3 and Plot have their types', () => {
    expect(hover('const m = d3.mean([1, 2]);\nm|')).toBe('const m: number | undefined');
    expect(names('Plot.|')).toEqual(expect.arrayContaining(['plot', 'barX', 'dot']));
  });

  it('the interface of 2008 is a module', () => {
    expect(
      hover(
        "import { MultiEngineClient } from 'tutti/kernel';\nconst mec = new MultiEngineClient();\nmec.exec|ute",
      ),
    ).toContain('execute');
  });
});

describe('problems of syntax', () => {
  const problems = (source: string) => {
    service.setCells([{ id: 'c', source }]);
    return service.problems('c').filter(({ severity }) => severity === undefined);
  };

  it('are where the cell would not run', () => {
    expect(problems('before();\nconst = 3;')).toEqual([
      { line: 2, column: 7, message: expect.any(String) as string },
    ]);
    expect(problems('%px --targets 0 a b')).toMatchObject([{ line: 1, column: 19 }]);
    expect(problems('%%px\nconst a = ;')).toMatchObject([{ line: 2, column: 11 }]);
  });

  it('are not in what runs: magics, help, awaits, imports, object literals, unknown names', () => {
    const fine = [
      '%px console.log(1)\nrc.ids?\nx = %timeit f()',
      '%%px --noblock -o ar\n%time f()\nawait sleep(1)',
      "import d3 from 'd3';\nimport type { A } from 'a';\nlet n: A | number = nowhere;",
      '{ a: 1, b: 2 }',
      '%%html\n<b>not ; code',
      '%lsmagic',
      '',
    ];
    expect(fine.map((source) => [source, problems(source)])).toEqual(fine.map((source) => [source, []]));
  });
});
