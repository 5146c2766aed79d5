import { expect, it } from 'vitest';
import { formatLine, inspect } from './format.ts';
import { bundleOf } from './mime.ts';

/** What one of them costs must not grow with holes, with links between objects, or with depth. */

it('holes are shown as holes, however many there are', () => {
  const ids: string[] = [];
  ids[7] = 'seven';
  ids[20_000] = 'last';
  expect(inspect(ids)).toBe("[ <7 empty items>, 'seven', <19992 empty items>, 'last' ]");
  const far: number[] = [];
  far[4e9] = 1;
  expect(inspect(far)).toBe('[ <4000000000 empty items>, 1 ]');
  const empty: unknown[] = [];
  empty.length = 4e9;
  expect(inspect({ empty })).toBe('{ empty: [ <4000000000 empty items> ] }');
  expect(bundleOf(far)).toMatchObject({ data: { 'text/plain': '[ <4000000000 empty items>, 1 ]' } });
});

it('objects that all know each other are printed once, not in every combination', () => {
  const all: Record<string, unknown>[] = Array.from({ length: 1500 }, (_none, i) => ({
    name: `n${String(i)}`,
  }));
  for (const one of all)
    one['others'] = Object.fromEntries(all.slice(0, 40).map((other, i) => [`to${String(i)}`, other]));
  expect(formatLine([all[0]]).length).toBeLessThan(100_100);
  expect(inspect(all).length).toBeLessThan(100_100);
});

it('a hundred thousand linked objects are printed like four', () => {
  let list: unknown = null;
  for (let i = 0; i < 100_000; i++) list = { next: list };
  expect(inspect(list)).toContain('[Object]');
});
