import { describe, expect, it } from 'vitest';
import { compileCell } from './compile-cell.ts';
import { splitMagics, type CellPart } from './magics.ts';
import { padTo } from './positions.ts';

const known = new Set(['px', 'autopx', 'pxresult']);

/** One line of text for each part. */
function told(part: CellPart): string {
  switch (part.kind) {
    case 'js':
      return `js@${String(part.line)} ${JSON.stringify(part.source.trim())}`;
    case 'line-magic':
      return `${part.assign === null ? '' : `${part.assign} = `}%${part.name}@${String(part.line)}:${String(part.column)} ${JSON.stringify(part.rest)}`;
    case 'cell-magic':
      return `%%${part.name}@${String(part.line)} ${JSON.stringify(part.rest)} ${JSON.stringify(part.body)}`;
    case 'help':
      return `help@${String(part.line)} ${part.name} ${String(part.detail)}`;
  }
}

function split(source: string): readonly string[] {
  return splitMagics(source, { known }).map(told);
}

describe('P.332 JavaScript is never taken for a magic', () => {
  it.each([
    'a % b',
    'a\n%b',
    'a = b\n%px',
    'total\n  %px\n',
    'const s = `\n%px a\n%%px\n`',
    '/*\n%px a\n?help\n*/ 1',
    '// %px a',
    'f(a\n  %px)',
    '[10\n%px(3), 4]',
    'x = a\n%px\n  .b',
    'const c = a\n?b\n:d',
    'const c = a ??\nb',
    'const d: number = a\n%px',
    'x\n%=3',
    '"50%"',
    'for (let i = 0; i < 9; i++) i\n%px',
    '',
    '   \n// nothing',
  ])('%j', (source) => {
    expect(splitMagics(source, { known })).toEqual([{ kind: 'js', source, line: 1 }]);
  });
});

describe('line magics', () => {
  it.each([
    ['%px a=5', ['%px@1:1 "a=5"']],
    ['  %autopx  ', ['%autopx@1:3 ""']],
    ['%autopx;', ['%autopx@1:1 ""']],
    ['%px f(1);', ['%px@1:1 "f(1);"']],
    ["%px it's not JavaScript `", ['%px@1:1 "it\'s not JavaScript `"']],
    [
      'const xs = [1]\n%px console.log(1)\nfoo(xs)',
      ['js@1 "const xs = [1]"', '%px@2:1 "console.log(1)"', 'js@3 "foo(xs)"'],
    ],
    ['x = 10\n%px y', ['js@1 "x = 10"', '%px@2:1 "y"']],
    ['x = 10;\n%px', ['js@1 "x = 10;"', '%px@2:1 ""']],
    ['%px a\n%px b\r\n%px c\r\n', ['%px@1:1 "a"', '%px@2:1 "b"', '%px@3:1 "c"']],
    ['// say\n%px a\n/* and */\n\n%px b\n// end', ['%px@2:1 "a"', '%px@5:1 "b"']],
    [
      'const a: number = 1\n%px a\ninterface B { c: string }',
      ['js@1 "const a: number = 1"', '%px@2:1 "a"', 'js@3 "interface B { c: string }"'],
    ],
    [
      "import { a } from 'b'\n%px a b\nawait a()",
      ['js@1 "import { a } from \'b\'"', '%px@2:1 "a b"', 'js@3 "await a()"'],
    ],
    ['const s = `\n%px no\n`\n%px yes yes', ['js@1 "const s = `\\n%px no\\n`"', '%px@4:1 "yes yes"']],
    ['%px f(1, \\\n  2)\nlet a', ['%px@1:1 "f(1,  \\n  2)"', 'js@3 "let a"']],
    ['{ a: 1, b: 2 }\n%px c d', ['js@1 "{ a: 1, b: 2 }"', '%px@2:1 "c d"']],
    ['%nosuch thing here', ['%nosuch@1:1 "thing here"']],
    ['/re%px/.test(s)\n%px a b', ['js@1 "/re%px/.test(s)"', '%px@2:1 "a b"']],
  ])('%j is %j', (source, parts) => {
    expect(split(source)).toEqual(parts);
  });

  it('a known one counts, where the cell shows that it is not all JavaScript', () => {
    expect(split('rc.block = true\n%autopx')).toEqual(['js@1 "rc.block = true\\n%autopx"']);
    expect(split('rc.block = true\n%autopx\n%px a b')).toEqual([
      'js@1 "rc.block = true"',
      '%autopx@2:1 ""',
      '%px@3:1 "a b"',
    ]);
    expect(split('rc.block = a\n%b\n%px a b')).toEqual(['js@1 "rc.block = a\\n%b"', '%px@3:1 "a b"']);
  });

  it('may be given to a name', () => {
    expect(split('x = %px foo\nconst y = %pxresult\n  let π=%px 1\nx')).toEqual([
      'x = %px@1:1 "foo"',
      'y = %pxresult@2:1 ""',
      'π = %px@3:3 "1"',
      'js@4 "x"',
    ]);
    expect(split('const class = %px 1').join()).toMatch(/^js@1/);
  });

  it('inside a block they are JavaScript, and the error says so', () => {
    const [part] = splitMagics('for (const x of xs) {\n  %px f(x)\n}', { known });
    expect(part?.kind).toBe('js');
    expect(() => compileCell(part?.kind === 'js' ? part.source : '', { url: 'c' })).toThrow(
      '%px works as a magic only between statements, at the top level of a cell',
    );
  });

  it('a mistake in the code before them is told, not hidden', () => {
    const parts = splitMagics('const = 5\n%px a b', { known });
    expect(parts).toHaveLength(1);
    expect(() => compileCell('const = 5\n%px a b', { url: 'c' })).toThrow("Unexpected token '='");
  });
});

