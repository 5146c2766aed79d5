import { hear, type Carrier, type CarrierPort, type MakeCarrier, type NewCarrier } from './carrier.ts';
import { ParcelWriter, reasonAgainst } from './parcels.ts';
import { makeSharedBuffer, sharedMemory, WORD, type SharedMemory } from './shared-memory.ts';

/** The first message to a worker whose owner shares memory with it. */
export interface Hello {
  readonly type: 'tutti-memory';
  readonly buffer: SharedArrayBuffer;
  /** On which what is moved comes, if not as an event like all else. */
  readonly port?: CarrierPort;
}

/** What one turn has posted, with its number. */
export interface NumberedBatch<Message> {
  readonly n: number;
  readonly batch: readonly Message[];
}

/** A batch that was moved, as the owner wants it back if nobody reads it. */
interface MovedBatch<Message> extends NumberedBatch<Message> {
  readonly transfer: readonly ArrayBuffer[];
}

/** Instead of a batch with big buffers: it waits at the owner's until the worker asks for it. */
export interface BigBatchNotice {
  readonly n: number;
}

/** The worker's only word of its own: look at the shared memory, something there is yours to do. */
export const LOOK = 'tutti-look';

/** Bytes of buffers that are rather copied than asked for. */
const BIG = 1 << 20;

/** A worker that has waited for one of the last so many batches may do so again at any moment. */
const SOON_AGAIN = 256;

interface KeptBatch<Message> {
  readonly n: number;
  batch: readonly Message[];
  /** Buffers to be moved when the worker asks; null for a batch that is posted at once. */
  transfer: readonly ArrayBuffer[] | null;
  /** It lies in the worker's event queue, where a blocked worker cannot reach it. */
  posted: boolean;
  /** Its buffers have been moved: it can come as an event only, or be handed back. */
  moved: boolean;
  /** What of it cannot be carried has been posted by itself. */
  sentLate: boolean;
}

/** What is being written, for which wait, and which batch comes next. */
interface Writing {
  readonly wait: number;
  readonly writer: ParcelWriter;
  next: number;
}

/** What is said in place of a message that cannot be carried into a wait, and comes as an event later; null: nothing. */
export type StandIn<Message> = (message: Message, reason: string) => Message | null;

type Post = (message: unknown, transfer: (ArrayBuffer | CarrierPort)[]) => void;

/**
 * The owner's half of a channel to a worker that may block. Batches are numbered, and kept until the worker has
 * read them. Outside of waits they are posted as ever; in a wait, all that the worker has not read (what
 * lies unread in its event queue too) comes through shared memory, piece by piece. The worker drops by number
 * what it then gets twice.
 *
 * What has been transferred cannot be sent again. So small buffers are copied by posting, and the original stays
 * until the batch has been read; a batch with big ones is announced, and moved when the worker asks for it. If the
 * worker blocks before it has read it, it hands it back (see `Carrier`), and it is written like all else. Without a
 * carrier it could not have it; so for a while after it has been blocked its big batches are copied, too.
 */
export class OwnerEnd<Message> {
  readonly #memory: SharedMemory;
  readonly #post: Post;
  #kept: KeptBatch<Message>[] = [];
  #n = 0;
  #writing: Writing | null = null;
  readonly #makeCarrier: MakeCarrier | null;
  readonly #standIn: StandIn<Message>;
  #carrier: Carrier | null;

  constructor(
    buffer: SharedArrayBuffer,
    post: Post,
    makeCarrier: MakeCarrier | null = null,
    standIn: StandIn<Message> = () => null,
  ) {
    this.#standIn = standIn;
    this.#memory = sharedMemory(buffer);
    this.#post = post;
    this.#makeCarrier = makeCarrier;
    this.#carrier = makeCarrier?.() ?? null;
    const port = this.#carrier?.far;
    const hello: Hello = { type: 'tutti-memory', buffer, ...(port && { port }) };
    post(hello, port ? [port] : []);
  }

  /** The worker blocks. What lies unread in its port is ours again. */
  takeBack(port: CarrierPort): void {
    hear(port, (data) => {
      port.close();
      this.#restore(data as MovedBatch<Message>);
    });
    this.#carrier?.near.close();
    this.#carrier = this.#makeCarrier?.() ?? null;
    if (this.#carrier === null) return;
    const { far } = this.#carrier;
    const message: NewCarrier = { type: 'tutti-carrier', port: far };
    this.#post(message, [far]);
  }

  #restore({ n, batch, transfer }: MovedBatch<Message>): void {
    const kept = this.#kept.find((one) => one.n === n);
    if (kept === undefined) return;
    kept.batch = batch;
    kept.transfer = transfer;
    kept.moved = false;
    this.look();
  }

