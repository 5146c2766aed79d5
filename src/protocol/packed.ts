import type { NamedMemory } from './shared-memory.ts';

/**
 * A value made ready to cross walls: a private, structured-clonable copy, taken at the moment of the call
 * (`pack` in `./pack.ts`), with functions and References replaced by data that the receiver revives.
 */
export interface Packed {
  /** Structured-clonable. */
  readonly value: unknown;
  /** Every ArrayBuffer inside `value`, each once: the transfer list, kept so over every hop. */
  readonly buffers: readonly ArrayBuffer[];
  /** Bytes in `buffers` plus a rough count for the rest; what the hub's `sizeLimit` counts. */
  readonly bytes: number;
  /** `value` holds memory that stays shared: this. */
  readonly shared?: readonly NamedMemory[];
  /** Large buffers of it lie in memory that its receiver has lent: nobody else can read it. */
  readonly lent?: true;
  /** `value` holds canned functions, References or escaped objects: unpacking must walk it. */
  readonly canned: boolean;
}
