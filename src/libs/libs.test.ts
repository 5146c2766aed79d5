import { Worker } from 'node:worker_threads';
import { parseHTML } from 'linkedom';
import { build } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';
import * as d3 from './d3.ts';
import * as Plot from './plot.ts';

type Bundle = Readonly<Record<string, string>>;

function shown(value: unknown): Bundle {
  const display = (value as Record<symbol, () => Bundle>)[Symbol.for('Jupyter.display')];
  if (!display) throw new Error('the value does not know how to show itself');
  return display.call(value);
}

function parsed(markup: string | undefined): Document {
  return parseHTML(`<!doctype html><html><body>${markup ?? ''}</body></html>`).document;
}

function expectNoBrokenNumbers(markup: string | undefined): void {
  expect(markup).toBeDefined();
  expect(markup).not.toMatch(/NaN|undefined|Infinity/);
}

describe('Plot draws without a page', () => {
  test('line and dots give one SVG that stands on its own', () => {
    const data = [968, 1026, 1021, 974].map((count, digit) => ({ digit, count }));
    const bundle = shown(
      Plot.plot({
        marks: [Plot.line(data, { x: 'digit', y: 'count' }), Plot.dot(data, { x: 'digit', y: 'count' })],
      }),
    );
    const svg = bundle['image/svg+xml'];
    expectNoBrokenNumbers(svg);
    expect(svg).toMatch(/^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(parsed(svg).querySelectorAll('circle').length).toBe(4);
    expect(bundle['text/plain']).toBe('<svg> 640 × 400');
  });

  test('a contour plot with a ramp legend is a figure whose legend is a PNG', () => {
    const values = Array.from({ length: 30 }, (_, i) => Math.sin(i / 5));
    const bundle = shown(
      Plot.plot({
        title: 'Surface',
        color: { legend: true, label: 'Price' },
        marks: [
          Plot.contour(values, {
            width: 6,
            height: 5,
            fill: (value: number) => value,
            stroke: 'currentColor',
          }),
        ],
      }),
    );
    const html = bundle['text/html'];
    expectNoBrokenNumbers(html);
    const figure = parsed(html).querySelector('figure');
    expect(figure?.querySelector('h2')?.textContent).toBe('Surface');
    expect(figure?.querySelectorAll('[aria-label="contour"] path').length).toBeGreaterThan(3);
    expect(figure?.querySelector('image')?.getAttribute('href')).toMatch(/^data:image\/png;base64,/);
    expect(bundle['text/plain']).toMatch(/^<figure> Surface/);
  });

  test('a heatmap of cells carries its text labels', () => {
    const cells = Array.from({ length: 100 }, (_, i) => ({
      row: Math.floor(i / 10),
      column: i % 10,
      count: i,
    }));
    const place = { x: 'column', y: 'row' };
    const svg = shown(
      Plot.plot({
        marks: [Plot.cell(cells, { ...place, fill: 'count' }), Plot.text(cells, { ...place, text: 'count' })],
      }),
    )['image/svg+xml'];
    expectNoBrokenNumbers(svg);
    const texts = [...parsed(svg).querySelectorAll('[aria-label="text"] text')].map(
      (text) => text.textContent,
    );
    expect(texts).toEqual(cells.map((cell) => String(cell.count)));
  });

  test('raster marks are painted', () => {
    const options = {
      fill: (x: number, y: number) => x * y,
      x1: 0,
      x2: 1,
      y1: 0,
      y2: 1,
      width: 8,
      height: 4,
    };
    const svg = shown(Plot.raster(options).plot())['image/svg+xml'];
    const href = parsed(svg).querySelector('[aria-label="raster"] image')?.getAttribute('href') ?? '';
    expect(href.slice(0, 22)).toBe('data:image/png;base64,');
    const png = Buffer.from(href.slice(22), 'base64');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([8, 4]);
  });

  test('legends stand alone, and a mark plots itself', () => {
    expect(shown(Plot.legend({ color: { type: 'linear', domain: [0, 1] } }))['image/svg+xml']).toMatch(
      /<image/,
    );
    const swatches = shown(Plot.legend({ color: { type: 'categorical', domain: ['call', 'put'] } }))[
      'text/html'
    ];
    expect(parsed(swatches).body.textContent).toContain('put');
    expect(shown(Plot.barY([1, 2, 3]).plot())['image/svg+xml']).toMatch(/<rect/);
    expect(shown(Plot.marks(Plot.dot([[1, 2]]), Plot.frame()).plot())['image/svg+xml']).toMatch(/<circle/);
  });

  test('a tip is laid out in the returned picture, and no frame handler is left behind', () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'requestAnimationFrame');
    const svg = shown(Plot.tip([[1, 2]], { title: () => 'the most common pair' }).plot())['image/svg+xml'];
    const tip = parsed(svg).querySelector('[aria-label="tip"]');
    expect(tip?.getAttribute('visibility')).toBeNull();
    expect(tip?.querySelector('path')?.getAttribute('d')).toMatch(/^M/);
    expectNoBrokenNumbers(svg);
    expect(Object.getOwnPropertyDescriptor(globalThis, 'requestAnimationFrame')).toEqual(before);
  });

  test('text from data cannot become markup', () => {
    const svg = shown(Plot.text(['<script>alert(1)</script>'], { text: (word: string) => word }).plot())[
      'image/svg+xml'
    ];
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script');
  });

  test('a document of the caller wins over ours', () => {
    const { document } = parseHTML('<!doctype html><html></html>');
    expect(Plot.plot({ document }).ownerDocument).toBe(document);
  });
});

