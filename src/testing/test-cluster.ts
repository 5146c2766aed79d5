import { systemClock, systemTimers } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import { Client } from '../client/client.ts';
import { ClientHub } from '../client/client-hub.ts';
import type { ClientEnvironment, UnawaitedFailure } from '../client/environment.ts';
import { Controller, type ControllerSetup } from '../controller/controller.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';
import { createEngine } from '../engine/engine.ts';
import { compileCell } from '../lang/compile-cell.ts';
import { freeNames } from '../lang/free-names.ts';
import type { Link } from '../protocol/link.ts';
import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import type { EngineId, MsgId } from '../protocol/ids.ts';
import type { Output } from '../protocol/outputs.ts';
import type { StoredTask } from '../protocol/stored-task.ts';
import { linkPair, type InProcessLink } from './in-process-link.ts';
import { vmEvaluator } from './vm-evaluator.ts';

export interface TestClusterOptions {
  /** How many engines to start with. Default 4. */
  readonly n?: number;
  readonly hub?: HubOptionsSpec;
  /** Where the database `indexeddb` writes. */
  readonly onRecord?: (kept: readonly StoredTask[], gone: readonly MsgId[]) => void;
  /** What the client's environment has besides, or instead. */
  readonly environment?: Partial<ClientEnvironment>;
  /** What engines can import, by address; each call may give something else. Default: nothing. */
  readonly importUrl?: (url: string) => Promise<unknown>;
}

/** A whole cluster in one thread: the real controller, engines on vm contexts, clients on one port. */
export interface TestCluster {
  readonly rc: Client;
  readonly controller: Controller;
  /** What was shown with `displayOutputs` and `streamOutput`. */
  readonly shown: Output[];
  readonly unawaited: UnawaitedFailure[];
  /** One more client, on the same port. */
  readonly connect: () => Client;
  /** The engine's realm dies, as by a crash. */
  readonly kill: (id: EngineId, reason?: string) => void;
  /** The controller's end of the port dies. */
  readonly cut: (reason?: string) => void;
  readonly close: () => void;
}

const open = new Set<TestCluster>();

/** Starts a cluster and resolves when all engines are ready. Close it, or call `closeClusters` after the test. */
export async function testCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const { n = 4 } = options;
  const random = seededRandom(42);
  const engines = new Map<EngineId, InProcessLink<ToEngine, FromEngine>>();
  const controller = new Controller({
    launch: ({ id }) => {
      const [ours, theirs] = linkPair<FromEngine, ToEngine>();
      engines.set(id, theirs);
      startTestEngine(theirs, options.importUrl);
      return ours;
    },
    nextTurn: setImmediate,
    clock: systemClock,
    timers: systemTimers,
    random,
    ...(options.hub === undefined ? {} : { options: options.hub }),
    ...(options.onRecord === undefined ? {} : { onRecord: options.onRecord }),
  });
  const [clientEnd, controllerEnd] = linkPair<FromController, ToController>();
  controller.attachClient(controllerEnd);
  const shown: Output[] = [];
  const unawaited: UnawaitedFailure[] = [];
  const environment: ClientEnvironment = {
    hub: new ClientHub(clientEnd),
    clock: systemClock,
    timers: systemTimers,
    random,
    compile: (source, url) => compileCell(source, { url }),
    freeNames,
    clusterSize: () => n,
    show: (output) => shown.push(output),
    onUnawaitedFailure: (failure) => unawaited.push(failure),
    ...options.environment,
  };
  const rc = new Client(environment);
  const cluster: TestCluster = {
    rc,
    controller,
    shown,
    unawaited,
    connect: () => new Client(environment),
    kill: (id, reason = 'it crashed') => engines.get(id)?.lose(reason),
    cut: (reason = 'the controller crashed') => {
      controllerEnd.lose(reason);
    },
    close: () => {
      open.delete(cluster);
      controller.validate();
      controller.close();
      clientEnd.close();
    },
  };
  open.add(cluster);
  if (n > 0) await controller.startEngines(n);
  await rc.waitForEngines(n);
  return cluster;
}

/** For `afterEach`: ends what the test left, and checks the controllers' invariants. */
export function closeClusters(): void {
  for (const cluster of [...open]) cluster.close();
}

/** For kernels: a controller that starts its engines here, and no client. */
export function controllerOfTestEngines(
  options: HubOptionsSpec = {},
  launch: ControllerSetup['launch'] = launchTestEngine,
  memory: ControllerSetup['memory'] = null,
): Controller {
  return new Controller({
    launch,
    memory,
    clock: systemClock,
    timers: systemTimers,
    random: seededRandom(1),
    options,
  });
}

function launchTestEngine(): Link<FromEngine, ToEngine> {
  const [ours, theirs] = linkPair<FromEngine, ToEngine>();
  startTestEngine(theirs);
  return ours;
}

/** An engine on a fresh vm context at the other end of `link`. */
export function startTestEngine(
  link: InProcessLink<ToEngine, FromEngine>,
  importUrl: (url: string) => Promise<unknown> = noModules,
): void {
  createEngine({
    link,
    evaluator: vmEvaluator(),
    clock: systemClock,
    timers: systemTimers,
    random: seededRandom(7),
    bootMs: 0,
    importText: noModules,
    importUrl,
  });
}

function noModules(): Promise<never> {
  return Promise.reject(new Error('modules cannot be imported in this test'));
}
