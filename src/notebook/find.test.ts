import { expect, test } from 'vitest';
import { newCell } from './cells.ts';
import type { Cell } from './document.ts';
import {
  findMatches,
  type FindQuery,
  literally,
  type Match,
  matchBehind,
  outputText,
  patternOf,
  replaceMatches,
  tablesIn,
  textsOf,
} from './find.ts';
import { TABLE_MIME } from '../protocol/looking.ts';
import { after, finished, id, outputs, runCell, session, started, text } from './session-history.ts';

const query = (words: string, rest: Partial<FindQuery> = {}): FindQuery => ({
  text: words,
  matchCase: false,
  wholeWords: false,
  regexp: false,
  inOutputs: true,
  ...rest,
});

const { document } = after(
  session('a', 'm:b', 'c'),
  { type: 'set-source', id: id('a'), source: 'total = Total + subtotal' },
  { type: 'set-source', id: id('b'), source: 'The total, a.b' },
  runCell('a', 'r1'),
  started('r1'),
  outputs('r1', text('\u001b[31mtot\u001b[0mal 3\n')),
  finished('r1'),
);
const matchesOf = (asked: FindQuery): readonly Match[] =>
  findMatches(textsOf(document, asked.inOutputs), asked);
const found = (asked: FindQuery) =>
  matchesOf(asked).map(({ cell, part, start }) => `${cell} ${part} ${String(start)}`);

test('sources and outputs are searched in document order, colours left out', () => {
  expect(found(query('total'))).toEqual([
    'a source 0',
    'a source 8',
    'a source 19',
    'a output 0',
    'b source 4',
  ]);
  expect(found(query('total', { inOutputs: false, matchCase: true, wholeWords: true }))).toEqual([
    'a source 0',
    'b source 4',
  ]);
});

test('without the switch, signs of regular expressions are signs', () => {
  expect(found(query('a.b'))).toEqual(['b source 11']);
  expect(found(query('^total', { regexp: true, inOutputs: false }))).toEqual(['a source 0']);
  expect(patternOf(query('(', { regexp: true }))).toEqual(expect.any(String));
  expect(found(query('(', { regexp: true }))).toEqual([]);
  expect(patternOf(query(''))).toBeNull();
});

test('all are replaced, or the one that is meant; a plain replacement is taken as it is', () => {
  expect(replaceMatches(document, query('total'), '$&', null)).toEqual([
    { id: 'a', source: '$& = $& + sub$&' },
    { id: 'b', source: 'The $&, a.b' },
  ]);
  const second = matchesOf(query('total'))[1] ?? null;
  expect(replaceMatches(document, query('total'), 'sum', second)).toEqual([
    { id: 'a', source: 'total = sum + subtotal' },
  ]);
});

test('groups of a regular expression stand in its replacement', () => {
  const asked = query(String.raw`(?<word>\w+), (a)`, { regexp: true });
  expect(replaceMatches(document, asked, '$2-$<word>-$&-$$-$9', null)).toEqual([
    { id: 'b', source: 'The a-total-total, a-$-$9.b' },
  ]);
});

const many: Cell = newCell(id('m'), 'code', 'one  \n\n  two\ttwo\r\n');
const manyLines = { ...document, cells: [many] };

test.each([
  // As VS Code does: line by line, unless the expression names a line break.
  ['^', '> ', '> one  \n> \n>   two\ttwo\r\n> '],
  ['$', ';', 'one  ;\n;\n  two\ttwo;\r\n;'],
  ['^$', '-', 'one  \n-\n  two\ttwo\r\n-'],
  [String.raw`\s+$`, '', 'one\n\n  two\ttwo\r\n'],
  [String.raw`^\s*`, '', 'one  \n\ntwo\ttwo\r\n'],
  [String.raw`[^o]+`, '.', 'o.\n\n.o.o\r\n'],
  [String.raw`\n\n`, ' ', 'one     two\ttwo\r\n'],
  [String.raw`\s*\n\s*`, ' ', 'one two\ttwo '],
  [String.raw`(?<=\n)`, '|', 'one  \n|\n|  two\ttwo\r\n|'],
  [String.raw`\\n`, ' ', 'one  \n\n  two\ttwo\r\n'],
  // The replacement.
  [' +two', String.raw`\n\t\\n`, 'one  \n\n\n\t\\n\ttwo\r\n'],
  ['(o)(n)e', '$2$1$0$&$$$3$10$21', 'one  \n\n  two\ttwo\r\n'.replace('one', 'nooneone$$$3o0n1')],
  ['(?<first>o)ne', '$<first>$<last>', 'o$<last>  \n\n  two\ttwo\r\n'],
  ['(one)|(two)', String.raw`\u$1\U$2`, 'One  \n\n  TWO\tTWO\r\n'],
  ['(one)', String.raw`\U$1-$1-\u\l\U$1\q\L`, String.raw`ONE-one-OnE\q` + '  \n\n  two\ttwo\r\n'],
  ['one', 'a\\', 'a\\  \n\n  two\ttwo\r\n'],
])('the expression %j with %j', (words, replacement, expected) => {
  const replaced = replaceMatches(manyLines, query(words, { regexp: true }), replacement, null);
  expect(replaced[0]?.source ?? many.source).toBe(expected);
});

