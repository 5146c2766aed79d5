import { systemClock, systemTimers } from './base/clock.ts';
import { GatewayCluster, type GatewayClusterSetup } from './gateway-link/gateway-cluster.ts';
import { lineOverPort } from './transport/gateway/line.ts';

/**
 * The door of what only a joined cluster needs: a module of its own, which the page hands into the frame when the
 * reader joins. `port` leads to the page, which owns the WebSocket.
 */
export function joinCluster(
  port: MessagePort,
  told: Pick<GatewayClusterSetup, 'onEngines' | 'onNotice' | 'onEnded'>,
): GatewayCluster {
  const line = lineOverPort(port);
  return new GatewayCluster({ line, clock: systemClock, timers: systemTimers, random: Math.random, ...told });
}
