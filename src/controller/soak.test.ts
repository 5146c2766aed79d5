import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Soak } from '../testing/soak.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

// `npm run bench:soak` does a million.
it('the heap after 200,000 tasks is what it was after 100,000', () => {
  const soak = new Soak();
  soak.runTo(100_000);
  const before = heap();
  soak.runTo(200_000);
  expect(heap() / before).toBeLessThan(1.1);
  expect(soak.hub.counts).toMatchObject({ pending: 0 });
  expect(soak.hub.counts.records).toBeLessThanOrEqual(1024);
  soak.hub.validate();
});
