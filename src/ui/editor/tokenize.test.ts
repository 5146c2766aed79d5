import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameState, START, tokenizeLine, tokenizeText } from './tokenize.ts';

/** `type:text` of every token that is not plain. */
function coloured(text: string): string[] {
  return tokenizeText(text).flatMap(({ line, tokens }) =>
    tokens
      .filter((token) => token.type !== 'plain')
      .map((token) => `${token.type}:${line.slice(token.start, token.end)}`),
  );
}

describe('colours of code', () => {
  it('words, numbers and calls', () => {
    expect(coloured('const x: Client = f(0x1f, 2.5e-3, true)')).toEqual([
      'keyword:const',
      'type:Client',
      'function:f',
      'number:0x1f',
      'number:2.5e-3',
      'constant:true',
    ]);
  });

  it('a keyword after a dot or before a colon is a name', () => {
    expect(coloured('x.delete; ({ get: 1 })')).toEqual(['number:1']);
  });

  it('a slash after a value divides, elsewhere it begins a regular expression', () => {
    expect(coloured('a / b / c')).toEqual([]);
    expect(coloured('s.replace(/[/]x/g, 1)')).toEqual(['function:replace', 'regexp:/[/]x/g', 'number:1']);
    expect(coloured('return /x/')).toEqual(['keyword:return', 'regexp:/x/']);
  });

  it('comments and templates go on over lines, code inside a template is code', () => {
    expect(coloured('/* a\nb */ 1')).toEqual(['comment:/* a', 'comment:b */', 'number:1']);
    expect(coloured('`a ${ {b: 1}.b } c\nd` 2')).toEqual([
      'string:`a ${',
      'number:1',
      'string:} c',
      'string:d`',
      'number:2',
    ]);
  });
});

describe('colours of magics', () => {
  it('a line magic with its flags, then code', () => {
    expect(coloured('%px --targets 0 f(1)')).toEqual(['magic:%px --targets 0', 'function:f', 'number:1']);
  });

  it('a cell magic takes its whole line', () => {
    expect(coloured('%%px --noblock\nlet a')).toEqual(['magic:%%px --noblock', 'keyword:let']);
  });

  it('a remainder is no magic', () => {
    expect(coloured('a\n  % b')).toEqual([]);
  });
});

describe('any text', () => {
  it('tokens cover every line without a gap', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('`', '$', '{', '}', '/', '*', '"', "'", '\\', '%', 'a', '1', ' ', '\n'),
        }),
        (text) => {
          for (const { line, tokens } of tokenizeText(text)) {
            let end = 0;
            for (const token of tokens) {
              expect(token.start).toBe(end);
              expect(token.end).toBeGreaterThan(token.start);
              end = token.end;
            }
            expect(end).toBe(line.length);
          }
        },
      ),
    );
  });

  it('equal states are seen to be equal', () => {
    const { state } = tokenizeLine('`${ {', START);
    expect(sameState(state, { ...START, templates: [1] })).toBe(true);
    expect(sameState(state, START)).toBe(false);
  });
});

it('below %%px for Python engines the words are Python’s', () => {
  const kinds = (text: string, px?: 'python') =>
    tokenizeText(text, px)
      .slice(1)
      .map(({ line, tokens }) =>
        tokens
          .filter(({ type }) => type !== 'plain')
          .map(({ type, start, end }) => `${type} ${line.slice(start, end)}`),
      );
  const code = 'def f(a):  # one\n  return f"x" + """two\nlines""" if a else None';
  const expected = [
    ['keyword def', 'function f', 'comment # one'],
    ['keyword return', 'string f"x"', 'string """two'],
    ['string lines"""', 'keyword if', 'keyword else', 'constant None'],
  ];
  expect(kinds(`%%px --targets python\n${code}`)).toEqual(expected);
  expect(kinds(`%%px\n${code}`, 'python')).toEqual(expected);
  expect(kinds('%%px --targets javascript\nlet a', 'python')).toEqual([['keyword let']]);
  expect(tokenizeText('%px x = None', 'python')[0]?.tokens.at(-1)?.type).toBe('constant');
});