  /** Runs of alike messages may be among them: plain data, which can be carried. */
  send(batch: readonly Message[], transfer: readonly ArrayBuffer[]): void {
    this.#n += 1;
    const isBig = bytesOf(transfer) > BIG && (this.#carrier !== null || !this.#mayBlockSoon);
    const kept: KeptBatch<Message> = {
      n: this.#n,
      batch,
      transfer: isBig ? transfer : null,
      posted: false,
      moved: false,
      sentLate: false,
    };
    this.#kept.push(kept);
    Atomics.store(this.#memory.words, WORD.sent, this.#n);
    this.look();
  }

  get #mayBlockSoon(): boolean {
    const blockedAt = Atomics.load(this.#memory.words, WORD.blockedAt);
    return blockedAt !== 0 && this.#n - blockedAt < SOON_AGAIN;
  }

  /** Does what there is to do: posts, or writes the next piece. */
  look(): void {
    const { words } = this.#memory;
    this.#forgetRead();
    const wait = Atomics.load(words, WORD.wait);
    if (wait !== 0) this.#write(wait);
    else {
      this.#postAll();
      this.#moveAsked();
    }
  }

  #forgetRead(): void {
    const read = Atomics.load(this.#memory.words, WORD.read);
    const unread = this.#kept.findIndex(({ n }) => n > read);
    if (unread !== 0) this.#kept.splice(0, unread === -1 ? this.#kept.length : unread);
  }

  #postAll(): void {
    this.#writing = null;
    // Those that wait to be read may be thousands; what is not posted stands at the end.
    let first = this.#kept.length;
    while (first > 0 && this.#kept[first - 1]?.posted === false) first--;
    for (const kept of this.#kept.slice(first)) {
      kept.posted = true;
      const { n, batch, transfer } = kept;
      const message: NumberedBatch<Message> | BigBatchNotice = transfer === null ? { n, batch } : { n };
      this.#post(message, []);
    }
  }

  /** Unless the worker takes its question back, because it blocks now: then it is written. */
  #moveAsked(): void {
    const { words } = this.#memory;
    const asked = Atomics.load(words, WORD.asked);
    const kept = asked === 0 ? undefined : this.#kept.find(({ n }) => n === asked);
    if (!kept || kept.moved) return;
    if (Atomics.compareExchange(words, WORD.asked, asked, 0) !== asked) return;
    kept.moved = true;
    const { n, batch } = kept;
    const transfer = [...(kept.transfer ?? [])];
    const moved: MovedBatch<Message> = { n, batch, transfer };
    if (this.#carrier === null) this.#post({ n, batch }, transfer);
    else this.#carrier.near.postMessage(moved, transfer);
  }

  #write(wait: number): void {
    const { words, piece } = this.#memory;
    if (this.#writing?.wait !== wait) {
      const next = Atomics.load(words, WORD.read) + 1;
      this.#writing = { wait, writer: new ParcelWriter(), next };
    }
    // Said before looking whether there is room: the worker makes room and then looks whether there is more.
    Atomics.store(words, WORD.more, 1);
    if (Atomics.load(words, WORD.full) === 1) return;
    const length = this.#fill(this.#writing, piece);
    const isMore = !this.#writing.writer.isEmpty || this.#writing.next <= this.#n;
    Atomics.store(words, WORD.more, isMore ? 1 : 0);
    if (length === 0) return;
    Atomics.store(words, WORD.pieceOf, wait);
    Atomics.store(words, WORD.length, length);
    Atomics.store(words, WORD.full, 1);
    Atomics.add(words, WORD.wake, 1);
    Atomics.notify(words, WORD.wake);
  }

  #fill(writing: Writing, piece: Uint8Array): number {
    let length = 0;
    while (length < piece.length) {
      if (writing.writer.isEmpty) {
        const kept = this.#kept.find(({ n }) => n === writing.next);
        if (kept === undefined) break;
        // It is on its way back.
        if (kept.moved && this.#carrier !== null) break;
        // After one that is on no way nothing may follow: what comes later would overtake it.
        writing.next = this.#carry(writing.writer, kept) ? kept.n + 1 : Infinity;
      }
      length += writing.writer.fill(piece.subarray(length));
    }
    return length;
  }

  #carry(writer: ParcelWriter, kept: KeptBatch<Message>): boolean {
    const { n, batch, moved } = kept;
    if (moved) {
      writer.refuse(
        n,
        'a result above 1 MiB had been sent just before this began to wait, and this browser hands it over at the next `await` only',
      );
      return false;
    }
    if (writer.add(n, batch) === null) return true;
    // Single messages (a result that is shared memory, or a Blob) cannot be carried; the others must not wait for them.
    const late: Message[] = [];
    const rest = batch.flatMap((message) => {
      const reason = reasonAgainst(message);
      if (reason === null) return [message];
      late.push(message);
      return this.#standIn(message, reason) ?? [];
    });
    const reason = writer.add(n, rest);
    if (reason !== null) writer.refuse(n, reason);
    else if (!kept.sentLate) {
      kept.sentLate = true;
      this.#post(late, []);
    }
    return reason === null;
  }
}

function bytesOf(buffers: readonly ArrayBuffer[]): number {
  return buffers.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
}

/** The way to a worker that may block; null where memory cannot be shared, and nothing can. */
export function ownerEnd<Message>(
  post: Post,
  carrier: MakeCarrier | null,
  standIn?: StandIn<Message>,
): OwnerEnd<Message> | null {
  const buffer = makeSharedBuffer();
  return buffer === null ? null : new OwnerEnd(buffer, post, carrier, standIn);
}
