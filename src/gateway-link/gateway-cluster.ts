import type { Clock, Timers } from '../base/clock.ts';
import { randomName, type Random } from '../base/random.ts';
import type { EngineState, FromController, ToController } from '../protocol/client-messages.ts';
import type { ClientId, EngineId } from '../protocol/ids.ts';
import type { JupyterMessage } from '../protocol/jupyter-message.ts';
import type { Link } from '../protocol/link.ts';
import {
  decodeFrame,
  encodeFrame,
  GatewayFrameError,
  type GatewayFrame,
} from '../transport/gateway/frames.ts';
import type { GatewayLine, LineEvent } from '../transport/gateway/line.ts';
import type { LinkEffect, LinkEvent } from './events.ts';
import { GatewayLink } from './link.ts';
import { NO_RESTARTING, NO_STARTING, UNREADABLE, YOU_LEFT } from './sentences.ts';

export interface GatewayClusterSetup {
  readonly line: GatewayLine;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  onEngines?(engines: readonly EngineState[]): void;
  onNotice?(level: 'info' | 'warning', text: string): void;
  /** The line has ended, and with it all that was pending; `reason` is a sentence. */
  onEnded?(reason: string): void;
}

/**
 * A real IPython.parallel cluster behind a gateway, with the face of our own controller: clients attach to it by the
 * same links and messages. The shell of `GatewayLink`: it performs, and decides nothing.
 */
export class GatewayCluster {
  readonly #setup: GatewayClusterSetup;
  readonly #link: GatewayLink;
  readonly #clients = new Map<ClientId, Link<ToController, FromController>>();
  readonly #links = new Set<Link<ToController, FromController>>();
  readonly #timers = new Map<string, () => void>();
  #engines: readonly EngineState[] = [];
  #isOver = false;

  constructor(setup: GatewayClusterSetup) {
    this.#setup = setup;
    this.#link = new GatewayLink(`tutti-${randomName(setup.random, 12)}`);
    setup.line.onEvents((events) => {
      for (const event of events) this.#lineEvent(event);
    });
  }

  attachClient(link: Link<ToController, FromController>): void {
    this.#links.add(link);
    link.onMessages((messages) => {
      for (const message of messages) {
        if (message.type === 'connect') this.#clients.set(message.clientId, link);
        else if (message.type === 'submit') this.#clients.set(message.submission.clientId, link);
        else if (message.type === 'submit-call') this.#clients.set(message.call.clientId, link);
      }
      this.#handle({ type: 'heard', at: this.#now(), messages });
      // A client that comes to a list which does not change must be told it.
      if (messages.some(({ type }) => type === 'connect')) {
        link.post({ type: 'engines', engines: this.#engines });
      }
    });
    link.onLost(() => {
      this.#links.delete(link);
      for (const [clientId, other] of [...this.#clients]) {
        if (other !== link) continue;
        this.#clients.delete(clientId);
        const messages = [{ type: 'disconnect', clientId }] as const;
        this.#handle({ type: 'heard', at: this.#now(), messages });
      }
    });
  }

  interruptEngines(engines: readonly EngineId[] | null): void {
    this.#handle({ type: 'heard', at: this.#now(), messages: [{ type: 'interrupt', engines }] });
  }

  startEngines(): Promise<never> {
    return Promise.reject(new Error(NO_STARTING));
  }

  restartEngines(): Promise<never> {
    return Promise.reject(new Error(NO_RESTARTING));
  }

  /** Leaves the cluster, which lives on. What was pending fails. */
  close(): void {
    this.#setup.line.close();
    // A line that leads elsewhere has no last word.
    this.#lineEvent({ type: 'ended', reason: YOU_LEFT });
  }

  #now(): number {
    return this.#setup.clock.now();
  }

  #lineEvent(event: LineEvent): void {
    switch (event.type) {
      case 'welcomed': {
        const { role, state, limits } = event.welcome;
        this.#handle({ type: 'welcomed', at: this.#now(), role, state, limits, cutAt: event.cutAt });
        break;
      }
      case 'frame':
        this.#frame(event.bytes);
        break;
      case 'dropped':
        this.#setup.onNotice?.(
          'warning',
          `This page was too slow for what the engines print: ${String(event.messages)} messages of output were dropped.`,
        );
        break;
      case 'ended':
        if (this.#isOver) return;
        this.#isOver = true;
        this.#handle({ type: 'ended', at: this.#now(), reason: event.reason });
        for (const cancel of this.#timers.values()) cancel();
        this.#timers.clear();
        this.#setup.onEnded?.(event.reason);
    }
  }

  #frame(bytes: ArrayBuffer): void {
    const frame = this.#decoded(bytes);
    if (frame === null) return;
    const { channel, envelopes, buffers } = frame;
    for (const { header, parent_header, metadata, content } of envelopes) {
      const message: JupyterMessage = { header, parent_header, metadata, content, buffers };
      this.#handle({ type: 'received', at: this.#now(), channel, message });
    }
  }

  #decoded(bytes: ArrayBuffer): GatewayFrame | null {
    try {
      return decodeFrame(new Uint8Array(bytes));
    } catch (error) {
      const why = error instanceof GatewayFrameError ? error.message : String(error);
      this.#setup.onNotice?.('warning', `${UNREADABLE} (${why}.)`);
      return null;
    }
  }

  #handle(event: LinkEvent): void {
    for (const effect of this.#link.handle(event)) this.#perform(effect);
  }

  #perform(effect: LinkEffect): void {
    switch (effect.type) {
      case 'send':
        this.#setup.line.send(encodeFrame(effect.frame));
        break;
      case 'tell':
        this.#tell(effect.message, effect.transfer);
        break;
      case 'set-timer':
        this.#timers.get(effect.timer)?.();
        this.#timers.set(
          effect.timer,
          this.#setup.timers.after(effect.delay, () => {
            this.#timers.delete(effect.timer);
            this.#handle({ type: 'timer-reached', at: this.#now(), timer: effect.timer });
          }),
        );
        break;
      case 'cancel-timer':
        this.#timers.get(effect.timer)?.();
        this.#timers.delete(effect.timer);
        break;
      case 'notice':
        this.#setup.onNotice?.(effect.level, effect.text);
    }
  }

  #tell(message: FromController, transfer: readonly ArrayBuffer[]): void {
    if (message.type !== 'engines') {
      this.#clients.get(message.clientId)?.post(message, transfer);
      return;
    }
    this.#engines = message.engines;
    for (const link of this.#links) link.post(message);
    this.#setup.onEngines?.(message.engines);
  }
}
