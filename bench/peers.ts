import * as Comlink from 'comlink';
import { initRuntime, move as moved, spawn } from 'multithreading';
import { FixedThreadPool } from 'poolifier-web-worker';
import workerpool from 'workerpool';
import type { Move, RawKernel } from './raw-kernel.worker.ts';
import poolifierWorker from './poolifier.worker.ts?worker&url';
import RawEngineWorker from './raw-engine.worker.ts?worker';
import RawKernelWorker from './raw-kernel.worker.ts?worker';
import type { Rate, Timing } from './stats.ts';

/** Raw workers joined on this thread, as kernel and engines are joined by the controller. */
export interface Peers {
  readonly raw: (roundTrips: number) => Promise<Timing>;
  /** To four engines, and back when all have answered. */
  readonly rawAll: (roundTrips: number) => Promise<Timing>;
  readonly comlink: (roundTrips: number) => Promise<Timing>;
  /** The way back through shared memory, for which the kernel blocks. */
  readonly blocking: (roundTrips: number) => Promise<Timing>;
  /** Messages of one number each, all in flight, over two engines. */
  readonly rawRate: (tasks: number) => Promise<Rate>;
  readonly comlinkRate: (tasks: number) => Promise<Rate>;
  /** Milliseconds for one array of that size. */
  readonly move: (kind: Move, mebibytes: number) => Promise<number>;
  readonly close: () => void;
}

/** Which engines a message of the kernel goes to. */
type Way = 'first' | 'in turn' | 'all';

export async function joinPeers(): Promise<Peers> {
  const kernel = new RawKernelWorker();
  const engines = Array.from({ length: 4 }, () => new RawEngineWorker());
  const [kernelPort, enginePort] = await Promise.all([kernel, ...engines].map(portOf));
  if (!kernelPort || !enginePort) throw new Error('The raw workers did not start.');
  let way: Way = 'first';
  let next = 0;
  let open = 0;
  const [first, second] = engines as [Worker, Worker];
  kernel.addEventListener('message', (event: MessageEvent<number | ArrayBuffer>) => {
    if (way === 'all') {
      open = engines.length;
      for (const engine of engines) engine.postMessage(event.data);
      return;
    }
    const engine = way === 'in turn' && next++ % 2 === 1 ? second : first;
    engine.postMessage(event.data, event.data instanceof ArrayBuffer ? [event.data] : []);
  });
  const words = new Int32Array(new SharedArrayBuffer(4));
  let isBlocked = false;
  for (const engine of engines) {
    engine.addEventListener('message', (event: MessageEvent<number>) => {
      if (way === 'all' && --open > 0) return;
      if (!isBlocked) {
        kernel.postMessage(event.data);
        return;
      }
      Atomics.store(words, 0, event.data);
      Atomics.notify(words, 0);
    });
  }
  const going = async <Result>(other: Way, measure: () => Promise<Result>): Promise<Result> => {
    way = other;
    const result = await measure();
    way = 'first';
    return result;
  };
  const echo = Comlink.wrap<{ echo(value: number): number }>(enginePort);
  const main = new MessageChannel();
  Comlink.expose({ relay: (value: number) => echo.echo(value) }, main.port1);
  const bench = Comlink.wrap<RawKernel>(kernelPort);
  await bench.connect(Comlink.transfer(main.port2, [main.port2]));
  return {
    raw: (n) => bench.raw(n),
    comlink: (n) => bench.comlink(n),
    blocking: async (n) => {
      isBlocked = true;
      Atomics.store(words, 0, 0);
      const timing = await bench.atomics(n, words);
      isBlocked = false;
      return timing;
    },
    rawAll: (n) => going('all', () => bench.raw(n)),
    rawRate: (n) => going('in turn', () => bench.rawRate(n)),
    comlinkRate: (n) => bench.comlinkRate(n),
    move: (kind, mebibytes) => bench.move(kind, mebibytes),
    close: () => {
      for (const worker of [kernel, ...engines]) worker.terminate();
    },
  };
}

/** Of two workers each, called from this thread: one hop less each way than Tutti's kernel has. */
const POOLS: Readonly<Record<string, () => (value: number) => unknown>> = {
  workerpool: () => {
    const workers = workerpool.pool({ minWorkers: 2, maxWorkers: 2 });
    const noop = (value: number) => value;
    return (value) => workers.exec(noop, [value]);
  },
  'poolifier-web-worker': () => {
    const url = new URL(poolifierWorker, location.href);
    const workers = new FixedThreadPool<number, number>(2, url, {
      errorEventHandler: ({ message }) => {
        console.error(message);
      },
    });
    return (value) => workers.execute(value);
  },
  multithreading: () => {
    initRuntime({ maxWorkers: 2 });
    return async (value) => {
      const result = await spawn(moved(value), (given: number) => given).join();
      if (!result.ok) throw result.error;
      return result.value;
    };
  },
};
export const POOL_NAMES = Object.keys(POOLS);

const begun = new Map<string, (value: number) => unknown>();

/** Tasks per second of that pool, all in flight. Each lives as long as this page. */
export async function poolRate(name: string, tasks: number): Promise<Rate> {
  const call = begun.get(name) ?? POOLS[name]?.();
  if (call === undefined) throw new Error(`There is no pool ${name}.`);
  begun.set(name, call);
  // One to each worker at a time: what comes to one that is still loading the function fails in one of them.
  for (let i = 0; i < 20; i++) {
    const values = await Promise.all([call(i), call(i)]);
    if (values.some((value) => value !== i)) throw new Error(`${name} does not work.`);
  }
  const from = performance.now();
  await Promise.all(Array.from({ length: tasks }, (_, i) => call(i)));
  const perSecond = (tasks / (performance.now() - from)) * 1000;
  return { name: `${name}, 2 workers (one hop less)`, perSecond };
}

function portOf(worker: Worker): Promise<MessagePort> {
  return new Promise((resolve) => {
    worker.addEventListener(
      'message',
      (event: MessageEvent<{ port: MessagePort }>) => resolve(event.data.port),
      {
        once: true,
      },
    );
  });
}
