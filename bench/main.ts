import { guardCosts, type GuardCost } from './guards.ts';
import { MANY_ENGINES, memoryCosts, type MemoryTiming } from './memory.ts';
import { joinPeers, POOL_NAMES, poolRate } from './peers.ts';
import { timing, type Rate, type Timing } from './stats.ts';
import { Tutti } from './tutti.ts';

/** Everything in one run on one page, so that the ratios hold whatever the machine. */
const ROUND_TRIPS = 3000;
const TASKS = 20_000;
const ENGINES = 2;

export interface Report {
  readonly timings: readonly Timing[];
  /** The same with this kernel blocked, beside shared memory alone. */
  readonly blocking: readonly Timing[];
  readonly rates: readonly Rate[];
  /** Large arrays on their way to engines. */
  readonly memory: readonly MemoryTiming[];
  readonly guards: readonly GuardCost[];
}

const roundTrip = (call: string) => `
const samples = [];
for (let i = 0; i < ${ROUND_TRIPS}; i++) {
  const from = performance.now();
  await ${call};
  samples.push(performance.now() - from);
}
console.log(JSON.stringify(samples.slice(${ROUND_TRIPS / 10})));`;

const rate = (call: string, n: number) => `
await ${call.replace('COUNT', '200')};
const from = performance.now();
await ${call.replace('COUNT', String(n))};
console.log(JSON.stringify(${n} / (performance.now() - from) * 1000));`;

/** `?only=guards`, `memory` or `calls`: that alone. */
const only = new URLSearchParams(location.search).get('only');

async function bench(): Promise<Report> {
  const nothing: Report = { timings: [], blocking: [], rates: [], memory: [], guards: [] };
  if (only === 'guards') return { ...nothing, guards: await guardCosts(await Tutti.start(1)) };
  const raw = await joinPeers();
  if (only === 'memory')
    return { ...nothing, memory: await memoryCosts(await Tutti.start(MANY_ENGINES), raw) };
  const peers = [await raw.raw(ROUND_TRIPS), await raw.comlink(ROUND_TRIPS)];
  const atomics = await raw.blocking(ROUND_TRIPS);
  const peerRates = [await raw.rawRate(TASKS), await raw.comlinkRate(TASKS)];
  for (const name of POOL_NAMES) peerRates.push(await poolRate(name, TASKS));
  const tutti = await Tutti.start(ENGINES);
  const ours = async (name: string, call: string) => timing(name, await tutti.run<number[]>(roundTrip(call)));
  await tutti.run('const e0 = rc[0]; const dview = rc.directView(); const lview = rc.loadBalancedView()');
  const timings = [
    ...peers,
    await ours('Tutti e0.apply', 'e0.apply(() => 0)'),
    await ours('Tutti lview.apply', 'lview.apply(() => 0)'),
    await ours(`Tutti dview.apply, ${ENGINES} engines`, 'dview.apply(() => 0)'),
  ];
  const blocking = [atomics, await ours('Tutti e0.applySync', 'e0.applySync(() => 0)')];
  const tasks = (name: string, call: string, n: number) =>
    tutti.run<number>(rate(call, n)).then((perSecond): Rate => ({ name, perSecond }));
  const rates = [
    ...peerRates,
    await tasks('Tutti lview.map, a task per item', 'lview.map(x => x, range(COUNT))', TASKS),
    await tasks(
      'Tutti lview.map, chunksize 100',
      'lview.map(x => x, range(COUNT), { chunksize: 100 })',
      10 * TASKS,
    ),
    await tasks('Tutti dview.map', 'dview.map(x => x, range(COUNT))', 50 * TASKS),
  ];
  if (only === 'calls') return { ...nothing, timings, blocking, rates };
  const memory = await memoryCosts(await Tutti.start(MANY_ENGINES), raw);
  return { timings, blocking, rates, memory, guards: await guardCosts(tutti) };
}

declare global {
  interface Window {
    report: Promise<Report>;
  }
}
window.report = bench();
