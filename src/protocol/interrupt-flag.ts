/**
 * The interrupt that reaches code which does not listen to messages: a few words of shared memory for each
 * realm that runs users' code (the kernel, each life of an engine). The frame's main thread writes, the realm
 * reads: in the guards of loops, and in whatever it waits for (`InterruptEar` in `realm/`).
 *
 * An interrupt names what it is meant for (a task's message, a cell's run), so that one which comes late stops
 * nothing else.
 */
export interface InterruptFlag {
  /** Made once per life of a realm, and posted to it before all else. */
  readonly buffer: SharedArrayBuffer;
}

/** Index of the word that says what is to stop: `interruptWord` of its id, or 0 for nothing. */
export const ASKED = 0;
/** Index of the bell: a count that rises whenever who waits is to look up. Wait for it with `Atomics.wait`. */
export const BELL = 1;
const WORDS = 2;

/** Null where this realm cannot share memory: interrupts are then heard between turns only. */
export function createInterruptFlag(): InterruptFlag | null {
  if (typeof SharedArrayBuffer === 'undefined') return null;
  return { buffer: new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT) };
}

/** Asks what runs under `id` to stop, and wakes the realm if it waits. */
export function askInterrupt({ buffer }: InterruptFlag, id: string): void {
  Atomics.store(new Int32Array(buffer), ASKED, interruptWord(id));
  ringBell({ buffer });
}

/** Wakes a realm that waits, so that it looks whether what it waits for has come. */
export function ringBell({ buffer }: InterruptFlag): void {
  const words = new Int32Array(buffer);
  Atomics.add(words, BELL, 1);
  Atomics.notify(words, BELL);
}

/** An id as a number that is not 0 (FNV-1a). Two ids of one realm's time share it once in four thousand million. */
export function interruptWord(id: string): number {
  return hashOf(id) | 0 || 1;
}

/** The words of ids that are this text and a number. */
export function interruptWords(head: string): (n: number) => number {
  const hash = hashOf(head);
  return (n) => hashOf(String(n), hash) | 0 || 1;
}

function hashOf(text: string, head = 0x811c9dc5): number {
  let hash = head;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
