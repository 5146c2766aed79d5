import type { EngineId } from './ids.ts';

/**
 * Which engine a value came from. Kept beside the values, by identity: a list of results that is sorted, filtered or
 * joined with another still knows, and nobody who looks at a value sees anything of it.
 */
const ORIGINS = new WeakMap<object, EngineId>();

/** Numbers and texts have no identity, and so no origin. */
export function markOrigin(value: unknown, engine: EngineId): void {
  if (typeof value === 'object' && value !== null) ORIGINS.set(value, engine);
}

export function originOf(value: unknown): EngineId | undefined {
  return typeof value === 'object' && value !== null ? ORIGINS.get(value) : undefined;
}
