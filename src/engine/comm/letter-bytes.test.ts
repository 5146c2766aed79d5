import { expect, it } from 'vitest';
import { plainReviver } from '../../protocol/pack.ts';
import { fromBytes, toBytes } from './letter-bytes.ts';

const ADDRESS = { group: 'c_1', source: 0, tag: 0, collective: null };

it('carries plain values and functions, and says what cannot be carried', () => {
  const reviver = plainReviver(() => 'a function');
  const { head, body } = toBytes(ADDRESS, {
    list: [1, 'two', new Map([['k', new Float64Array([3])]])],
    f: () => 1,
  });
  const letter = fromBytes(head, Uint8Array.from(body), reviver);
  expect(letter).toMatchObject(ADDRESS);
  expect(letter.open()).toEqual({
    list: [1, 'two', new Map([['k', new Float64Array([3])]])],
    f: 'a function',
  });
  const shared = new Float64Array(new SharedArrayBuffer(8));
  expect(() => toBytes(ADDRESS, { deep: new Set([shared]) })).toThrow(
    /comm cannot send shared memory that the other engines do not have/,
  );
});
