import { LOOK, type BigBatchNotice, type Hello, type NumberedBatch } from './owner-end.ts';
import { hear, isNewCarrier, type CarrierPort, type HandedBack } from './carrier.ts';
import { outOfRuns } from '../../protocol/runs.ts';
import { ParcelReader } from './parcels.ts';
import { sharedMemory, WORD, type SharedMemory } from './shared-memory.ts';

export interface WaitOptions {
  /** Sends what this thread has posted; nothing else would while it is blocked. */
  readonly flush: () => void;
  readonly until: () => boolean;
  /** Milliseconds; undefined: for ever. */
  readonly timeout?: number | undefined;
}

/** A wait that is under way; waits inside of it (of a callback that blocks) share it. */
interface Waiting {
  readonly wait: number;
  readonly reader: ParcelReader;
  /** Why it must be given up. */
  refusal: string | null;
}

/**
 * The worker's half of a channel over which it can hear while it is blocked. Messages reach the handler in
 * order, each once, whether they came as events or were read in a wait. A handler that blocks hears the
 * messages behind the one it handles.
 */
export class WorkerEnd<Message> {
  readonly #post: (message: unknown, transfer: readonly CarrierPort[]) => void;
  readonly #look: () => void;
  readonly #handle: (message: Message) => void;
  #memory: SharedMemory | null = null;
  /** Messages that nobody has handled, from `#at` on. */
  #queue: Message[] = [];
  #at = 0;
  /** What came as events and is not read: a big batch was announced, and what follows it waits for it. */
  #arrivals: (NumberedBatch<Message> | BigBatchNotice)[] = [];
  /** On which big batches come; null: there is none, or it has been handed back and the next one is on its way. */
  #port: CarrierPort | null = null;
  /** The big batch that has been asked for. */
  #asked = 0;
  #waits = 0;
  #waiting: Waiting | null = null;

