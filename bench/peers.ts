import * as Comlink from 'comlink';
import workerpool from 'workerpool';
import type { Move, RawKernel } from './raw-kernel.worker.ts';
import RawEngineWorker from './raw-engine.worker.ts?worker';
import RawKernelWorker from './raw-kernel.worker.ts?worker';
import type { Rate, Timing } from './stats.ts';

export interface Peers {
  readonly timings: Timing[];
  readonly blocking: Timing;
  readonly rates: Rate[];
  /** Milliseconds for one array of that size. */
  readonly move: (kind: Move, mebibytes: number) => Promise<number>;
  readonly close: () => void;
}

/** Two raw workers joined on this thread, as kernel and engine are joined by the controller. */
export async function peers(roundTrips: number, tasks: number): Promise<Peers> {
  const kernel = new RawKernelWorker();
  const engine = new RawEngineWorker();
  const [kernelPort, enginePort] = await Promise.all([portOf(kernel), portOf(engine)]);
  kernel.addEventListener('message', (event: MessageEvent<number | ArrayBuffer>) =>
    engine.postMessage(event.data, event.data instanceof ArrayBuffer ? [event.data] : []),
  );
  const words = new Int32Array(new SharedArrayBuffer(4));
  let isBlocked = false;
  engine.addEventListener('message', (event: MessageEvent<number>) => {
    if (!isBlocked) {
      kernel.postMessage(event.data);
      return;
    }
    Atomics.store(words, 0, event.data);
    Atomics.notify(words, 0);
  });
  const echo = Comlink.wrap<{ echo(value: number): number }>(enginePort);
  const main = new MessageChannel();
  Comlink.expose({ relay: (value: number) => echo.echo(value) }, main.port1);
  const bench = Comlink.wrap<RawKernel>(kernelPort);
  await bench.connect(Comlink.transfer(main.port2, [main.port2]));
  const timings = [await bench.raw(roundTrips), await bench.comlink(roundTrips)];
  isBlocked = true;
  const blocking = await bench.atomics(roundTrips, words);
  const rates = [await bench.comlinkRate(tasks)];
  isBlocked = false;
  return {
    timings,
    blocking,
    rates,
    move: (kind, mebibytes) => bench.move(kind, mebibytes),
    close: () => {
      kernel.terminate();
      engine.terminate();
    },
  };
}

/** A pool of `n` workers, called from this thread: one hop less each way than Tutti's kernel has. */
export async function pool(n: number, tasks: number): Promise<Rate> {
  const workers = workerpool.pool({ minWorkers: n, maxWorkers: n });
  const noop = (value: number) => value;
  await Promise.all(Array.from({ length: 4 * n }, (_, i) => workers.exec(noop, [i])));
  const from = performance.now();
  await Promise.all(Array.from({ length: tasks }, (_, i) => workers.exec(noop, [i])));
  const perSecond = (tasks / (performance.now() - from)) * 1000;
  await workers.terminate();
  return { name: `workerpool, ${n} workers (one hop less)`, perSecond };
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
