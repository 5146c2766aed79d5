import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import katex from 'katex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addOutputs, updateDisplay } from '../../notebook/cell-outputs.ts';
import { newCell } from '../../notebook/cells.ts';
import { compareCells } from '../../notebook/compare-cells.ts';
import { cssDepth } from '../../notebook/css-depth.ts';
import { findMatches } from '../../notebook/find.ts';
import { headingsOf } from '../../notebook/headings.ts';
import { boundedMarkup, textOfMarkup } from '../../notebook/markup-scan.ts';
import { tablePlace } from '../../notebook/table-text.ts';
import type { CellId } from '../../protocol/ids.ts';
import type { Lane, Output } from '../../protocol/outputs.ts';
import { tokenizeText } from '../editor/tokenize.ts';
import { stepsOf } from '../../testing/steps-of.ts';
import { contextOf, differenceOf } from '../snapshots/diff-parts.ts';
import { parseAnsi } from './ansi.ts';
import { drawnSize } from './drawn-size.ts';
import { FormulaMacros } from './formula-macros.ts';
import { addMath } from './markdown-math.ts';
import { createParser } from './markdown-parser.ts';

/**
 * Whoever writes a notebook decides what its readers' pages have to read. So every reader is fed with pieces of its own
 * grammar, repeated and nested, and what it does is counted: how often each piece of code is run, which V8 tells exactly.
 * Twice the text may cost twice the steps, and a little more.
 */
const SMALL = 300;
const GROWTH = 2.3;

// What V8 optimises it counts no more.
beforeAll(() => {
  setFlagsFromString('--no-opt');
});
afterAll(() => {
  setFlagsFromString('--opt');
});

const markdown = createParser();
addMath(markdown, (tex) => tex);
const formula = (tex: string): string => {
  const options = {
    throwOnError: false,
    globalGroup: true,
    maxExpand: 200,
    maxSize: 50,
    strict: 'ignore',
  } as const;
  try {
    return katex.renderToString(tex, { ...options, macros: new FormulaMacros(20_000).table });
  } catch {
    // Too deep for the stack: its source is shown.
    return tex;
  }
};
const cell = (id: string, source: string) => newCell(id as CellId, 'code', source);

interface Reader {
  readonly name: string;
  readonly read: (text: string) => unknown;
  /** Pieces, or what opens and what closes. */
  readonly pieces: readonly (string | readonly [string, string])[];
  /** Not linear in its depth, but its texts have a bound: at that it takes no more steps than this. */
  readonly longest?: { readonly characters: number; readonly steps: number };
}

