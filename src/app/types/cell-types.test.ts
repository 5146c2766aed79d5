import { expect, it } from 'vitest';
import type { Link } from '../../protocol/link.ts';
import type { CellId } from '../../protocol/ids.ts';
import { createCellTypes } from './cell-types.ts';
import type { FromTypes, ToTypes } from './types-messages.ts';

/** A worker that only listens. */
function setUp(sources: Record<string, string>) {
  const posted: ToTypes[] = [];
  let hear: (messages: readonly FromTypes[]) => void = () => undefined;
  let lose: (reason: string) => void = () => undefined;
  let launched = 0;
  const link: Link<FromTypes, ToTypes> = {
    post: (message) => posted.push(message),
    flush: () => undefined,
    onMessages: (handler) => (hear = handler),
    onLost: (handler) => (lose = handler),
    close: () => undefined,
  };
  const types = createCellTypes({
    launch: () => {
      launched++;
      return link;
    },
    declarations: 'types/api.json',
    cells: () => Object.entries(sources).map(([id, source]) => ({ id, source })),
  });
  return {
    types,
    posted,
    launched: () => launched,
    answer: (message: FromTypes) => {
      hear([message]);
    },
    lose: (reason: string) => {
      lose(reason);
    },
  };
}

const CELL = 'a' as CellId;

it('nothing starts before it is needed, and then once', () => {
  const { types, launched } = setUp({ a: '1' });
  expect(launched()).toBe(0);
  types.warm();
  void types.hover(CELL, 0);
  expect(launched()).toBe(1);
});

it('before a question the worker learns what has changed, and no more', () => {
  const sources: Record<string, string> = { a: '1', b: '2' };
  const { types, posted } = setUp(sources);
  void types.hover(CELL, 0);
  void types.hover(CELL, 1);
  sources['b'] = '3';
  void types.problems(CELL);
  delete sources['b'];
  void types.problems(CELL);
  expect(posted).toEqual([
    { type: 'start', declarations: 'types/api.json' },
    {
      type: 'cells',
      order: ['a', 'b'],
      changed: [
        { id: 'a', source: '1' },
        { id: 'b', source: '2' },
      ],
    },
    { type: 'ask', n: 1, about: 'hover', cell: 'a', offset: 0 },
    { type: 'ask', n: 2, about: 'hover', cell: 'a', offset: 1 },
    { type: 'cells', order: ['a', 'b'], changed: [{ id: 'b', source: '3' }] },
    { type: 'ask', n: 3, about: 'problems', cell: 'a' },
    { type: 'cells', order: ['a'], changed: [] },
    { type: 'ask', n: 4, about: 'problems', cell: 'a' },
  ]);
});

it('answers find their questions; a worker that is lost leaves none open', async () => {
  const { types, answer, lose } = setUp({ a: '1' });
  const [one, two, three] = [types.problems(CELL), types.hover(CELL, 0), types.hover(CELL, 1)];
  answer({ type: 'failed', n: 2, message: 'no' });
  answer({ type: 'answer', n: 1, answer: [] });
  expect(await one).toEqual([]);
  await expect(two).rejects.toThrow('no');
  lose('its code did not start');
  await expect(three).rejects.toThrow('its code did not start');
  await expect(types.hover(CELL, 0)).rejects.toThrow('its code did not start');
});
