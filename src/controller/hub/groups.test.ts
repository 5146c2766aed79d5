import { expect, test } from 'vitest';
import type { CalledCollectives } from '../../protocol/comm.ts';
import type { EngineId, MsgId } from '../../protocol/ids.ts';
import { clusterOf, direct, inShort, OK } from '../../testing/hub-fixture.ts';

const once: CalledCollectives = { count: 1, digest: 7, last: 'comm.bcast(root=0)' };

/** What the second of two members is told, when each has ended well and called these. */
function endOf(first: CalledCollectives | null, second: CalledCollectives | null): string {
  const hub = clusterOf(2);
  const group = { id: 'a_0', engines: [0, 1] as EngineId[] };
  hub.submit(direct('a_0', 0, { seat: { group, rank: 0 } }), direct('a_1', 1, { seat: { group, rank: 1 } }));
  const told = [first, second].map((called, i) => {
    const facts = { started: hub.at, completed: hub.at, executeResult: null, executionCount: 0 };
    const reply = { msgId: `a_${String(i)}` as MsgId, outcome: OK, facts, ...(called && { called }) };
    return hub.handle({ type: 'replied', uuid: hub.uuid(i), reply, names: null });
  });
  return inShort(told[1] ?? []).join('; ');
}

test.each([
  ['none', null, null],
  ['the same', once, once],
])('members that have called %s of collective operations end well', (_, first, second) => {
  expect(endOf(first, second)).toContain('a_1 ok');
});

test.each<[string, CalledCollectives | null, CalledCollectives | null, string]>([
  ['another', once, { ...once, digest: 8, last: 'comm.bcast(root=1)' }, 'comm.bcast(root=1) on rank 1'],
  ['one more', once, { ...once, count: 2 }, 'comm.bcast(root=0) on rank 1'],
  ['one that others have not', null, once, 'no collective operation on rank 0'],
  ['none of those that others have', once, null, 'no collective operation on rank 1'],
])('a member that has called %s fails, whatever it has heard of the others', (_, first, second, named) => {
  const told = endOf(first, second);
  expect(told).toContain('CommError');
  expect(told).toContain(named);
});