describe('cell magics', () => {
  it.each([
    ['%%px\na\nb', '%%px@1 "" "a\\nb"'],
    ['%%px --targets 0,2 --noblock  \r\na % b\r\n', '%%px@1 "--targets 0,2 --noblock" "a % b\\r\\n"'],
    ['// all of them\n\n  %%px0\n%px is text here', '%%px0@3 "" "%px is text here"'],
    ['/* two\nlines */ %%time', '%%time@2 "" ""'],
    ['%%px', '%%px@1 "" ""'],
  ])('%j is %s', (source, part) => {
    expect(split(source)).toEqual([part]);
  });

  it('are none below other code', () => {
    expect(split('1\n%%px\n2')).toEqual(['js@1 "1\\n%%px\\n2"']);
  });
});

describe('questions for help', () => {
  it.each([
    ['rc?', ['help@1 rc 1']],
    ['rc.ids??', ['help@1 rc.ids 2']],
    ['?rc[0].apply', ['help@1 rc[0].apply 1']],
    ['??f', ['help@1 f 2']],
    ['%px?', ['help@1 %px 1']],
    ['%%px??;', ['help@1 %%px 2']],
    ['let a = 1\na?\na', ['js@1 "let a = 1"', 'help@2 a 1', 'js@3 "a"']],
  ])('%j', (source, parts) => {
    expect(split(source)).toEqual(parts);
  });
});

describe('positions', () => {
  it('every part of code compiles to the lines and columns it had', () => {
    const at = (text: string): unknown => {
      try {
        return compileCell(text, { url: 'c' });
      } catch (error) {
        const { line, column } = error as { line: number; column: number };
        return [line, column];
      }
    };
    const source = '\n%px let = 5\nlet a\n  x = %px foo bar\nlet b = }';
    const parts = splitMagics(source, { known });
    const positions = parts.map((part) => {
      if (part.kind === 'js') return at(part.source);
      return part.kind === 'line-magic' ? at(padTo(part.rest, part.line, part.restColumn)) : null;
    });
    expect(positions).toEqual([
      expect.anything(),
      expect.objectContaining({ defines: ['a'] }),
      [4, 15],
      [5, 9],
    ]);
    const [cell] = splitMagics('// hi\n%%px -t 0\n  foo bar');
    expect(cell?.kind === 'cell-magic' && at(padTo(cell.body, cell.bodyLine))).toEqual([3, 7]);
    expect(cell).toMatchObject({ restColumn: 6 });
  });
});

it('a long cell with a mistake and many lines that may be questions is told about soon', () => {
  const choices = 'const a = b\n  ? c\n  : d\n'.repeat(4000);
  const begun = process.cpuUsage();
  splitMagics(`${choices}let x = )`, { known: new Set(['px']) });
  const { user, system } = process.cpuUsage(begun);
  expect(user + system).toBeLessThan(20_000_000);
});
