import { beforeEach, expect, test } from 'vitest';
import type { ToController } from '../protocol/client-messages.ts';
import type { ClientId } from '../protocol/ids.ts';
import { MsgId, type EngineUuid } from '../protocol/ids.ts';
import { LentMemory } from '../protocol/lent-memory.ts';
import type { WireError } from '../protocol/errors.ts';
import type { Reviver } from '../protocol/unpack.ts';
import { CallJobs } from './call-jobs.ts';
import { Job } from './job.ts';
import { Lender } from './lender.ts';
import { STRANGER } from './request-facts.ts';
import { range } from './sequences.ts';

const me = 'me' as ClientId;
let posted: ToController[];
let lender: Lender;
let numbers: number;

beforeEach(() => {
  posted = [];
  numbers = 0;
  lender = new Lender(me, (message) => posted.push(message), { after: () => () => undefined });
  lender.offer('apply');
});

const apply = (method = 'apply', client = me) =>
  new Job({ ...STRANGER, method, msgId: MsgId.create(client, ++numbers) });
/** As an engine sees it: the memory lent last. */
function memory(): LentMemory {
  const last = posted.findLast((message) => message.type === 'lend');
  if (!last?.memory) throw new Error('none is lent');
  return new LentMemory(last.n, last.memory);
}
const listed = () => range(1, numbers + 1).filter((n) => memory().isOpenFor(n));

test('memory is lent before the first request that has a result, and says who is waited for', () => {
  expect(posted).toMatchObject([{ type: 'lend', clientId: me, n: 1 }]);
  lender.offer('apply');
  expect(posted).toHaveLength(1);
  const jobs = [apply(), apply('execute'), apply('pull'), apply('apply', 'another' as ClientId)];
  expect(listed()).toEqual([]);
  lender.lend(jobs);
  expect(listed()).toEqual([1, 3]);
  jobs[0]?.fail(new Error(), 0);
  expect(listed()).toEqual([3]);
});

test('a loop that blocks for one list many times has one piece of memory', () => {
  const jobs = range(5).map(() => apply());
  for (const job of jobs) {
    lender.lend(jobs);
    memory().put(new Uint8Array(8));
    job.fail(new Error(), 0);
  }
  expect(posted.filter(({ type }) => type === 'lend')).toHaveLength(2);
  expect(posted.at(-1)).toMatchObject({ memory: null });
});

test('the tasks of a call borrow as many do, those that are made jobs too, until each has ended', () => {
  const call = new CallJobs({
    ...{ clientId: me, first: 1, count: 6, facts: { ...STRANGER, method: 'map' } },
    onMade: () => undefined,
  });
  numbers = 6;
  call.jobAt(2);
  lender.lend(call);
  lender.lend(call);
  expect(listed()).toEqual([1, 2, 3, 4, 5, 6]);
  call.jobAt(4).fail(new Error(), 0);
  expect(listed()).toEqual([1, 2, 3, 4, 6]);
  const by = { clientId: me, engineId: 0, engineUuid: 'u' as EngineUuid };
  const ends = (n: number) => {
    const zeros = new Float64Array(n);
    return {
      ...{ values: zeros, boxed: true, canned: false, bytes: zeros },
      ...{ started: zeros, completed: zeros, counts: zeros },
    };
  };
  const settling = { received: 0, reviver: {} as Reviver, explain: (error: WireError) => error };
  call.settleItems({ ...by, numbers: Float64Array.of(1, 2, 3), ends: ends(3) }, settling);
  expect(listed()).toEqual([4, 6]);
  memory().put(new Uint8Array(8));
  call.settleItems({ ...by, numbers: Float64Array.of(4, 6), ends: ends(2) }, settling);
  expect(posted.filter(({ type }) => type === 'lend')).toHaveLength(1);
  expect(memory().isTouched).toBe(false);
});

test('what a request that was left may still write is not written over: others get new memory, and so does it', () => {
  const left = [apply()];
  lender.lend(left);
  memory().put(new Uint8Array(8));
  const others = [apply()];
  lender.lend(others);
  expect([memory().n, memory().isTouched, listed()]).toEqual([2, false, [2]]);
  lender.lend(left);
  expect([memory().n, listed()]).toEqual([2, [1, 2]]);
});

test('other engines, another controller: memory is lent anew', () => {
  const engine = { id: 0, uuid: 'a' };
  lender.enginesChanged([engine] as never);
  lender.offer('apply');
  const jobs = [apply()];
  lender.lend(jobs);
  lender.enginesChanged([{ ...engine, uuid: 'b' }] as never);
  lender.offer('apply');
  lender.lend(jobs);
  expect([memory().isOpenFor(1), posted.length]).toEqual([true, 3]);
});
