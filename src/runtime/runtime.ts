import { systemClock, systemTimers } from '../base/clock.ts';
import { Controller } from '../controller/controller.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import type { FromKernel, ToKernel } from '../protocol/kernel-messages.ts';
import type { RuntimeControl, RuntimeEvent, RuntimeOptions } from '../protocol/runtime-messages.ts';
import { WorkerSource } from '../transport/launch-worker.ts';
import { linkToWorker } from '../transport/worker-link.ts';
import { KernelSupervisor } from './kernel-supervisor.ts';
import { LibraryBroker } from './library-broker.ts';

/**
 * Everything on the main thread of the frame: the controller, the kernel's supervisor, and the way of bundled
 * libraries from the page to the workers. It knows neither frame nor page: it is called through
 * `RuntimeControl` and tells through `emit`.
 */
export function createRuntime(emit: (event: RuntimeEvent) => void): RuntimeControl {
  const libraries = new LibraryBroker((name) => {
    emit({ type: 'need-library', name });
  });
  let running: Running | null = null;
  const runtime = (): Running => {
    if (running === null) throw new Error('The runtime has not been started.');
    return running;
  };
  return {
    start: async (options) => {
      if (running !== null) throw new Error('The runtime is running already.');
      running = start(options, emit, libraries);
      await running.kernelReady;
    },
    runCell: (run) => settled(() => runtime().kernel.run(run)),
    cancelRun: (runId) => settled(() => runtime().kernel.cancelRun(runId)),
    interrupt: () =>
      settled(() => {
        runtime().kernel.interrupt();
        runtime().controller.interruptEngines(null);
      }),
    restartKernel: () =>
      settled(() => {
        runtime().kernel.restart('The kernel was restarted. Its variables are gone.');
      }),
    restartEngines: (engines) => runtime().controller.restartEngines(engines),
    interruptEngines: (engines) => settled(() => runtime().controller.interruptEngines(engines)),
    startEngines: async (n) => {
      await runtime().controller.startEngines(n);
    },
    stopEngines: (engines) => runtime().controller.stopEngines(engines),
    complete: (n, code, cursor) => settled(() => runtime().kernel.complete(n, code, cursor)),
    provideLibrary: (name, module) => settled(() => libraries.provide(name, module)),
  };
}

interface Running {
  readonly controller: Controller;
  readonly kernel: KernelSupervisor;
  readonly kernelReady: Promise<void>;
}

function start(
  options: RuntimeOptions,
  emit: (event: RuntimeEvent) => void,
  libraries: LibraryBroker,
): Running {
  const engineSource = new WorkerSource(options.engineSource, 'engine');
  const kernelSource = new WorkerSource(options.kernelSource, 'kernel');
  const controller = new Controller({
    launch: ({ id }) => linkToWorker<FromEngine, ToEngine>(engineSource.launch(`engine-${String(id)}`)),
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    options: { grace: options.grace },
    onEngines: (engines) => {
      emit({ type: 'engines', engines });
    },
    onNotice: (level, text) => {
      emit({ type: 'notice', level, text });
    },
    readLibrary: (name) => libraries.get(name),
  });
  const kernel = new KernelSupervisor({
    launch: () =>
      linkToWorker<FromKernel, ToKernel>(kernelSource.launch('kernel'), {
        mayBlock: kernelSource.sharesMemory,
      }),
    timers: systemTimers,
    grace: options.grace,
    onEvent: (event) => {
      emit({ type: 'kernel', event });
    },
    onStatus: (status, reason) => {
      emit({ type: 'kernel-status', status, reason });
    },
    attachClient: (link) => {
      controller.attachClient(link);
    },
    readLibrary: (name) => libraries.get(name),
  });
  // The engines first: they load while the kernel does, and the kernel's first word finds them listed.
  controller.startEngines(options.engines).catch((error: unknown) => {
    emit({ type: 'notice', level: 'warning', text: error instanceof Error ? error.message : String(error) });
  });
  return { controller, kernel, kernelReady: kernel.start() };
}

/** Comlink wants promises, and a throw as a rejection. */
async function settled(call: () => void): Promise<void> {
  call();
  return Promise.resolve();
}
