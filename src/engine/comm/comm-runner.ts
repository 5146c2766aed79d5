import type { Clock, Timers } from '../../base/clock.ts';
import { deferred, type Deferred } from '../../base/deferred.ts';
import { CommBoard } from '../../protocol/comm-board.ts';
import {
  groupOf,
  readMembership,
  type CommMessage,
  type Ended,
  type Membership,
  type SentMembership,
  type CalledCollectives,
} from '../../protocol/comm.ts';
import type { FromEngine, ToEngine } from '../../protocol/engine-messages.ts';
import type { Link } from '../../protocol/link.ts';
import { pack, unpack, type Reviver } from '../../protocol/pack.ts';
import { KeyboardInterrupt } from '../../realm/keyboard-interrupt.ts';
import type { Channel } from './channel.ts';
import { CommBlockingError, CommError } from './comm-error.ts';
import { Endpoint, type Steps } from './endpoint.ts';
import { Mailbox } from './mailbox.ts';
import { RelayChannel } from './relay-channel.ts';
import { SharedChannel } from './shared-channel.ts';

export interface CommHost {
  readonly link: Pick<Link<ToEngine, FromEngine>, 'post' | 'flush'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly reviver: () => Reviver;
  /** Sends on what has been printed: this thread will stand still. */
  flush(): void;
  /** What the running request waits for; null: no longer. */
  tell(waiting: string | null): void;
  /** The reader wants the running request to stop, as far as can be seen without messages. */
  isInterrupted(): boolean;
}

/** Milliseconds: how often a blocked thread looks whether it is to stop, besides when the bell rings. */
const GLANCE = 50;
/** Milliseconds after which others are told what a request waits for. */
const LONG = 200;

const ALONE: Membership = {
  group: { id: '', engines: [0] },
  rank: 0,
  uuids: [null],
  ended: [],
  shared: null,
};

/** Runs communications for the request that runs: blocks, or awaits, until their next step is possible. */
export class CommRunner {
  readonly #host: CommHost;
  readonly #mailbox = new Mailbox();
  readonly #messages: RelayChannel;
  #shared: SharedChannel | null = null;
  #board: CommBoard | null = null;
  #slot = -1;
  /** Of the request that runs; null: it is alone. */
  #membership: SentMembership | null = null;
  /** Made when somebody speaks: most requests say nothing. */
  #endpoint: Endpoint | null = null;
  /** The way of its messages. */
  #channel: Channel;
  /** Settled when something may have changed for those who await; null when nobody does. */
  #change: Deferred<null> | null = null;

  constructor(host: CommHost) {
    this.#host = host;
    this.#messages = new RelayChannel(host.link);
    this.#channel = this.#messages;
  }

