import { describe, expect, it } from 'vitest';
import { formatSource as format } from './format-code.ts';

describe('formatting a cell', () => {
  it('gives code the style of Prettier, types, decorators and awaits too', async () => {
    expect(await format('const a={b:1}\nawait   f( a )')).toBe('const a = { b: 1 };\nawait f(a);');
    expect(await format('class A{@v.remote() area(r:number):number{return r}}')).toBe(
      'class A {\n  @v.remote() area(r: number): number {\n    return r;\n  }\n}',
    );
  });

  it('leaves magics and help as they are, and formats what stands between', async () => {
    expect(await format('let x=1\n%px  a   =  2\nrc?\nlet y=2')).toBe(
      'let x = 1;\n%px  a   =  2\nrc?\nlet y = 2;',
    );
    expect(await format('// where\n%%px  --targets 0\nlet x=1\n%time f( )\nx')).toBe(
      '// where\n%%px  --targets 0\nlet x = 1;\n%time f( )\nx;',
    );
    expect(await format('%%html\n<b>a  =  1')).toBe('%%html\n<b>a  =  1');
  });

  it('leaves what does not parse alone', async () => {
    for (const source of ['const = 3', '', '{ a: 1, b: 2 }', '  ', 'x=1\n%px y\nif (']) {
      expect(await format(source)).toBe(source);
    }
  });

  it('what is formatted stays so', async () => {
    const once = await format('%%px\nfor(const x of [1,2]){display(x)}\n\n\n\n/* end */');
    expect(await format(once)).toBe(once);
  });
});
