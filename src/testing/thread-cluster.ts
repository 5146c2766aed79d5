import { Worker } from 'node:worker_threads';
import { systemClock, systemTimers } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import { Client } from '../client/client.ts';
import { ClientHub } from '../client/client-hub.ts';
import { Controller } from '../controller/controller.ts';
import { compileCell } from '../lang/compile-cell.ts';
import type { FromController, ToController } from '../protocol/client-messages.ts';
import { boardMemory } from '../protocol/comm-board.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import { linkToThread } from '../transport/node/node-worker-link.ts';
import { linkPair } from './in-process-link.ts';
import { buildThread } from './thread-script.ts';

/** A cluster whose engines are real threads of Node: real workers, real structured clone, real death. */
export interface ThreadCluster {
  readonly rc: Client;
  readonly controller: Controller;
  readonly workers: readonly Worker[];
}

let script: Promise<string> | null = null;
const open = new Set<Controller>();

/** The engine's code, built once; for `beforeAll`, with a long timeout. */
export function buildEngineThread(): Promise<string> {
  script ??= buildThread('engine-thread');
  return script;
}

/** Without `shared`, engines share no memory for their messages. What an interrupt does not stop within `grace`
 * seconds is terminated. */
export async function threadCluster(n: number, { shared = true, grace = 30 } = {}): Promise<ThreadCluster> {
  const text = await buildEngineThread();
  const workers: Worker[] = [];
  const controller = new Controller({
    launch: () => {
      const worker = new Worker(text, { eval: true });
      workers.push(worker);
      return linkToThread<FromEngine, ToEngine>(worker);
    },
    clock: systemClock,
    timers: systemTimers,
    random: seededRandom(3),
    options: { grace },
    memory: shared ? boardMemory() : null,
  });
  open.add(controller);
  const rc = anotherClient(controller);
  await controller.startEngines(n);
  await rc.waitForEngines(n);
  return { rc, controller, workers };
}

export function anotherClient(controller: Controller): Client {
  const [clientEnd, controllerEnd] = linkPair<FromController, ToController>();
  controller.attachClient(controllerEnd);
  return new Client({
    hub: new ClientHub(clientEnd),
    clock: systemClock,
    timers: systemTimers,
    random: seededRandom(4 + clients++),
    compile: (source, url) => compileCell(source, { url }),
  });
}

let clients = 0;

/** For `afterEach`. */
export function closeThreads(): void {
  for (const controller of open) {
    controller.validate();
    controller.close();
  }
  open.clear();
}
