import { afterEach, describe, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../testing/test-kernel.ts';

afterEach(closeKernels);

const WORK = `const dview = rc[':'], lview = rc.loadBalancedView();
class Work {
  @dview.remote() area(r: number) { return Math.PI * r ** 2 + engine.id; }
  @lview.remote({ label: 'named' }) async half(x: number) { return x / 2; }
  @dview.remote bare(x: number): number { return helper(x); }
  @dview.parallel() double(xs: number[]) { return xs.map((x) => x * 2); }
  @dview.parallel({ dist: 'r' }) static same(xs: number[]) { return xs; }
}
const work = new Work();`;

describe('views decorate methods', () => {
  test('remote: every call runs on the view', async () => {
    const kernel = await testKernel({ n: 2 });
    await kernel.run(WORK);
    await kernel.run('%px helper = (x) => x + 100 * engine.id');
    const run = async (source: string) => (await kernel.run(source)).text.replace(/^Out\[\d+\]: /, '').trim();
    expect(await run('(await work.area(1)).map((x) => x.toFixed(2))')).toBe("[ '3.14', '4.14' ]");
    expect(await run('await work.bare(5)')).toBe('[ 5, 105 ]');
    expect(await run('await work.half(5)')).toBe('2.5');
    expect(await run('rc.getResult().label')).toBe("'named'");
    expect(await run('work.area.name')).toBe("'area'");
  });

  test('parallel: parts of the sequences on each engine; map, every item', async () => {
    const kernel = await testKernel({ n: 2 });
    await kernel.run(WORK);
    const text = async (source: string) => (await kernel.run(source)).text;
    expect(await text('await work.double([1, 2, 3])')).toContain('[ 2, 4, 6 ]');
    expect(await text('await Work.same([1, 2, 3])')).toContain('[ 1, 2, 3 ]');
    expect(await text('await work.double.map([[1], [2]])')).toContain('[ [ 2 ], [ 4 ] ]');
  });

  test('an error in one names the cell and the line', async () => {
    const kernel = await testKernel({ n: 1 });
    const wrong = await kernel.run('class Work {\n  @rc area() {}\n}');
    expect(wrong.text).toMatch(/TypeError: The decorator of area is not a function\n.*line 2/);
    const { text } = await kernel.run(
      'class Bad {\n  @(rc[0].remote())\n  fail(x: number) {\n    throw new TypeError("no " + x);\n  }\n}\nawait new Bad().fail(3)',
    );
    expect(text).toContain('TypeError: no 3');
    expect(text).toMatch(/line 4|:4:/);
  });

  test('on engines too, and classes with decorators travel', async () => {
    const kernel = await testKernel({ n: 2 });
    const source =
      'const twice = (f) => function (...all) { return 2 * f.apply(this, all); };\n' +
      'class Box { @twice size(n: number) { return n; } }';
    await kernel.run(`%%px\n${source}`);
    expect((await kernel.run("await rc[':'].apply(() => new Box().size(4))")).text).toContain('[ 8, 8 ]');
    await kernel.run(`${source}\nawait rc[':'].push({ twice, Crate: Box });`);
    expect((await kernel.run("await rc[':'].apply(() => new Crate().size(5))")).text).toContain('[ 10, 10 ]');
  });
});
