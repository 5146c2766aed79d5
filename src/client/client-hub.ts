import type { EngineState, FromController, ToController } from '../protocol/client-messages.ts';
import type { ClientId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';

/** The one end at which a cluster's messages arrive: what the kernel binds, what a gateway will be. */
export type ControllerPort = Link<FromController, ToController>;

/** A message to one client. */
export type ToClient = Exclude<FromController, { type: 'engines' }>;

/** One client, as the hub sees it. */
export interface Receiver {
  receive(message: ToClient): void;
  enginesChanged(engines: readonly EngineState[]): void;
  /** The cluster is gone; `reason` is a sentence. Nothing more will come. */
  lost(reason: string): void;
}

/**
 * Lets several clients share one port: each message goes to the client it names, the list of engines to all,
 * and a client that comes later gets the list that is known.
 */
export class ClientHub {
  readonly #port: ControllerPort;
  readonly #receivers = new Map<ClientId, Receiver>();
  readonly #onStray: ((message: ToClient) => void) | undefined;
  #engines: readonly EngineState[] = [];
  /** Why the port is dead; null while it lives. */
  #lost: string | null = null;

  /** `onStray` gets messages for clients that are closed or unknown. */
  constructor(port: ControllerPort, onStray?: (message: ToClient) => void) {
    this.#port = port;
    this.#onStray = onStray;
    port.onMessages((messages) => {
      for (const message of messages) this.#dispatch(message);
    });
    port.onLost((reason) => {
      this.#loseAll(reason);
    });
  }

  get engines(): readonly EngineState[] {
    return this.#engines;
  }

  /** Why the cluster can no longer be reached; null while it can. */
  get lost(): string | null {
    return this.#lost;
  }

  connect(clientId: ClientId, receiver: Receiver): void {
    this.#receivers.set(clientId, receiver);
    this.#port.post({ type: 'connect', clientId });
  }

  disconnect(clientId: ClientId): void {
    if (this.#receivers.delete(clientId)) this.#port.post({ type: 'disconnect', clientId });
  }

  post(message: ToController, transfer?: readonly ArrayBuffer[]): void {
    this.#port.post(message, transfer);
  }

  flush(): void {
    this.#port.flush();
  }

  #dispatch(message: FromController): void {
    if (message.type === 'engines') {
      this.#engines = message.engines;
      for (const receiver of [...this.#receivers.values()]) receiver.enginesChanged(message.engines);
      return;
    }
    const clientId = message.clientId;
    const receiver = this.#receivers.get(clientId);
    if (receiver) receiver.receive(message);
    else this.#onStray?.(message);
  }

  #loseAll(reason: string): void {
    this.#lost = reason;
    this.#engines = [];
    for (const receiver of [...this.#receivers.values()]) receiver.lost(reason);
  }
}
