import { Worker } from 'node:worker_threads';
import { systemTimers } from '../base/clock.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import { boardMemory } from '../protocol/comm-board.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import type { CellId, RunId } from '../protocol/ids.ts';
import type { FromKernel, KernelEvent, ToKernel } from '../protocol/kernel-messages.ts';
import { standInForKernel } from '../protocol/stand-in.ts';
import { KernelSupervisor } from '../runtime/kernel-supervisor.ts';
import { makeCarrier } from '../transport/blocking/carrier.ts';
import { linkToThread } from '../transport/node/node-worker-link.ts';
import { controllerOfTestEngines } from './test-cluster.ts';
import { testSchemes } from './test-schemes.ts';
import { joinNone, outputText, type CellOutcome } from './test-kernel.ts';

/** A kernel in a thread of its own, which may block, with a cluster of engines on this one. */
export interface ThreadKernel {
  run(source: string): Promise<CellOutcome>;
  interrupt(): void;
  readonly events: readonly KernelEvent[];
  close(): void;
}

interface Run {
  readonly runId: RunId;
  readonly done: Deferred<CellOutcome>;
  text: string;
}

/** `script`: `buildThread('kernel-thread')`. `engineScript`: `buildThread('engine-thread')`, for engines in threads of
 * their own too. */
export async function threadKernel(script: string, n = 4, engineScript?: string): Promise<ThreadKernel> {
  const launchThread = (text: string) => () =>
    linkToThread<FromEngine, ToEngine>(new Worker(text, { eval: true }));
  const controller = controllerOfTestEngines(
    {},
    engineScript === undefined ? undefined : launchThread(engineScript),
    engineScript === undefined ? null : boardMemory(),
  );
  const events: KernelEvent[] = [];
  let worker: Worker | null = null;
  let running: Run | null = null;
  const supervisor = new KernelSupervisor({
    launch: () => {
      worker = new Worker(script, { eval: true });
      return linkToThread<FromKernel, ToKernel>(worker, {
        mayBlock: true,
        carrier: makeCarrier,
        standIn: standInForKernel,
      });
    },
    timers: systemTimers,
    grace: 20,
    onEvent: (event) => {
      events.push(event);
      if (running === null) return;
      if (event.type === 'output') running.text += outputText(event.output);
      if (event.type === 'cell-finished' && event.runId === running.runId) {
        running.done.resolve({ status: event.status, outputs: [], text: running.text });
      }
    },
    onSeen: () => undefined,
    onKilled: () => undefined,
    onBusy: () => undefined,
    interpretScheme: (source) => testSchemes.interpret(source),
    openCluster: (options, _clusterId, link) => {
      const other = controllerOfTestEngines(options);
      other.attachClient(link);
      return () => {
        other.close();
      };
    },
    onStatus: (_status, reason) => {
      if (reason !== null) running?.done.resolve({ status: 'lost', outputs: [], text: reason });
    },
    attachClient: (link) => {
      controller.attachClient(link);
    },
    joinCluster: joinNone,
    readLibrary: () => Promise.resolve({ ok: false, reason: 'this test has no libraries' }),
  });
  const ready = controller.startEngines(n);
  await supervisor.start();
  await ready;
  let cells = 0;
  return {
    events,
    run: (source) => {
      cells++;
      const runId = `run-${String(cells)}` as RunId;
      const done = deferred<CellOutcome>();
      running = { runId, done, text: '' };
      supervisor.run({ runId, cellId: `c${String(cells)}` as CellId, cellNumber: cells, source });
      return done.promise;
    },
    interrupt: () => {
      supervisor.interrupt();
    },
    close: () => {
      void worker?.terminate();
      controller.validate();
      controller.close();
    },
  };
}
