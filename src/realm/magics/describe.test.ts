import { expect, test } from 'vitest';
import { preview, signatureOf, sizeText, typeName } from './describe.ts';

class Dog {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

test('types by the words that people use', () => {
  const values = [
    null,
    1,
    'a',
    undefined,
    1n,
    [],
    {},
    new Map(),
    new Float64Array(1),
    new Dog('Rex'),
    Dog,
    () => 1,
  ];
  expect(values.map(typeName)).toEqual([
    'null',
    'number',
    'string',
    'undefined',
    'bigint',
    'Array',
    'Object',
    'Map',
    'Float64Array',
    'Dog',
    'class',
    'function',
  ]);
});

test('sizes of what has one', () => {
  const values = [
    'abc',
    [1],
    new Float64Array(1000),
    new Map([[1, 2]]),
    new Set([1, 2]),
    new ArrayBuffer(8),
    5,
    {},
  ];
  expect(values.map(sizeText)).toEqual([
    '3 characters',
    '1 element',
    '1,000 elements, 8,000 bytes',
    '1 entry',
    '2 elements',
    '8 bytes',
    '',
    '',
  ]);
});

test('signatures as they were written', () => {
  expect(signatureOf((a: number, [b] = [1]) => a + b, 'f')).toBe('f(a, [b] = [1])');
  expect(
    signatureOf(async function named(x: Promise<void>) {
      await x;
    }, 'g'),
  ).toBe('g(x)');
  expect(signatureOf(Dog, 'Dog')).toBe('new Dog(name)');
  expect(signatureOf(Math.max, 'max')).toBeNull();
});

test('nothing throws, whatever the value does', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect([typeName(proxy), sizeText(proxy)]).toEqual(['Object', '']);
  expect(preview(proxy)).toContain('cannot be shown');
  expect(preview('x'.repeat(1000))).toHaveLength(60);
});
