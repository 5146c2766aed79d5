import { expect, it } from 'vitest';
import { Roster } from './roster.ts';

it('engines of a hub that was started anew keep their numbers, however many of the old ones are gone', () => {
  const roster = new Roster();
  const ids = Array.from({ length: 12 }, (_, id) => id);
  for (const id of ids) roster.add(id, `old-${String(id)}`);
  for (const id of ids) roster.lose(`old-${String(id)}`);
  for (const id of ids) roster.add(id, `new-${String(id)}`);
  roster.lose('new-0');
  expect(roster.living.map(({ id }) => roster.byId(id)?.uuid)).toEqual(
    ids.slice(1).map((id) => `new-${String(id)}`),
  );
});