const READERS: readonly Reader[] = [
  {
    name: 'Markdown',
    read: (text) => markdown.render(text),
    pieces: [
      ...[
        '*',
        '_',
        '*_',
        '**a',
        '~~',
        '`',
        '``a`',
        '[',
        ']',
        '[a](',
        '![',
        '[a][',
        '[a]: b\n',
        '<',
        '<a ',
        '<!--',
        '<!',
      ],
      ...[
        '<?',
        '<![CDATA[',
        '&',
        '&amp;',
        '\\',
        '\\\n',
        '$',
        '$a',
        '$$',
        '\\(',
        '\\[',
        '\\begin{a}',
        '\\end{a}',
        'a@b',
        '  \n',
      ],
      ...[
        'http://a',
        'www.',
        '|a',
        '|-',
        '- a\n',
        '1. a\n',
        '> ',
        '# a\n',
        '===\n',
        '---\n',
        '```\n',
        '~~~\n',
        '    a\n',
        '\t',
        '[ ] ',
      ],
      ...([
        ['*', '*'],
        ['[', '](a)'],
        ['`', '`'],
        ['<b>', '</b>'],
        ['$', '$'],
        ['(', ')'],
      ] as const),
    ],
  },
  {
    name: 'formulas',
    read: formula,
    longest: { characters: 4000, steps: 10_000_000 },
    pieces: [
      ...[
        'x',
        '^',
        '_',
        'x^',
        '{',
        '}',
        '&',
        '\\\\',
        "'",
        '\\left(',
        '\\right)',
        '\\begin{a}',
        '\\begin{matrix}',
        '\\frac',
      ],
      ...[
        '\\color{red}',
        '\\def\\a{x}',
        '\\over',
        '\\not',
        '\\limits',
        '\\tag{1}',
        '\\text',
        '$',
        '%',
        '~',
        '\\hline',
        '\\large',
      ],
      ...([
        ['{', '}'],
        ['x^{', '}'],
        ['\\frac{', '}{1}'],
        ['\\sqrt{', '}'],
        ['\\left(', '\\right)'],
        ['\\text{', '}'],
      ] as const),
      ...([
        ['\\overline{', '}'],
        ['\\hat{', '}'],
        ['\\mathbin{', '}'],
        ['\\phantom{', '}'],
        ['\\boxed{', '}'],
      ] as const),
      ...([
        ['\\begin{matrix}', '\\end{matrix}'],
        ['\\mathchoice{', '}{}{}{}'],
        ['\\smash{', '}'],
        ['\\cfrac{1}{', '}'],
      ] as const),
    ],
  },
  {
    name: 'colours',
    read: parseAnsi,
    pieces: [
      '\u001b[31m',
      '\u001b[',
      '\u001b',
      '\u001b[38;5;1m',
      '\u001b[1;',
      'a\r',
      '\r',
      'a\b',
      '\b',
      '\n',
      'a\u001b[0m',
      '\u001b]8;;a',
    ],
  },
  {
    name: 'HTML',
    read: (text) => [boundedMarkup(text, { characters: 2e6, nodes: 20_000, depth: 200 }), textOfMarkup(text)],
    pieces: [
      ...[
        '<',
        '<a',
        '<a ',
        '<div>',
        '</div>',
        '<b>',
        '<p>',
        '<!--',
        '<!',
        '<?',
        '<![CDATA[',
        '</',
        '<style>',
        '<style',
        '<svg><style>',
      ],
      ...[
        '<script>',
        '<title>',
        '<p a="',
        "<p a='",
        '<p a=',
        '<p style="(',
        '&',
        '&#40;',
        '&amp;',
        '<textarea>',
        '<svg>',
        '>',
        '"',
        '=',
      ],
      ...([
        ['<div>', '</div>'],
        ['<b>', '</b>'],
        ['<svg>', '</svg>'],
        ['<style>', '</style>'],
      ] as const),
    ],
  },
  {
    name: 'styles',
    read: cssDepth,
    pieces: [
      '{',
      '}',
      '(',
      '[',
      'a{',
      '"',
      "'",
      '\\',
      '/*',
      '*/',
      'url(',
      'url( "',
      '#',
      '@',
      '<!--',
      'a',
      '\n',
      ['(', ')'],
      ['{', '}'],
    ],
  },
  {
    name: 'code',
    read: (text) => tokenizeText(text, 'javascript'),
    pieces: [
      'a',
      '/',
      '/*',
      '`',
      '`${',
      '"',
      "'",
      '\\',
      '(',
      '{',
      '}',
      '//',
      '%px ',
      '\n',
      '0x',
      '=>',
      '/[',
      '#',
      ['`${', '}`'],
      ['(', ')'],
    ],
  },
  {
    name: 'headings',
    read: headingsOf,
    pieces: ['# a\n', '#', '```\n', 'a\n===\n', '\n', '    #', '<!--', '#\t'],
  },
];

describe('what is read costs steps in proportion to its length', () => {
  test.each(READERS)('$name', async ({ read, pieces, longest }) => {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    try {
      for (const piece of pieces) {
        const text = (n: number): string =>
          typeof piece === 'string' ? piece.repeat(n) : piece[0].repeat(n) + piece[1].repeat(n);
        if (longest) {
          const steps = await stepsOf(session, () =>
            read(text(Math.floor(longest.characters / text(1).length))),
          );
          expect({ piece, fits: steps <= longest.steps, steps }).toMatchObject({ fits: true });
          continue;
        }
        // What is made once is made before.
        read(text(SMALL));
        const once = await stepsOf(session, () => read(text(SMALL)));
        const twice = await stepsOf(session, () => read(text(2 * SMALL)));
        expect({ piece, fits: twice <= GROWTH * once + 5000, once, twice }).toMatchObject({ fits: true });
      }
    } finally {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    }
  });
});

