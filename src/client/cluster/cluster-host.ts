import type { HubOptionsSpec } from '../../protocol/hub-options.ts';
import type { ClientHub, ControllerPort } from '../client-hub.ts';
import type { Client } from '../client.ts';
import type { ClientEnvironment } from '../environment.ts';

/** Where clusters are started: handed in by whoever hosts the client. */
export interface ClusterHost {
  /** Processors: how many engines a cluster has when nobody says. */
  readonly cores: number;
  /** A text that no other cluster here has. */
  newId(): string;
  /** Starts a controller without engines. What is wrong with it is told by the loss of its port. */
  open(options: HubOptionsSpec, clusterId: string): ClusterLine;
  /** The world of the clients of a cluster. */
  environment(hub: ClientHub, size: () => number | null): ClientEnvironment;
  /** A client in such a world. */
  connect(environment: ClientEnvironment): Client;
}

/** A controller that has been started. */
export interface ClusterLine {
  readonly port: ControllerPort;
  /** Ends it and its engines; the loss of the port says when. */
  close(): void;
}
