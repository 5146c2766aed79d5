import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { apiTypes } from '../../../scripts/api-types.mjs';
import { TypeService, type Declarations } from './type-service.ts';

// A type checker that starts, and reads the whole library, takes its time.
vi.setConfig({ testTimeout: 120_000 });

let service: TypeService;

beforeAll(async () => {
  service = new TypeService(ts, JSON.parse(await apiTypes()) as Declarations);
}, 120_000);

/** Of all cells: the text that is marked, and what is said. */
function warnings(...cells: readonly string[]): readonly string[] {
  service.setCells(cells.map((source, i) => ({ id: `c${String(i)}`, source })));
  return cells.flatMap((source, i) =>
    service.problems(`c${String(i)}`).map(({ line, column, endColumn, message }) => {
      const marked = source.split('\n')[line - 1]?.slice(column - 1, (endColumn ?? column) - 1) ?? '';
      return `${marked}: ${message}`;
    }),
  );
}

describe('what can hardly be meant is marked', () => {
  const mistakes: readonly (readonly [cells: readonly string[], said: RegExp])[] = [
    // members
    [['rc.loadBalancedView().aply(() => 1);'], /^aply: .*Did you mean 'apply'\?/],
    [['const xs = [1, 2];\nxs.lenght;'], /^lenght: .*Did you mean 'length'\?/],
    [
      ['new Cluster({ n: 2 }).engineCount;'],
      /^engineCount: Property 'engineCount' does not exist on type 'Cluster'/,
    ],
    [["const text = 'a';", 'text.size;'], /^size: Property 'size' does not exist/],
    [['d3.meen([1, 2]);'], /^meen: Property 'meen' does not exist/],
    [['Plot.lines([]);'], /^lines: /],
    [['const point = { across: 1 };\npoint.acros;'], /^acros: .*Did you mean 'across'\?/],
    [
      ["const ar = rc[':'].apply(() => [1]);\nar.flat();"],
      /^flat: Property 'flat' does not exist on type 'AsyncResult/,
    ],
    // arguments
    [['rc.directView([0], {}, 1);'], /^1: Expected 0-2 arguments, but got 3/],
    [["rc[':'].scatter('x');"], /Expected 2-3 arguments, but got 1/],
    [['rc[0].applyAsync(5);'], /^5: Argument 1 cannot be of type 'number'/],
    [['new Cluster({ m: 2 });'], /^m: .*'m' does not exist in type 'ClusterOptions'/],
    [["rc[':'].push(5);"], /^5: Argument of type 'number' is not assignable/],
    [
      ['function area(w: number, h: number) { return w * h; }\narea(2);'],
      /^area: Expected 2 arguments, but got 1/,
    ],
    [
      ['function area(w: number, h: number) { return w * h; }', "area(2, 'x');"],
      /^'x': Argument of type 'string'/,
    ],
    [["range('a');"], /^'a': /],
    // options
    [
      ['rc.loadBalancedView().with({ retires: 2 });'],
      /^retires: .*'retires' does not exist.*|Did you mean.*'retries'/,
    ],
    [
      ["rc.loadBalancedView().with({ retries: 'two' });"],
      /^retries: Type 'string' is not assignable to type 'number'/,
    ],
    [
      ['const lview = rc.loadBalancedView();\nlview.retries = () => 3;'],
      /^\(\) => 3: Type '\(\) => number' is not assignable/,
    ],
    // values
    [["const n: number = 'one';"], /^n: Type 'string' is not assignable to type 'number'/],
    [['let n: number = 1;', 'n.toFixed(2).x2;'], /^x2: Property 'x2' does not exist on type 'string'/],
    // calls
    [['rc.ids();'], /^(?:rc\.)?ids: This expression is not callable/],
    [['const n = 5;\nn();'], /^n: This expression is not callable/],
    [['Client();'], /^Client(?:\(\))?: Value of type 'typeof Client' is not callable/],
    // awaits
    [['const ar = rc[0].apply(() => 1);\nar + 1;'], /^ar \+ 1: [^]*Did you forget to use 'await'\?/],
    [['const p = Promise.resolve(2);\np * 2;'], /^p: [^]*Did you forget to use 'await'\?/],
    // imports
    [["import { applyAll } from 'tutti';"], /^applyAll: .*has no exported member/],
    [["import { mena } from 'd3';\nmena;"], /^mena: /],
    // names
    [
      ['const treasure = 1;\ntresure + 1;'],
      /^tresure: No cell declares 'tresure'.*Did you mean 'treasure'\?/,
    ],
    [['%%px\nconsole.log(enigne.id);'], /^enigne: .*Did you mean 'engine'\?/],
    [['document.title;'], /^document: No cell declares 'document'/],
    [
      ['const yes = True;'],
      /^True: No cell declares 'True'.*This looks like Python; in JavaScript Python's True is true\./,
    ],
    [['const o = { nowhereToBeSeen };'], /^nowhereToBeSeen: /],
    [['%px --targets 0 misplaced(1)'], /^misplaced: /],
  ];

  it.each(mistakes)('%j', (cells, said) => {
    const found = warnings(...cells);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(said);
  });
});

