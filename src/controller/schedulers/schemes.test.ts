import { expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { balanced, clusterOf, direct, inShort } from '../../testing/hub-fixture.ts';
import { leastload, schemeOf } from './schemes.ts';

it('K.226 leastload takes the least loaded; ties go to the least recently used', () => {
  expect(leastload([2, 1, 0, 1])).toBe(2);
  // Loads come with the least recently used first.
  expect(leastload([1, 0, 0, 2])).toBe(1);
  const hub = clusterOf(3, { hwm: 0 });
  hub.submit(direct('a_0', 0), direct('a_1', 0), direct('a_2', 1));
  const engines = [3, 4, 5, 6].map((n) => {
    const id = `a_${String(n)}`;
    const given = hub.submit(balanced(id)).find((effect) => effect.type === 'send');
    return given?.type === 'send' ? [0, 1, 2].find((engine) => hub.uuid(engine) === given.uuid) : null;
  });
  // Loads [2,1,0], [2,1,1] (1 was used before 2), [2,2,1], [2,2,2] (0 was not used at all).
  expect(engines).toEqual([2, 1, 2, 0]);
});

it.each(['lru', 'plainrandom', 'twobin', 'weighted'] as const)('%s always gives a place', (name) => {
  const scheme = schemeOf(name, seededRandom(5), () => undefined);
  for (let i = 0; i < 1000; i++) expect([0, 1, 2]).toContain(scheme([i % 3, 5, 0]));
});

it('K.240 an engine may be busy for as long as it likes: nothing infers its death from silence', () => {
  const hub = clusterOf(1);
  // What it has been given, and what waits behind it, sets no clock.
  const effects = [...hub.submit(balanced('a_0'), direct('a_1', 0)), ...hub.endTurn()];
  expect(
    inShort(effects).filter((effect) => /boot|grace|run timer|wait timer|terminate/.test(effect)),
  ).toEqual([]);
  hub.wait(24 * 3600);
  expect(
    inShort(hub.endTurn()).filter((effect) => /boot|grace|run timer|wait timer|terminate/.test(effect)),
  ).toEqual([]);
  expect(hub.engines()).toMatchObject([{ id: 0, status: 'busy', generation: 1 }]);
  expect(inShort(hub.reply(0, 'a_0')).join()).toContain('a_0 ok');
});
