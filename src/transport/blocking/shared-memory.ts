/**
 * The memory that a worker and its owner share so that the worker can hear while it is blocked: some words
 * that both read and write, and room for one piece of a message.
 */
export interface SharedMemory {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly piece: Uint8Array<SharedArrayBuffer>;
}

/** Places in `words`. */
export const WORD = {
  /** Counts up at everything that a blocked worker should wake for. */
  wake: 0,
  /** The number of the wait in which the worker is blocked; 0 while it is not. */
  wait: 1,
  /** The number of the last batch that the owner has handed in, by whichever way. */
  sent: 2,
  /** The number of the last batch that the worker has read. */
  read: 3,
  /** 1 from when a piece is written until it has been read. */
  full: 4,
  /** The wait for which the piece was written. */
  pieceOf: 5,
  /** Bytes of the piece. */
  length: 6,
  /** The number of a big batch that the worker, idle, asks for; 0 when it has been sent, or is to be written. */
  asked: 8,
  /** 1 when the owner has more to write than has found room. */
  more: 7,
  /** The number of the last batch that had been handed in when the worker last began to wait; 0: it never has. */
  blockedAt: 9,
} as const;

const HEAD_BYTES = 64;
/** Bytes of room for a piece. What is longer goes in several, each a trip from thread to thread. */
export const ROOM = 1 << 20;

export function sharedMemory(buffer: SharedArrayBuffer): SharedMemory {
  return {
    words: new Int32Array(buffer, 0, HEAD_BYTES / 4),
    piece: new Uint8Array(buffer, HEAD_BYTES),
  };
}

/** Null where memory cannot be shared: the page is not cross-origin isolated. */
export function makeSharedBuffer(room = ROOM): SharedArrayBuffer | null {
  if (typeof SharedArrayBuffer === 'undefined') return null;
  return new SharedArrayBuffer(HEAD_BYTES + room);
}
