import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellText } from './cell-text.ts';

const code = (source: string) => cellText(source).code;

describe('a cell as TypeScript reads it', () => {
  it('code without magics is itself', () => {
    expect(code('const a = 10 % 3;\na')).toBe('const a = 10 % 3;\na');
  });

  it('the body of %%px is code, its first line is spaces', () => {
    expect(code('%%px --noblock -o ar\nconst a = 1;')).toBe(`${' '.repeat(20)}\nconst a = 1;`);
    expect(cellText('%%px --noblock -o ar\nconst a = 1;').results).toEqual(['ar']);
  });

  it('%px keeps its code in place, without its flags', () => {
    expect(code('%px --targets 0,2 engine.id')).toBe(`${' '.repeat(18)}engine.id`);
    expect(code('%px -a -x')).toBe(' '.repeat(9));
    expect(code('let a = 1;\n%px a + 1\na')).toBe('let a = 1;\n    a + 1\na');
    expect(code('%px --targets [0, 2] x = 1')).toBe(`${' '.repeat(21)}x = 1`);
    expect(code('%px -t0,2 x')).toBe(`${' '.repeat(10)}x`);
    expect(code('%px -t "0, 2" x')).toBe(`${' '.repeat(14)}x`);
    expect(code('%px -1 + 2')).toBe('    -1 + 2');
  });

  it('magics that take no code are spaces, and so is what they take', () => {
    expect(code('%pxconfig --block')).toBe(' '.repeat(17));
    expect(code('%%html\n<b>')).toBe(`${' '.repeat(6)}\n   `);
    expect(code('%autopx\nrc.ids')).toBe(`${' '.repeat(7)}\nrc.ids`);
  });

  it('a magic in the body of %%px is one too', () => {
    expect(code('%%px\n%time f()\ng()')).toBe('    \n      f()\ng()');
  });

  it('a question for help leaves the name', () => {
    expect(code('rc.ids??')).toBe('rc.ids  ');
    expect(code('?rc.ids')).toBe(' rc.ids');
    expect(code('%px?')).toBe('    ');
  });

  it('a magic that is assigned gives a name', () => {
    expect(cellText('ar = %px --noblock 1 + 1').results).toEqual(['ar']);
    expect(cellText('took = %timeit f()').results).toEqual([]);
  });

  it('comments above a cell magic stay', () => {
    expect(code('// why\n%%px\n1')).toBe('// why\n    \n1');
  });

  it('keeps length and line breaks, whatever the text', () => {
    const line = fc.oneof(
      fc.constantFrom('%px', '%%px', '%time f()', 'a = %px b', 'x?', '??x', '%px a \\', '`', '/*', '{', '\r'),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const source = lines.join('\n');
        const text = code(source);
        expect(text).toHaveLength(source.length);
        const lengths = (of: string) => of.split('\n').map(({ length }) => length);
        expect(lengths(text)).toEqual(lengths(source));
      }),
    );
  });
});
