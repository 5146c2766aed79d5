import { expect, test } from 'vitest';
import { distanceOf, nearestMember } from './nearest-member.ts';

class Base {
  execute(): void {}
  map(): void {}
  mapAsync(): void {}
}
class View extends Base {
  get queueStatus(): number {
    return 0;
  }
  scatter(): void {}
  queue_status(): void {}
}

test.each([
  ['executeAsync', 'execute'],
  ['executeSync', 'execute'],
  ['exceute', 'execute'],
  ['Execute', 'execute'],
  ['scater', 'scatter'],
  ['queue_staus', 'queueStatus'],
  ['mapSync', 'map'],
  ['a', null],
  ['x', null],
  ['temperature', null],
])('%s -> %s', (name, member) => {
  expect(nearestMember(new View(), name)).toBe(member);
});

test('distances', () => {
  expect([
    distanceOf('', 'ab'),
    distanceOf('abc', 'abc'),
    distanceOf('ab', 'ba'),
    distanceOf('kitten', 'sitting'),
  ]).toEqual([2, 0, 1, 3]);
});