describe('nothing is said of what runs', () => {
  const fine: readonly (readonly string[])[] = [
    // names that live on engines, or that were made by running
    ["rc[':'].push({ a: 1 });", '%px a + 1', "await rc[':'].apply(() => a);"],
    ["rc[':'].scatter('part', range(8));", '%%px\npart.length;'],
    ["rc[':']['level'] = 5;", '%px level'],
    ["rc[':'].execute('made = 3; other = made');", '%px made + other'],
    ['%px spot = 1', '%px spot + 1'],
    ['%%px\nfor (counter = 0; counter < 3; counter++) {}\ncounter'],
    ['globalThis.late = 1;', 'late;'],
    ["globalThis['later'] = 1;", 'later;'],
    ['%run helpers', 'fromHelpers(1);'],
    ['const below = () => furtherDown;', 'const furtherDown = 1;'],
    ['%%px -o replies\nengine.id', 'replies.get();'],
    ['%debug', 'e.elist;'],
    ['typeof neverMade;'],
    // JavaScript's manners
    ['const o = {};\no.colour = 1;', 'o.colour;'],
    ['function f(a, b) { return a; }\nf(1);\nf(1, 2, 3);'],
    ['const list = [];', 'list.push(1);\nlist[0].anything;'],
    ['let n = 1;\nn = "now a text";'],
    ['const a = 1;', 'a = 2;'],
    ['const a = 1;', 'const a = "x";\na.length;'],
    ['class P { constructor() { this.x = 1; } }\nnew P().x;'],
    ['function cached() {}\ncached.store = new Map();\ncached.store.get(1);'],
    ['try { f(); } catch (error) { console.log(error.message); }\nfunction f() {}'],
    ['const m = new Map([["a", 1]]);\nm.get("a") + 1;'],
    ['const found = [1, 2].find((x) => x > 1);\nfound.toFixed(1);'],
    ["const pair = [1, 'a'];\nconst [n, s] = pair;\nn * 2;"],
    ['new Date() - new Date(0);'],
    ['globalThis.whatever;\nself.something;'],
    ["const data = JSON.parse('{}');\ndata.a.b.c();"],
    [
      'const points = [[1, 2], [3, 4]];\nfunction sum(list: Iterable<readonly [number, number]>) { return 0; }\nsum(points);',
    ],
    // a view's results
    [
      "const dview = rc[':'];\ndview.block = true;",
      'const r = dview.apply(() => [1]);\nr.map((x) => x);\nr[0] + 1;',
    ],
    ["const later = rc[':'].apply(() => [1]);\nlater.then((r) => r.length);\nlater.progress;"],
    ["const view = rc[':'];\nview.x = 5;\nview.x;\nview['y'];\nview.ns.z = 1;"],
    ["for (const x of rc[':'].map((n) => n, [1, 2])) console.log(x);"],
    ['const c = rc[0].applySync((a, b) => a + b, 1, 2);\nc.toFixed(1);'],
    ['rc.load_balanced_view().apply_async((x) => x, 1).msg_ids;'],
    // decorators, magics, await, redeclaration, imports
    [
      "const dview = rc[':'];\nclass Work {\n  @dview.remote()\n  run(x: number) { return x; }\n}\nnew Work().run(1);",
    ],
    [
      "const amr = await rc[':'].map((x: number) => x, [1]);",
      'const amr = await Promise.resolve(3);\namr.toFixed(1);',
    ],
    ["import * as lib from 'https://example.org/lib.js';\nlib.anything(1);"],
    ["import data from './points.json' with { type: 'json' };\ndata.rows[0].x;"],
    ["import { helper } from './helper.ts';\nhelper(1).whatever;"],
    ["import _ from 'lodash';\n_.sum([1]);"],
    ["const text = await files.text('a.csv');\ntext.split(',').map(Number);"],
    ['%time rc.ids\nrc?\n%lsmagic', 'x = %px 1 + 1\nx.get();'],
    ['@sealed\nclass A {}\nfunction sealed(target: unknown) {}'],
    ['let n: Unknown | number = 1;\nn = 2;'],
    ['new Uint8Array([1]).toBase64?.();'],
  ];

  it.each(fine)('%j', (...cells) => {
    expect(warnings(...cells)).toEqual([]);
  });

  it('and nothing of any cell of the notebooks that come with Tutti', () => {
    const files = readdirSync('public/notebooks').filter((name) => name.endsWith('.ipynb'));
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) {
      const cells = codeCells(readFileSync(`public/notebooks/${file}`, 'utf8'));
      service.setCells(cells);
      for (const { id, source } of cells)
        expect([file, source, service.problems(id)]).toEqual([file, source, []]);
    }
  });
});

it('of a cell that is meant to fail only its syntax is marked', () => {
  service.setCells([{ id: 'c', source: 'nowhereAtAll()', mayFail: true }]);
  expect(service.problems('c')).toEqual([]);
  service.setCells([{ id: 'c', source: 'nowhereAtAll()' }]);
  expect(service.problems('c')).toEqual([
    {
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 13,
      severity: 'warning',
      unknown: 'nowhereAtAll',
      message: "No cell declares 'nowhereAtAll', and neither the kernel nor an engine has it.",
    },
  ]);
});

interface NotebookFile {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: string | readonly string[];
    readonly metadata: { readonly tags?: readonly string[] };
  }[];
}

function codeCells(json: string) {
  const { cells } = JSON.parse(json) as NotebookFile;
  return cells.flatMap(({ cell_type: type, source, metadata }, i) =>
    type === 'code'
      ? [
          {
            id: `c${String(i)}`,
            source: [source].flat().join(''),
            mayFail: metadata.tags?.includes('raises-exception') === true,
          },
        ]
      : [],
  );
}
