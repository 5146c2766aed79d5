/**
 * Shared memory has no name of its own: what came with two messages is two objects on the same bytes. So that memory
 * which two realms have can be named between them without a message (`comm` between threads that block), it travels
 * with a name, and each realm remembers whose is whose.
 */
export interface NamedMemory {
  readonly name: string;
  readonly memory: SharedArrayBuffer;
}

const names = new WeakMap<SharedArrayBuffer, string>();
const memories = new Map<string, WeakRef<SharedArrayBuffer>>();
const MOST_KNOWN = 1000;

/** By the name that it has, or gets now. */
export function named(memory: SharedArrayBuffer): NamedMemory {
  const known = names.get(memory);
  const name = known ?? `${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
  if (known === undefined) learn({ name, memory });
  return { name, memory };
}

/** It came from another realm, or leaves for one. */
export function learn({ name, memory }: NamedMemory): void {
  names.set(memory, name);
  memories.delete(name);
  memories.set(name, new WeakRef(memory));
  const oldest = memories.keys().next();
  if (memories.size > MOST_KNOWN && oldest.done === false) memories.delete(oldest.value);
}

/** Undefined: it never travelled, so nobody else can have it. */
export function nameOfMemory(memory: SharedArrayBuffer): string | undefined {
  return names.get(memory);
}

export function memoryNamed(name: string): SharedArrayBuffer | undefined {
  return memories.get(name)?.deref();
}
