import { describe, expect, it } from 'vitest';
import { magicPlaceAt, magicWords } from './magic-words.ts';

describe('magics while one types', () => {
  it('a name begins a line, or follows an assignment', () => {
    expect(magicPlaceAt('%')).toEqual({ kind: 'magic', typed: '%', magic: '' });
    expect(magicPlaceAt('  %%p')).toMatchObject({ kind: 'magic', typed: '%%p' });
    expect(magicPlaceAt('const ar = %px')).toMatchObject({ kind: 'magic', typed: '%px' });
    expect(magicPlaceAt('a %')).toBeNull();
    expect(magicPlaceAt('f(10 %b')).toBeNull();
  });

  it('flags follow the magic and other flags, until code begins', () => {
    expect(magicPlaceAt('%px -')).toEqual({ kind: 'flag', typed: '-', magic: 'px' });
    expect(magicPlaceAt('%%px --targets 0,2 --no')).toMatchObject({ kind: 'flag', typed: '--no' });
    expect(magicPlaceAt('%%px --targets=0 -o ar --no')).toMatchObject({ kind: 'flag', typed: '--no' });
    expect(magicPlaceAt('%px a -')).toBeNull();
    expect(magicPlaceAt('a -')).toBeNull();
  });

  it('what is known without the kernel begins as typed', () => {
    const words = (before: string) => {
      const place = magicPlaceAt(before);
      return place ? magicWords(place).map(({ name }) => name) : null;
    };
    expect(words('%%')).toEqual(['%%px', '%%time', '%%timeit']);
    expect(words('%pxr')).toEqual(['%pxresult']);
    expect(words('%px --no')).toEqual(['--noblock', '--no-verbose', '--no-stream']);
    expect(words('%px0 --ta')).toEqual(['--targets']);
    expect(words('%pxresult --t')).toEqual([]);
    expect(words('%who -')).toEqual([]);
  });
});
