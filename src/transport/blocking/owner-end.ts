import { ParcelWriter } from './parcels.ts';
import { makeSharedBuffer, sharedMemory, WORD, type SharedMemory } from './shared-memory.ts';

/** The first message to a worker whose owner shares memory with it. */
export interface Hello {
  readonly type: 'tutti-memory';
  readonly buffer: SharedArrayBuffer;
}

/** What one turn has posted, with its number. */
export interface NumberedBatch<Message> {
  readonly n: number;
  readonly batch: readonly Message[];
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

interface KeptBatch<Message> extends NumberedBatch<Message> {
  /** Buffers to be moved when the worker asks; null for a batch that is posted at once. */
  readonly transfer: readonly ArrayBuffer[] | null;
  /** It lies in the worker's event queue, where a blocked worker cannot reach it. */
  posted: boolean;
  /** Its buffers have been moved: it can come as an event only. */
  moved: boolean;
}

/** What is being written, for which wait, and which batch comes next. */
interface Writing {
  readonly wait: number;
  readonly writer: ParcelWriter;
  next: number;
}

type Post = (message: unknown, transfer: ArrayBuffer[]) => void;

/**
 * The owner's half of a channel to a worker that may block. Batches are numbered, and kept until the worker has
 * read them. Outside of waits they are posted as ever; in a wait, all that the worker has not read (what
 * lies unread in its event queue too) comes through shared memory, piece by piece. The worker drops by number
 * what it then gets twice.
 *
 * What has been transferred cannot be sent again. So small buffers are copied by posting, and the original stays
 * until the batch has been read; a batch with big ones is announced, and moved when the worker asks for it. A
 * worker that has just been blocked may be so again before such a batch arrives, and could not have it then: for
 * a while its big batches are copied, too.
 */
export class OwnerEnd<Message> {
  readonly #memory: SharedMemory;
  readonly #post: Post;
  #kept: KeptBatch<Message>[] = [];
  #n = 0;
  #writing: Writing | null = null;

  constructor(buffer: SharedArrayBuffer, post: Post) {
    this.#memory = sharedMemory(buffer);
    this.#post = post;
    const hello: Hello = { type: 'tutti-memory', buffer };
    post(hello, []);
  }

  send(batch: readonly Message[], transfer: readonly ArrayBuffer[]): void {
    this.#n += 1;
    const isBig = !this.#mayBlockSoon && bytesOf(transfer) > BIG;
    const kept = { n: this.#n, batch, transfer: isBig ? transfer : null, posted: false, moved: false };
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
    const message: NumberedBatch<Message> = { n: kept.n, batch: kept.batch };
    this.#post(message, [...(kept.transfer ?? [])]);
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
        // After one that cannot be carried nothing may follow: what comes later would overtake it.
        writing.next = carry(writing.writer, kept) ? kept.n + 1 : Infinity;
      }
      length += writing.writer.fill(piece.subarray(length));
    }
    return length;
  }
}

function bytesOf(buffers: readonly ArrayBuffer[]): number {
  return buffers.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
}

function carry(writer: ParcelWriter, { n, batch, moved }: KeptBatch<unknown>): boolean {
  if (!moved) return writer.add(n, batch);
  writer.refuse(
    n,
    'a result above 1 MiB was on its way as an event when this began to wait, which only `await` can take in',
  );
  return false;
}

/** The way to a worker that may block; null where memory cannot be shared, and nothing can. */
export function ownerEnd<Message>(post: Post): OwnerEnd<Message> | null {
  const buffer = makeSharedBuffer();
  return buffer === null ? null : new OwnerEnd(buffer, post);
}
