import { systemClock, systemTimers } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import { Client } from '../client/client.ts';
import type { ClusterHost } from '../client/cluster/cluster-host.ts';
import { Controller } from '../controller/controller.ts';
import { compileCell } from '../lang/compile-cell.ts';
import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import type { EngineId } from '../protocol/ids.ts';
import { linkPair, type InProcessLink } from './in-process-link.ts';
import { startTestEngine } from './test-cluster.ts';

export interface TestClusterHost extends ClusterHost {
  /** Engines that live now, in all its clusters. */
  readonly alive: () => number;
  /** That engine of the cluster that was opened last crashes. */
  readonly kill: (id: EngineId) => void;
  /** The next engines do not start. */
  readonly breakEngines: () => void;
}

/** Starts clusters in this thread. */
export function testClusterHost(): TestClusterHost {
  const random = seededRandom(3);
  let engines = new Map<EngineId, InProcessLink<ToEngine, FromEngine>>();
  let alive = 0;
  let isBroken = false;
  let ids = 0;
  return {
    cores: 3,
    newId: () => `cluster-${String(++ids)}`,
    alive: () => alive,
    kill: (id) => engines.get(id)?.lose('it crashed'),
    breakEngines: () => {
      isBroken = true;
    },
    open: (options) => {
      engines = new Map();
      const there = engines;
      const controller = new Controller({
        launch: ({ id }) => {
          if (isBroken) throw new Error('no engines today');
          const [ours, theirs] = linkPair<FromEngine, ToEngine>();
          there.set(id, theirs);
          startTestEngine(theirs);
          alive++;
          return {
            ...linkMethods(ours),
            close: () => {
              alive--;
              ours.close();
            },
          };
        },
        clock: systemClock,
        timers: systemTimers,
        random,
        options,
      });
      const [port, controllerEnd] = linkPair<FromController, ToController>();
      controller.attachClient(controllerEnd);
      return {
        port,
        close: () => {
          controller.validate();
          controller.close();
          controllerEnd.close();
        },
      };
    },
    join: () => {
      throw new Error('This host joins no clusters.');
    },
    environment: (hub, clusterSize) => ({
      hub,
      clock: systemClock,
      timers: systemTimers,
      random,
      clusterSize,
      compile: (source, url) => compileCell(source, { url }),
    }),
    connect: (environment) => new Client(environment),
  };
}

function linkMethods(link: InProcessLink<FromEngine, ToEngine>) {
  return {
    post: link.post.bind(link),
    flush: link.flush.bind(link),
    onMessages: link.onMessages.bind(link),
    onLost: link.onLost.bind(link),
  };
}