test('without the switch, line breaks and signs in the replacement are signs', () => {
  expect(replaceMatches(manyLines, query('one'), String.raw`\n$1`, null)[0]?.source).toMatch(/^\\n\$1 {2}\n/);
});

test('each match is replaced in turn, also where what comes in its place matches again', () => {
  const turns = (words: string, replacement: string): string => {
    let at = { cell: id('m'), offset: 0 };
    let cell = newCell(id('m'), 'code', 'aa\na');
    const asked = query(words, { regexp: true, inOutputs: false });
    const order = new Map([[id('m'), 1]]);
    for (let turn = 0; turn < 3; turn++) {
      const notebook = { ...document, cells: [cell] };
      const matches = findMatches(textsOf(notebook, false), asked);
      const match = matches[turn === 0 ? 0 : matchBehind(matches, order, at)];
      const source = match && replaceMatches(notebook, asked, replacement, match)[0]?.source;
      if (!match || source === undefined) break;
      at = { cell: cell.id, offset: match.end + source.length - cell.source.length };
      cell = { ...cell, source };
    }
    return cell.source;
  };
  expect(turns('a', 'ba')).toBe('baba\nba');
  // The third turn begins again.
  expect(turns('^', '> ')).toBe('> > aa\n> a');
  expect(turns('$', ';')).toBe('aa;;\na;');
});

test('places are found in sources only', () => {
  const { length } = textsOf(document, true);
  expect(found(query('^', { regexp: true }))).toHaveLength(length);
  expect(found(query('x*', { regexp: true })).every((place) => place.includes('source'))).toBe(true);
});

test('HTML is searched as it is read', () => {
  const html = '<style>.hidden { color: red }</style><p>a &lt; b, <b>bo</b>ld</p><td>one</td><td>two</td>';
  const cell: Cell = {
    ...newCell(id('h'), 'code', ''),
    outputs: [
      {
        type: 'display',
        lane: null,
        bundle: { data: { 'text/html': html, 'text/plain': 'else' }, metadata: {} },
      },
    ],
  };
  const text = outputText(cell);
  expect(text).toContain('a < b, bold');
  for (const absent of ['hidden', 'onetwo', 'else', '<p>']) expect(text).not.toContain(absent);
});

test('texts are found letter by letter, the longer ones first', () => {
  expect('a.b a.bc axb'.match(literally(['a.b', 'a.bc', '']))).toEqual(['a.b', 'a.bc']);
  expect('anything'.match(literally([]))).toBeNull();
});

test('a table is searched row by row, those too that its text leaves out, and a match knows its row', () => {
  const table = {
    columns: ['name', 'half'],
    rows: Array.from({ length: 150 }, (_, i) => [`row ${String(i)}`, i / 2]),
    rowNames: null,
    total: 150,
    handle: null,
  };
  const bundle = { data: { [TABLE_MIME]: table, 'text/plain': '[ ... more ]' }, metadata: {} };
  const { document: tabled } = after(
    session('a'),
    runCell('a', 'r1'),
    started('r1'),
    outputs('r1', text('row 14 of a text\n'), { type: 'result', lane: null, bundle, executionCount: 1 }),
    finished('r1'),
  );
  const [cell] = tabled.cells;
  if (!cell) throw new Error('no cell');
  const placeOf = tablesIn(cell);
  const places = (words: string) =>
    findMatches(textsOf(tabled, true), query(words)).map(({ start }) => placeOf(start));
  expect(places('row 14').slice(0, 3)).toEqual([null, { table: 0, row: 14 }, { table: 0, row: 140 }]);
  expect(places('row 14')).toHaveLength(12);
  expect(places('half')).toEqual([{ table: 0, row: -1 }]);
  expect(places('74.5')).toEqual([{ table: 0, row: 149 }]);
});
