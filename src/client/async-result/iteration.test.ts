import { expect, it } from 'vitest';
import type { MsgId } from '../../protocol/ids.ts';
import { Job } from '../job.ts';
import { STRANGER } from '../request-facts.ts';
import { range } from '../sequences.ts';
import { iterateBlocking } from './iteration.ts';

const N = 2000;

function numberOf({ facts }: Job): number {
  return Number(facts.msgId.slice('c_'.length));
}

/** Jobs that count how often somebody looks whether they are over; each block ends the next of `order`. */
function running(order: readonly number[]) {
  let looks = 0;
  class Watched extends Job {
    override get isPending(): boolean {
      looks += 1;
      return super.isPending;
    }
  }
  const jobs = range(order.length).map((i) => new Watched({ ...STRANGER, msgId: `c_${String(i)}` as MsgId }));
  const ending = [...order];
  const block = (until: () => boolean) => {
    while (!until()) jobs[ending.shift() ?? -1]?.fail(new Error(), 0);
  };
  const itemsOf = (job: Job) => [numberOf(job)];
  return { jobs, itemsOf, block, looks: () => looks };
}

for (const ordered of [true, false]) {
  it(`${ordered ? 'ordered' : 'unordered'}, a blocking loop looks a few times at each of many jobs`, () => {
    const order = range(N).reverse();
    const { jobs, itemsOf, block, looks } = running(order);
    const items = [...iterateBlocking({ tasks: jobs, ordered, itemsOf }, block)];
    expect(items).toEqual(ordered ? range(N) : order);
    expect(looks()).toBeLessThan(20 * N);
  });
}
