/**
 * The peers, over the hops that Tutti's `e0.apply` takes: kernel worker, main thread, engine worker, and back.
 * `raw` is postMessage alone; `atomics` is postMessage on the way there and a wait in shared memory for the way
 * back; `comlink` is a Comlink call on the main thread that calls a Comlink worker.
 */
import * as Comlink from 'comlink';
import { timing, type Rate, type Timing } from './stats.ts';

interface Main {
  relay(value: number): Promise<number>;
}

export type Move = 'transfer' | 'copy and transfer' | 'copy into shared memory';

let main: Comlink.Remote<Main>;
let pending: ((value: number) => void) | null = null;
self.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (typeof event.data === 'number') pending?.(event.data);
});
const ping = (value: number) =>
  new Promise<number>((resolve) => {
    pending = resolve;
    self.postMessage(value);
  });

const send = (buffer: ArrayBuffer) =>
  new Promise<number>((resolve) => {
    pending = resolve;
    self.postMessage(buffer, { transfer: [buffer] });
  });

const api = {
  connect(port: MessagePort): void {
    main = Comlink.wrap<Main>(port);
  },
  raw: (n: number): Promise<Timing> => measure('raw postMessage', n, ping),
  /** `words`: the main thread writes the answer into the first and wakes us. */
  atomics: (n: number, words: Int32Array<SharedArrayBuffer>): Promise<Timing> =>
    measure('raw Atomics', n, (i) => {
      self.postMessage(i + 1);
      Atomics.wait(words, 0, i);
      return Promise.resolve(Atomics.load(words, 0));
    }),
  /** All at once, each in a message of its own. */
  async rawRate(n: number): Promise<Rate> {
    const from = performance.now();
    await new Promise<void>((resolve) => {
      let left = n;
      pending = () => {
        if (--left === 0) resolve();
      };
      for (let i = 0; i < n; i++) self.postMessage(i);
    });
    return { name: 'raw postMessage, all in flight', perSecond: (n / (performance.now() - from)) * 1000 };
  },
  comlink: (n: number): Promise<Timing> => measure('comlink', n, (i) => main.relay(i)),
  async comlinkRate(n: number): Promise<Rate> {
    const from = performance.now();
    await Promise.all(Array.from({ length: n }, (_, i) => main.relay(i)));
    return { name: 'comlink, all in flight', perSecond: (n / (performance.now() - from)) * 1000 };
  },
  /** What no library can undercut; milliseconds. Each time with a fresh array whose pages are all there. */
  async move(kind: Move, mebibytes: number): Promise<number> {
    const { buffer } = new Uint8Array(mebibytes << 20).fill(1);
    const from = performance.now();
    if (kind === 'transfer') await send(buffer);
    else if (kind === 'copy and transfer') await send(buffer.slice(0));
    else new Uint8Array(new SharedArrayBuffer(buffer.byteLength)).set(new Uint8Array(buffer));
    return performance.now() - from;
  },
};
export type RawKernel = typeof api;

async function measure(name: string, n: number, call: (i: number) => Promise<number>): Promise<Timing> {
  const samples: number[] = [];
  for (let i = 0; i < n; i++) {
    const from = performance.now();
    await call(i);
    samples.push(performance.now() - from);
  }
  return timing(name, samples.slice(Math.floor(n / 10)));
}

const channel = new MessageChannel();
Comlink.expose(api, channel.port1);
self.postMessage({ port: channel.port2 }, { transfer: [channel.port2] });
