import type { Peers } from './peers.ts';
import type { Move } from './raw-kernel.worker.ts';
import { timing, type Timing } from './stats.ts';
import type { Tutti } from './tutti.ts';

/** How large the arrays are that go to engines, and how often each way is taken. */
const MEBIBYTES = 64;
const ROUNDS = 15;
/** The most engines that share one array. */
export const MANY_ENGINES = 8;

const RAW: readonly Move[] = ['transfer', 'copy and transfer', 'copy into shared memory'];
/** Ours, each with the raw way that no library can undercut. */
const OURS: readonly { readonly name: string; readonly call: string; readonly limit: Move }[] = [
  { name: 'push, track', call: 'e0.push({ big: array }, { track: true })', limit: 'transfer' },
  { name: 'push', call: 'e0.push({ big: array })', limit: 'copy and transfer' },
  { name: 'push of share(array)', call: 'e0.push({ big: share(array) })', limit: 'copy into shared memory' },
  {
    name: `push of share(array), ${MANY_ENGINES} engines`,
    call: 'dview.push({ big: share(array) })',
    limit: 'copy into shared memory',
  },
];

export interface MemoryTiming extends Timing {
  /** Name of the raw timing to compare it with; its own for raw ones. */
  readonly limit: string;
}

interface Way {
  readonly name: string;
  readonly limit: string;
  readonly take: () => Promise<number>;
  readonly samples: number[];
}

/** Each time a fresh array whose pages are all there. */
const moved = (call: string) => `
const array = new Float64Array(${(MEBIBYTES << 20) / 8}).fill(1);
const from = performance.now();
await ${call};
const took = performance.now() - from;
await dview.push({ big: null });
console.log(JSON.stringify(took));`;

/** Ours and the raw ways take turns: what memory costs changes as a process grows. Needs eight engines. */
export async function memoryCosts(tutti: Tutti, raw: Peers): Promise<readonly MemoryTiming[]> {
  await tutti.run('const e0 = rc[0]; const dview = rc.directView()');
  const ways: Way[] = [
    ...RAW.map((kind) => way(`raw ${kind}`, kind, () => raw.move(kind, MEBIBYTES))),
    ...OURS.map(({ name, call, limit }) => way(`Tutti ${name}`, limit, () => tutti.run<number>(moved(call)))),
  ];
  for (let round = 0; round < ROUNDS; round++)
    for (const { take, samples } of ways) samples.push(await take());
  return ways.map(({ name, limit, samples }) => ({ ...timing(name, samples.slice(1)), limit }));
}

function way(name: string, limit: Move, take: Way['take']): Way {
  return { name, limit: `raw ${limit}`, take, samples: [] };
}
