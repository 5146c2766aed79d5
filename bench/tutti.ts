import urls from 'virtual:runtime-bundles';
import type { CellId, RunId } from '../src/protocol/ids.ts';
import type { KernelEvent } from '../src/protocol/kernel-messages.ts';
import type { RuntimeControl, RuntimeEvent } from '../src/protocol/runtime-messages.ts';
import { createRuntime } from '../src/runtime/runtime.ts';
import { findWorkerWay, type WorkerWay } from '../src/transport/launch-worker.ts';

/** Tutti itself, on this page's main thread in the place of the frame's: the same workers, the same hops. */
export class Tutti {
  readonly #control: RuntimeControl;
  #listen: (event: KernelEvent) => void = () => undefined;
  #runs = 0;

  private constructor(way: WorkerWay) {
    this.#control = createRuntime((event: RuntimeEvent) => {
      if (event.type === 'kernel') this.#listen(event.event);
    }, way);
  }

  static async start(engines: number): Promise<Tutti> {
    const tutti = new Tutti(await findWorkerWay());
    const text = async (url: string) => (await fetch(url)).text();
    await tutti.#control.start({
      engines,
      grace: 2,
      history: null,
      kernelSource: await text(urls.kernel),
      engineSource: await text(urls.engine),
    });
    await tutti.run(`await rc.waitForEngines(${engines})`);
    return tutti;
  }

  /** Runs a cell and gives the JSON that it printed last. */
  run<T>(source: string): Promise<T> {
    const runId = `run-${++this.#runs}` as RunId;
    let printed = '';
    return new Promise((resolve, reject) => {
      this.#listen = (event) => {
        if (event.type === 'output' && event.output.type === 'stream') printed += event.output.text;
        if (event.type === 'output' && event.output.type === 'error')
          reject(new Error(event.output.error.evalue));
        if (event.type === 'cell-finished') {
          const last = printed.trim().split('\n').at(-1) ?? '';
          resolve((last === '' ? undefined : JSON.parse(last)) as T);
        }
      };
      void this.#control.runCell({ runId, cellId: 'bench' as CellId, cellNumber: 1, source });
    });
  }
}
