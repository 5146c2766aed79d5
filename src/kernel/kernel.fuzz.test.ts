import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../testing/test-kernel.ts';

afterEach(closeKernels);

const word = fc.constantFrom(
  ...[
    'a',
    'b.c',
    'rc',
    'e',
    '1',
    '"s"',
    '`{a}`',
    '{a}',
    '{',
    '}',
    '(',
    ')',
    '[0]',
    '=',
    ';',
    '?',
    '??',
    '%',
    '/*',
    '//',
  ],
  ...[
    'await',
    'const',
    'let',
    'function f() {}',
    'throw',
    'new Error("x")',
    'return',
    '=>',
    '...',
    '\\',
    ',',
    ':',
    '::2',
  ],
  ...[
    '-t',
    '--targets',
    '0',
    '-1',
    'all',
    '9',
    '-a',
    '-b',
    '--local',
    '--no-stream',
    '--verbose',
    '-o',
    'out',
    '-g',
    '-e',
    '-r',
  ],
  ...[
    '--progress-after',
    '--signal-on-interrupt',
    'SIGINT',
    '--frob',
    '-n',
    '-n1',
    '-p',
    '-q',
    '-f',
    '\n',
    '\n',
    '\t',
  ],
);
const name = fc.constantFrom(
  ...[
    'px',
    'px0',
    'autopx',
    'pxresult',
    'result',
    'pxconfig',
    'debug',
    'time',
    'timeit -n 1 -r 1',
    'who',
    'whos',
  ],
  ...['reset', 'run', 'load', 'lsmagic', 'magic', 'pinfo', 'nope', ''],
);
const text = fc.oneof(
  fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
  fc.string({ maxLength: 12 }),
);
const line = fc.oneof(
  text,
  fc
    .tuple(fc.constantFrom('%', '%%', 'x = %', ' %'), name, text)
    .map(([sign, magic, rest]) => `${sign}${magic} ${rest}`),
  fc.constantFrom('a?', 'rc.ids??', '%px?', '?e', 'const a = 1', 'throw 1', '%%px'),
);
const cell = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));

test('whatever a cell says, it finishes, with an output when it fails; completion always answers', async () => {
  const kernel = await testKernel({ n: 2 });
  await kernel.run('rc.activate(0, "0"); 1');
  await fc.assert(
    fc.asyncProperty(cell, fc.nat(40), async (source, at) => {
      const clean = source.replaceAll('|', ' ');
      const { status, outputs } = await kernel.run(clean);
      if (status === 'error') expect(outputs.some(({ type }) => type.endsWith('error'))).toBe(true);
      const cursor = Math.min(at, clean.length);
      const marked = `${clean.slice(0, cursor)}|${clean.slice(cursor)}`;
      const { from, to } = await kernel.complete(marked);
      expect(0 <= from && from <= to && to <= clean.length).toBe(true);
      await kernel.inspect(marked);
    }),
    { numRuns: 400, seed: 20_240_611, plugins: [fc.interruptAfterTimeLimit(25_000)] },
  );
  expect((await kernel.run('%lsmagic')).status).toBe('ok');
});