  constructor(
    post: (message: unknown, transfer: readonly CarrierPort[]) => void,
    handle: (message: Message) => void,
  ) {
    this.#post = post;
    this.#look = () => {
      post(LOOK, []);
    };
    this.#handle = handle;
  }

  /** A wait is possible: the owner shares memory. */
  get canWait(): boolean {
    return this.#memory !== null;
  }

  /** An event's data; false if it is not of this channel. */
  receive(data: unknown): boolean {
    if (isHello(data)) {
      this.#memory ??= sharedMemory(data.buffer);
      if (data.port) this.#listenOn(data.port);
      return true;
    }
    if (isNewCarrier(data)) {
      this.#listenOn(data.port);
      return true;
    }
    if (!isNumbered<Message>(data) || this.#memory === null) return false;
    this.#arrivals.push(data);
    this.#readArrivals(this.#memory);
    this.#drain();
    return true;
  }

  #listenOn(port: CarrierPort): void {
    this.#port = port;
    hear(port, (data) => {
      this.receive(data);
    });
  }

  #readArrivals({ words }: SharedMemory): void {
    for (;;) {
      const [first] = this.#arrivals;
      if (first === undefined) return;
      if (first.n > Atomics.load(words, WORD.read)) {
        const whole = this.#arrivals.find((arrival) => arrival.n === first.n && 'batch' in arrival);
        if (whole === undefined || !('batch' in whole)) {
          this.#askFor(first.n, words);
          return;
        }
        Atomics.store(words, WORD.read, whole.n);
        this.#enqueue(whole.batch);
      }
      this.#arrivals.shift();
    }
  }

  #askFor(n: number, words: SharedMemory['words']): void {
    if (this.#asked === n) return;
    this.#asked = n;
    Atomics.store(words, WORD.asked, n);
    this.#look();
  }

  /**
   * Blocks until `until()`, handling messages as they come, or until time is up. Returns why it must give up,
   * when a message comes that can only be had by not waiting; else null.
   */
  wait({ flush, until, timeout = Infinity }: WaitOptions): string | null {
    if (this.#memory === null) throw new Error('there is no shared memory to wait in');
    const memory = this.#memory;
    const end = performance.now() + timeout;
    const outer = this.#waiting;
    const waiting = outer ?? this.#begin(memory);
    try {
      for (;;) {
        this.#drain();
        if (until()) return null;
        flush();
        if (waiting.refusal !== null) return waiting.refusal;
        const left = end - performance.now();
        if (left <= 0) return null;
        this.#hear(memory, waiting, left);
      }
    } finally {
      if (outer === null) this.#end(memory);
    }
  }

  #begin({ words }: SharedMemory): Waiting {
    this.#waits = (this.#waits % 0x7fffffff) + 1;
    this.#waiting = { wait: this.#waits, reader: new ParcelReader(), refusal: null };
    Atomics.store(words, WORD.wait, this.#waits);
    Atomics.store(words, WORD.blockedAt, Math.max(1, Atomics.load(words, WORD.sent)));
    this.#wantNothing(words);
    this.#lookIfUnread(words);
    return this.#waiting;
  }

  /** What has been asked for and not been moved is written now; what has been moved and not been read goes back. */
  #wantNothing(words: SharedMemory['words']): void {
    const isMoved = Atomics.exchange(words, WORD.asked, 0) === 0;
    if (isMoved && this.#asked > Atomics.load(words, WORD.read) && this.#port !== null) {
      const message: HandedBack = { type: 'tutti-handed-back', port: this.#port };
      this.#post(message, [this.#port]);
      this.#port = null;
    }
    this.#asked = 0;
  }

  #end(memory: SharedMemory): void {
    const { words } = memory;
    this.#waiting = null;
    Atomics.store(words, WORD.wait, 0);
    this.#lookIfUnread(words);
    if (this.#arrivals.length === 0) return;
    queueMicrotask(() => {
      this.#readArrivals(memory);
      this.#drain();
    });
  }

  /** What was handed in before the wait began (or ended) may have gone the other way. */
  #lookIfUnread(words: SharedMemory['words']): void {
    if (Atomics.load(words, WORD.sent) > Atomics.load(words, WORD.read)) this.#look();
  }

  /** Takes the piece that is there, or waits for one. */
  #hear(memory: SharedMemory, waiting: Waiting, left: number): void {
    const { words, piece } = memory;
    const seen = Atomics.load(words, WORD.wake);
    if (Atomics.load(words, WORD.full) === 0) {
      Atomics.wait(words, WORD.wake, seen, left);
      return;
    }
    // A piece of an earlier wait is nothing: what it was part of comes again, whole.
    const isMine = Atomics.load(words, WORD.pieceOf) === waiting.wait;
    const bytes = piece.subarray(0, Atomics.load(words, WORD.length));
    const parcels = isMine ? waiting.reader.read(bytes) : [];
    Atomics.store(words, WORD.full, 0);
    if (Atomics.load(words, WORD.more) === 1) this.#look();
    for (const { n, content } of parcels) {
      if ('refusal' in content) {
        waiting.refusal = content.refusal;
        return;
      }
      Atomics.store(words, WORD.read, n);
      this.#enqueue(content.messages);
    }
  }

  /** A batch may have more messages than a call may have arguments. */
  #enqueue(batch: readonly unknown[]): void {
    for (const message of outOfRuns(batch) as readonly Message[]) this.#queue.push(message);
  }

  /** One by one, off the queue before it is handled: a handler may block and come here again. */
  #drain(): void {
    while (this.#at < this.#queue.length) {
      const message = this.#queue[this.#at] as Message;
      this.#at += 1;
      if (this.#at === this.#queue.length) {
        this.#queue = [];
        this.#at = 0;
      }
      this.#handle(message);
    }
  }
}

function isHello(data: unknown): data is Hello {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'tutti-memory';
}

function isNumbered<Message>(data: unknown): data is NumberedBatch<Message> | BigBatchNotice {
  return typeof data === 'object' && data !== null && 'n' in data && typeof data.n === 'number';
}
