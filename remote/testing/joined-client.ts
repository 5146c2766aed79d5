import { WebSocket } from 'ws';
import { systemClock, systemTimers } from '../../src/base/clock.ts';
import { ClientHub } from '../../src/client/client-hub.ts';
import { Client } from '../../src/client/client.ts';
import type { ClientEnvironment } from '../../src/client/environment.ts';
import { GatewayCluster } from '../../src/gateway-link/gateway-cluster.ts';
import { compileCell } from '../../src/lang/compile-cell.ts';
import { freeNames } from '../../src/lang/free-names.ts';
import type { EngineState, FromController, ToController } from '../../src/protocol/client-messages.ts';
import type { Output } from '../../src/protocol/outputs.ts';
import { linkPair } from '../../src/testing/in-process-link.ts';
import { JoinSocket, type JoinState } from '../../src/transport/gateway/join-socket.ts';

/** As a page joins: the same socket, link and client, in this process. */
export interface JoinedClient {
  readonly rc: Client;
  readonly socket: JoinSocket;
  readonly cluster: GatewayCluster;
  readonly states: JoinState[];
  readonly notices: string[];
  readonly shown: Output[];
  /** The WebSocket of now, to cut or to hold. */
  readonly wire: () => WebSocket;
  /** Resolves with the first state that is of this kind, or rejects if it never can be. */
  readonly until: (status: JoinState['status']) => Promise<JoinState>;
  /** The token of the session, once it is open. */
  readonly token: () => string;
  /** As a page that is closed, or reloaded: without a word. */
  readonly vanish: () => void;
  readonly connect: () => Client;
  /** Resolves with the list of engines when it is as wanted. */
  readonly engines: (isWanted: (list: readonly EngineState[]) => boolean) => Promise<readonly EngineState[]>;
}

export const ORIGIN = 'http://page.test';

export function join(
  url: string,
  ticket: string,
  options: {
    readonly origin?: string;
    readonly environment?: Partial<ClientEnvironment>;
    /** Whom it trusts beside those whom everybody trusts (PEM). */
    readonly ca?: string;
  } = {},
): JoinedClient {
  const states: JoinState[] = [];
  const notices: string[] = [];
  const shown: Output[] = [];
  const watchers = new Set<(state: JoinState) => void>();
  const engineWatchers = new Set<() => void>();
  let engines: readonly EngineState[] = [];
  let wire: WebSocket | null = null;
  let isGone = false;
  const socket = new JoinSocket({
    url,
    ticket,
    open: (address, protocols) => {
      if (isGone) throw new Error('the page is gone');
      wire = new WebSocket(address, protocols, {
        origin: options.origin ?? ORIGIN,
        perMessageDeflate: false,
        ...(options.ca === undefined ? {} : { ca: options.ca }),
      });
      // Closing says why; an error without a listener would end the test.
      wire.on('error', () => undefined);
      return wire;
    },
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    onState: (state) => {
      states.push(state);
      for (const watcher of watchers) watcher(state);
    },
  });
  const cluster = new GatewayCluster({
    line: socket,
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    onNotice: (_, text) => notices.push(text),
    onEngines: (list) => {
      engines = list;
      for (const watcher of engineWatchers) watcher();
    },
  });
  const [clientEnd, clusterEnd] = linkPair<FromController, ToController>();
  cluster.attachClient(clusterEnd);
  const environment: ClientEnvironment = {
    hub: new ClientHub(clientEnd),
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    compile: (source, cellUrl) => compileCell(source, { url: cellUrl }),
    freeNames,
    show: (output) => shown.push(output),
    onUnawaitedFailure: () => undefined,
    ...options.environment,
  };
  const rc = new Client(environment);
  return {
    rc,
    connect: () => new Client(environment),
    vanish: () => {
      isGone = true;
      wire?.terminate();
      // Its realm goes with it: no other client finds its requests there.
      rc.close();
    },
    socket,
    cluster,
    states,
    notices,
    shown,
    wire: () => wire!,
    token: () => {
      const open = states.findLast((state) => state.status === 'open');
      if (open?.status !== 'open') throw new Error('It never was open');
      return open.welcome.session;
    },
    engines: (isWanted) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isWanted(engines)) return;
          engineWatchers.delete(look);
          resolve(engines);
        };
        engineWatchers.add(look);
        look();
      }),
    until: (status) =>
      new Promise((resolve, reject) => {
        const look = (state: JoinState) => {
          if (state.status === status) resolve(state);
          else if (state.status === 'ended') reject(new Error(state.reason));
          else return;
          watchers.delete(look);
        };
        watchers.add(look);
        const now = states.at(-1);
        if (now) look(now);
      }),
  };
}