  /** Of the request that runs; alone in its group between requests. */
  get endpoint(): Endpoint {
    return (this.#endpoint ??= this.#enter());
  }

  /** The cluster shares memory, in which this engine has that slot. */
  share(memory: SharedArrayBuffer, slot: number): void {
    const { link } = this.#host;
    const reviver = this.#host.reviver();
    this.#slot = slot;
    this.#board = new CommBoard(memory);
    this.#shared = new SharedChannel({
      board: this.#board,
      slot,
      reviver,
      receive: (letter) => {
        this.#mailbox.put(letter);
        this.wake();
      },
      wake: (other) => {
        link.post({ type: 'comm-wake', slot: other });
        link.flush();
      },
    });
  }

  begin(membership: SentMembership | undefined): void {
    if (membership === undefined) return;
    this.#membership = membership;
    this.#endpoint = null;
  }

  /** The request is about to end well. @throws CommError when others called collective operations that do not match. */
  check(): void {
    if (this.#membership !== null) this.#endpoint?.checkCollectives();
  }

  /** What has been called of collective operations, to be compared where all members end; null: nothing. */
  get called(): CalledCollectives | null {
    return this.#membership === null ? null : (this.#endpoint?.called ?? null);
  }

  /** The request has ended: so have its communications. */
  end(): void {
    if (this.#membership !== null) {
      this.dismiss(this.#membership);
      this.#channel = this.#messages;
      this.#membership = null;
      this.#endpoint = null;
    }
    if (this.#change === null) return;
    this.#stop(new CommError('The request to which this communication belonged has ended'));
  }

  /** A request of this group will not run. */
  dismiss(membership: SentMembership | undefined): void {
    if (membership === undefined) return;
    const group = groupOf(membership);
    this.#mailbox.end(group);
    this.#messages.forget(group);
  }

  interrupt(): void {
    this.#stop(new KeyboardInterrupt());
  }

  // Messages of the controller

  receive(message: CommMessage): void {
    const { value, ...address } = message;
    this.#mailbox.put({ ...address, open: () => unpack(value, this.#host.reviver()) });
    this.wake();
  }

  memberEnded(group: string, ended: Ended): void {
    // It may come late, when nothing would ever take it out again.
    if (!this.#mailbox.hasEnded(group)) this.#messages.memberEnded(group, ended);
    this.wake();
  }

  /** Those who await look again. */
  wake(): void {
    this.#board?.awake(this.#slot);
    const change = this.#change;
    this.#change = null;
    change?.resolve(null);
  }

  // Communications

  /** @throws CommBlockingError where nothing can block. */
  block<T>(name: string, start: () => Steps<T>): T {
    if (!this.endpoint.canBlock) {
      throw new CommBlockingError(
        `comm.${name} waits without \`await\`, which needs shared memory. Use \`await comm.async.${name}(…)\` instead.`,
      );
    }
    const wait = new Wait(this.#host, () => {
      this.endpoint.announce();
    });
    const steps = start();
    try {
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        this.#throwIfInterrupted();
        wait.goesOn(step.value);
        this.#channel.block(GLANCE);
        this.#throwIfInterrupted();
      }
    } finally {
      giveUp(steps);
      wait.over();
      // Messages for those who await may have been taken in on the way.
      this.wake();
    }
  }

  async await<T>(start: () => Steps<T>): Promise<T> {
    const steps = start();
    const { clock, timers } = this.#host;
    const endpoint = this.#membership === null ? null : this.endpoint;
    const tell = (on: string | null) => {
      this.#host.tell(on);
      if (on !== null) endpoint?.announce();
    };
    const began = clock.now();
    let waiting: string | null = null;
    let told = false;
    const cancel = timers.after(LONG / 1000, () => {
      told = waiting !== null;
      if (told) tell(waiting);
    });
    try {
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        if (waiting !== step.value && clock.now() - began > LONG) {
          told = true;
          tell(step.value);
        }
        waiting = step.value;
        if (this.#channel.willWake()) await (this.#change ??= deferred<null>()).promise;
        // Others of this engine get their turn, too.
        else await Promise.resolve();
      }
    } finally {
      giveUp(steps);
      cancel();
      waiting = null;
      if (told) tell(null);
    }
  }

  #enter(): Endpoint {
    const membership = this.#membership === null ? ALONE : readMembership(this.#membership);
    this.#channel = (membership.shared && this.#shared) ?? this.#messages;
    const copy = (value: unknown) => unpack(pack(value), this.#host.reviver());
    return new Endpoint(membership, this.#channel, this.#mailbox, copy);
  }

  #throwIfInterrupted(): void {
    if (this.#host.isInterrupted()) throw new KeyboardInterrupt();
  }

  #stop(reason: Error): void {
    const change = this.#change;
    this.#change = null;
    // Whoever does not look at what it began need not hear of this.
    change?.promise.catch(() => undefined);
    change?.reject(reason);
  }
}

/** What it has begun and not ended never ends. Nothing happens to steps that are over. */
function giveUp<T>(steps: Steps<T>): void {
  steps.return(undefined as T);
}

/** One blocking wait: tells, once it takes long, what it is for. */
class Wait {
  readonly #host: CommHost;
  readonly #onLong: () => void;
  #began: number | null = null;
  #told: string | null = null;

  /** `onLong`: called now and then while it takes long. */
  constructor(host: CommHost, onLong: () => void) {
    this.#host = host;
    this.#onLong = onLong;
  }

  goesOn(call: string): void {
    const now = this.#host.clock.now();
    if (this.#began === null) {
      this.#began = now;
      this.#host.flush();
    } else if (now - this.#began > LONG) {
      this.#onLong();
      if (this.#told === call) return;
      this.#told = call;
      this.#host.tell(call);
      this.#host.flush();
    }
  }

  over(): void {
    if (this.#told !== null) this.#host.tell(null);
  }
}