describe('d3 without a page', () => {
  test('an element made by d3.create shows itself', () => {
    const svg = d3.create('svg').attr('width', 20).attr('height', 10).attr('viewBox', '0 0 20 10');
    svg
      .selectAll('circle')
      .data([1, 2, 3])
      .join('circle')
      .attr('r', (d) => d);
    const bundle = shown(svg.node());
    expect(parsed(bundle['image/svg+xml']).querySelectorAll('circle').length).toBe(3);
    expect(shown(d3.create('p').text('2 < 3').node())['text/html']).toBe('<p>2 &lt; 3</p>');
  });

  test('selectors look in the library’s own document', () => {
    const body = d3.select('body');
    body.append('em').text('here');
    expect(d3.selectAll('em').size()).toBe(1);
    expect(d3.select('body em').text()).toBe('here');
    d3.selectAll('em').remove();
    expect(d3.select('em').empty()).toBe(true);
  });
});

describe('each library is one module without imports, for a worker without a DOM', () => {
  const sources = new Map<string, string>();
  beforeAll(async () => {
    for (const name of ['plot', 'd3']) sources.set(name, await bundled(name));
  }, 60_000);

  test.each([
    [
      'plot',
      `m.plot({ title: 't', color: { legend: true }, marks: [m.dot([[1, 2]], { fill: '1' })] })`,
      'text/html',
    ],
    ['plot', `m.lineY([1, 3, 2]).plot()`, 'image/svg+xml'],
    ['d3', `m.create('svg').call((s) => s.append('rect')).node()`, 'image/svg+xml'],
  ])('%s: %s', async (name, expression, mime) => {
    const bundle = await inBareWorker(sources.get(name) ?? '', expression);
    expect(bundle[mime]).toMatch(/^<(svg|figure)/);
  });

  test('they export everything of the originals', async () => {
    const original = { plot: await import('@observablehq/plot'), d3: await import('d3') };
    for (const [name, exported] of Object.entries(original)) {
      const names = await inBareWorker(sources.get(name) ?? '', 'Object.keys(m)');
      expect(Object.values(names)).toEqual(expect.arrayContaining(Object.keys(exported)));
    }
  });
});

async function bundled(name: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    build: {
      write: false,
      lib: { entry: new URL(`./${name}.ts`, import.meta.url).pathname, formats: ['es'] },
    },
  });
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  const chunks = outputs.filter((output) => output.type === 'chunk');
  expect(chunks.length).toBe(1);
  expect(chunks[0]?.imports).toEqual([]);
  expect(chunks[0]?.dynamicImports).toEqual([]);
  return chunks[0]?.code ?? '';
}

/** Evaluates `expression` (of `m`, the module) where Node's own globals are gone too. */
function inBareWorker(source: string, expression: string): Promise<Bundle> {
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     for (const name of ['process', 'Buffer', 'global', 'require', 'navigator']) delete globalThis[name];
     import('data:text/javascript;charset=utf-8,' + encodeURIComponent(workerData)).then((m) => {
       const value = ${expression};
       parentPort.postMessage(value[Symbol.for('Jupyter.display')]?.() ?? value);
     });`,
    { eval: true, workerData: source },
  );
  return new Promise<Bundle>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  }).finally(() => void worker.terminate());
}
