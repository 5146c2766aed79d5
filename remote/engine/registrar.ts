import type { Dealer } from 'zeromq';
import type { JsonObject } from '../../src/protocol/jupyter-message.ts';
import { decodeFrames, encodeFrames } from '../wire/frames.ts';
import type { Session } from '../wire/session.ts';
import type { Signer } from '../wire/signer.ts';

export interface Registered {
  readonly id: number;
  /** Milliseconds between the hub's pings. */
  readonly period: number;
}

export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
}

/** An engine's questions to the hub, one at a time. */
export class Registrar {
  readonly #socket: Dealer;
  readonly #session: Session;
  readonly #signer: Signer;

  constructor(socket: Dealer, session: Session, signer: Signer) {
    this.#socket = socket;
    this.#session = session;
    this.#signer = signer;
  }

  /** @throws RegistrationError when the hub refuses, or does not answer within `timeout` seconds. */
  async register(uuid: string, id: number | null, timeout: number): Promise<Registered> {
    const content = await this.#ask('registration', { uuid, ...(id === null ? {} : { id }) }, timeout);
    if (content['status'] !== 'ok') {
      throw new RegistrationError(`The controller refused this engine: ${String(content['evalue'])}`);
    }
    return { id: Number(content['id']), period: Number(content['hb_period']) };
  }

  /** Whether the hub lists this engine; null when it does not answer. */
  async knows(uuid: string, timeout: number): Promise<boolean | null> {
    try {
      const { engines } = (await this.#ask('connection', {}, timeout)) as { readonly engines?: JsonObject };
      return engines !== undefined && Object.values(engines).includes(uuid);
    } catch {
      return null;
    }
  }

  /** Takes the engine off the hub's list; resolves to true when the hub has heard it, else after `timeout` seconds. */
  async unregister(id: number, timeout: number): Promise<boolean> {
    await this.#send('unregistration_request', { id });
    // Messages of one socket are heard in order, so an answer to the next one says that this one was heard.
    return (await this.knows('', timeout)) !== null;
  }

  /** What could not be sent yet may still leave, unless the hub was never there. */
  close(wasHeard: boolean): void {
    if (!wasHeard) this.#socket.linger = 0;
    this.#socket.close();
  }

  async #ask(what: string, content: JsonObject, timeout: number): Promise<JsonObject> {
    const until = Date.now() + timeout * 1000;
    await this.#send(`${what}_request`, content);
    for (;;) {
      this.#socket.receiveTimeout = Math.max(until - Date.now(), 1);
      const frames = await this.#socket.receive().catch(() => null);
      if (frames === null) {
        throw new RegistrationError(`The controller did not answer within ${String(timeout)} s`);
      }
      const { message } = decodeFrames(frames, this.#signer);
      if (message.header.msg_type === `${what}_reply`) return message.content;
    }
  }

  async #send(type: string, content: JsonObject): Promise<void> {
    await this.#socket.send(encodeFrames(this.#session.message(type, { content }), this.#signer));
  }
}
