import { describe, expect, it } from 'vitest';
import { NoEnginesRegistered } from './errors.ts';
import { describeTargets, engineList, parseSlice, resolveTargets, sliceList } from './indexing.ts';

const ids = [0, 1, 4, 5];

describe('sliceList', () => {
  const slice = (text: string) => {
    const parsed = parseSlice(text);
    return parsed && sliceList(['a', 'b', 'c', 'd', 'e'], parsed).join('');
  };

  it('slices as Python does', () => {
    expect(slice(':')).toBe('abcde');
    expect(slice('1:3')).toBe('bc');
    expect(slice('::2')).toBe('ace');
    expect(slice('1::2')).toBe('bd');
    expect(slice('::-1')).toBe('edcba');
    expect(slice('3:0:-2')).toBe('db');
    expect(slice('-2:')).toBe('de');
    expect(slice(':-3')).toBe('ab');
    expect(slice('3:99')).toBe('de');
    expect(slice('-99:1')).toBe('a');
    expect(slice('4:1')).toBe('');
  });

  it('knows what is no slice', () => {
    expect(slice('all')).toBeNull();
    expect(slice('1')).toBeNull();
    expect(() => slice('::0')).toThrow('slice step cannot be zero');
  });
});

describe('resolveTargets', () => {
  it('A.9 counts negative numbers from the end of the ids', () => {
    expect(resolveTargets(-1, ids)).toBe(5);
    expect(resolveTargets([0, -1], ids)).toEqual([0, 5]);
  });

  it('leaves "all" to be looked up, and fixes slices, lists and null now', () => {
    expect(resolveTargets('all', ids)).toBe('all');
    expect(resolveTargets('::2', ids)).toEqual([0, 4]);
    expect(resolveTargets('0,4', ids)).toEqual([0, 4]);
    expect(resolveTargets(null, ids)).toEqual(ids);
    expect(resolveTargets(new Set([4]), ids)).toEqual([4]);
  });

  it('A.14 names the engine that does not exist', () => {
    expect(() => resolveTargets(2, ids)).toThrow('No such engine: 2');
    expect(() => resolveTargets([0, 99], ids)).toThrow('No such engine: 99');
    expect(() => resolveTargets(-5, ids)).toThrow('No such engine: -5');
  });

  it('A.13 says that a word is no target', () => {
    expect(() => resolveTargets('even', ids)).toThrow(
      new TypeError("'even' not valid str target, must be 'all'"),
    );
    expect(() => resolveTargets({} as never, ids)).toThrow(/targets must be a number.*not object/);
    expect(() => resolveTargets([1.5], ids)).toThrow(TypeError);
  });

  it('says that there are no engines', () => {
    expect(() => engineList('all', [])).toThrow(NoEnginesRegistered);
    expect(() => resolveTargets(0, [])).toThrow(NoEnginesRegistered);
  });
});

describe('describeTargets', () => {
  it('shortens long lists as IPython does', () => {
    expect(describeTargets([1, 2])).toBe('[1, 2]');
    expect(describeTargets('all')).toBe('all');
    expect(describeTargets([0, 1, 2, 3, 4, 5, 6])).toBe('[0, 1, 2, 3,...]');
  });
});
