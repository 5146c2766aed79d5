import { describe, expect, it, test } from 'vitest';
import { compileCell } from '../../lang/compile-cell.ts';
import { vmEvaluator } from '../../testing/vm-evaluator.ts';
import { Namespace } from '../namespace.ts';
import { runCompiled } from '../run.ts';
import { compileWithMagics, MAGIC_HOOK } from './compile-with-magics.ts';
import type { RealmCall } from './realm-calls.ts';

const options = { url: 'cell-1/c1' };

/** What the hook is called with, and what the code gives. */
async function run(source: string) {
  const evaluator = vmEvaluator();
  const namespace = new Namespace(evaluator);
  const calls: RealmCall[] = [];
  namespace.install({
    [MAGIC_HOOK]: async (call: RealmCall, body: (() => unknown) | null, setup: (() => unknown) | null) => {
      calls.push(call);
      setup?.();
      return (await body?.()) ?? {};
    },
  });
  const box = await runCompiled(evaluator, compileWithMagics(source, options));
  return { calls, box, names: namespace.keys() };
}

test('code without magics is compiled as ever', () => {
  for (const source of ['const a = 1', 'a % b', '', '10\n%who']) {
    expect(compileWithMagics(source, options)).toEqual(compileCell(source, options));
  }
});

describe('magics become calls of the hook', () => {
  it('in order, between the code', async () => {
    const { calls, box, names } = await run('let a = 1;\n%time a++\n%who number\nconst b = a\nb + 1');
    expect(calls).toEqual([{ name: 'time' }, { name: 'who', types: ['number'] }]);
    expect(box).toEqual({ value: 3 });
    expect(names).toEqual(['a', 'b']);
  });

  it('%time keeps the names of its code, %timeit does not', async () => {
    expect((await run('%time const a = 1')).names).toEqual(['a']);
    expect((await run('%timeit const a = 1; a + 1')).names).toEqual([]);
  });

  it('%%timeit has flags and set-up on its line', async () => {
    const { calls, names } = await run('%%timeit -n 5 -r 2 -q var s = 1\ns++');
    expect(calls).toEqual([{ name: 'timeit', loops: 5, runs: 2, precision: 3, quiet: true, isValue: false }]);
    expect(names).toEqual(['s']);
  });

  it('a cell of one magic may hold others', async () => {
    const { calls } = await run('%%time\nlet a = 1;\n%whos\na');
    expect(calls.map(({ name }) => name)).toEqual(['time', 'whos']);
  });
});

describe('mistakes', () => {
  it.each([
    [
      '%px 1',
      'engines have no magic %px (line 1). Nothing was run. On engines there are %time, %timeit, %who, %whos and %reset.',
    ],
    ['let a;\n%%px', '%%px must be the first line of its cell'],
    ['a = 1;\n\n%nope b', 'engines have no magic %nope (line 3)'],
    ['rc?', 'rc? works in the kernel only (line 1)'],
    ['%time', '%time: there is no code behind it'],
    ['%%reset\nx', '%%reset: reset is a magic of one line: write %reset'],
    ['%reset now', '"now" is unexpected here'],
    ['%timeit -r 0 1', '-r 0 is not a positive whole number'],
  ])('%j', (source, message) => {
    expect(() => compileWithMagics(source, options)).toThrow(message);
  });

  it('a mistake in the code behind a magic is told where it stands', () => {
    expect(() => compileWithMagics('1;\n%time const = 3', options)).toThrow(
      expect.objectContaining({ name: 'SyntaxError', line: 2, column: 13 }),
    );
  });
});
