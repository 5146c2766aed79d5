import type { EngineState, FromController, ToController } from '../protocol/client-messages.ts';
import type { ClientId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import type { HubEvent } from './events.ts';
import { isToController } from './guards.ts';
import type { LendingDesk } from './lending-desk.ts';
import { refusalsOf } from './refusals.ts';
import { clientEvents } from './translate.ts';

type ClientLink = Link<ToController, FromController>;

/**
 * Knows on which link each client speaks, several perhaps on one, and makes events of what they say. A client that
 * comes back on another link is connected anew.
 */
export class ClientDesk {
  readonly #lending: LendingDesk;
  readonly #links = new Map<ClientId, ClientLink>();

  constructor(lending: LendingDesk) {
    this.#lending = lending;
  }

  hear(link: ClientLink, batch: readonly unknown[], at: number): HubEvent[] {
    const messages: ToController[] = [];
    for (const message of batch) {
      if (isToController(message)) messages.push(message);
      else for (const refusal of refusalsOf(message)) link.post(refusal);
    }
    const events: HubEvent[] = [];
    for (const message of messages) {
      if (message.type === 'disconnect') this.#forget(message.clientId);
      else if (message.type === 'lend') this.#lending.lend(message);
      else if (message.type === 'connect') this.#links.set(message.clientId, link);
      else {
        const clientId = speaker(message);
        if (clientId === null || this.#links.get(clientId) === link) continue;
        this.#links.set(clientId, link);
        events.push({ type: 'client-connected', at, clientId });
      }
    }
    return [...events, ...clientEvents(messages, at)];
  }

  /** The link is lost, and with it all who spoke on it. */
  lost(link: ClientLink, at: number): HubEvent[] {
    const gone = [...this.#links].filter(([, other]) => other === link).map(([clientId]) => clientId);
    for (const clientId of gone) this.#forget(clientId);
    return gone.map((clientId) => ({ type: 'client-disconnected', at, clientId }));
  }

  tell(clientId: ClientId, message: FromController, transfer: readonly ArrayBuffer[]): void {
    this.#links.get(clientId)?.post(message, transfer);
  }

  publish(engines: readonly EngineState[]): void {
    for (const link of new Set(this.#links.values())) link.post({ type: 'engines', engines });
  }

  #forget(clientId: ClientId): void {
    this.#links.delete(clientId);
    this.#lending.forget(clientId);
  }
}

/** The client that a message names as its own, if it does. */
function speaker(message: ToController): ClientId | null {
  if (message.type === 'submit') return message.submission.clientId;
  if (message.type === 'submit-call') return message.call.clientId;
  return message.type === 'ask' || message.type === 'resubmit' ? message.clientId : null;
}
