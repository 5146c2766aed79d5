import type { HubOptionsSpec } from '../../protocol/hub-options.ts';
import type { JoinedPlace } from '../../protocol/kernel-messages.ts';
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
  /**
   * Asks the reader whether the notebook may join the real cluster that `link` leads to (empty: for a link, too), and
   * joins it. Why it could not be is told by the loss of its port, as a sentence.
   */
  join(link: string): JoiningLine;
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

/** A line to a real cluster, which is left by closing it and lives on. */
export interface JoiningLine extends ClusterLine {
  /** Null before the reader has agreed and the gateway has let us in. */
  readonly place: JoinedPlace | null;
}