const bundleOf = (text: string) => ({ data: { 'text/plain': text }, metadata: {} });
const shownBy = (lane: Lane, text: string): Output => ({
  type: 'display',
  lane,
  bundle: bundleOf(text),
  displayId: 'a',
});
const printedBy = (lane: Lane, text: string): Output => ({
  ...{ type: 'stream', lane, name: 'stdout', text },
});

/** A cell that gets so many outputs, each by itself. It keeps 500 of them, so fewer tell nothing of the rest. */
function flood(output: (i: number) => Output): (n: number) => unknown {
  return (n) => {
    let outputs: readonly Output[] = [];
    for (let i = 0; i < 4 * n; i++) outputs = addOutputs(outputs, [output(i)]);
    return outputs;
  };
}

const lines = (n: number, what: string) =>
  Array.from({ length: n }, (_, i) => `${what}${String(i)}`).join('\n');
const grid = (n: number) => ({ lines: Array.from({ length: n }, (_, i) => i * 3), end: n * 3 });

test.each([
  [
    'cells that went',
    (n: number) =>
      compareCells(
        Array.from({ length: n }, (_, i) => cell(String(i), 'a')),
        [],
      ),
  ],
  [
    'cells that came and went',
    (n: number) =>
      compareCells(
        Array.from({ length: n }, (_, i) => cell(String(i), 'a')),
        Array.from({ length: n }, (_, i) => cell(i % 2 === 0 ? String(i) : `new ${String(i)}`, 'b')),
      ),
  ],
  ['the same lines', (n: number) => contextOf(differenceOf(lines(n, 'a'), lines(n, 'a')))],
  ['a line more', (n: number) => contextOf(differenceOf(lines(n, 'a'), `${lines(n, 'a')}\nb`))],
  [
    'matches in a text',
    (n: number) =>
      findMatches([{ id: 'a' as CellId, source: 'ab'.repeat(n), output: '' }], {
        ...{ text: 'ab', matchCase: true, wholeWords: false, regexp: false, inOutputs: false },
      }),
  ],
  [
    'places of matches in a table',
    (n: number) => {
      const spans = [grid(n)];
      for (let i = 0; i < n; i++) tablePlace(spans, i * 3);
    },
  ],
  ['displays, one by one', flood((i) => shownBy(null, `text ${String(i)}`))],
  ['displays of many engines', flood((i) => shownBy(i % 16, `text ${String(i)}`))],
  ['letters, one by one', flood(() => printedBy(null, 'a'))],
  ['lines of many engines, in turns', flood((i) => printedBy(i % 16, `line ${String(i)}\n`))],
  ['a line written over again', flood((i) => printedBy(0, `\r${String(i)} %`))],
  ['a line taken back letter by letter', flood((i) => printedBy(0, i % 2 === 0 ? 'ab' : '\b'))],
  [
    'a display that is updated',
    (n: number) => {
      let outputs = addOutputs([], [shownBy(null, 'first')]);
      for (let i = 0; i < 4 * n; i++) outputs = updateDisplay(outputs, 'a', bundleOf(String(i)));
    },
  ],
  [
    'shapes that are drawn again',
    (n: number) => drawnSize({ parents: Array.from({ length: n }, (_, i) => i - 1), uses: [] }),
  ],
] as const)('compared and counted: %s', async (_, work) => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  try {
    work(300);
    const [once, twice] = [
      await stepsOf(session, () => work(1000)),
      await stepsOf(session, () => work(2000)),
    ];
    expect(twice).toBeLessThanOrEqual(GROWTH * once + 5000);
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
});

test('texts of which all lines differ are told whole, in bounded steps', () => {
  const parts = differenceOf(lines(20_000, 'a'), lines(20_000, 'b'));
  expect(parts.map(({ kind, lines: { length } }) => [kind, length])).toEqual([
    ['removed', 20_000],
    ['added', 20_000],
  ]);
  expect(contextOf(parts).map(({ lines: { length } }) => length)).toEqual([500, 1, 500, 1]);
});
