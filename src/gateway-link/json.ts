import type { JsonObject } from '../protocol/jupyter-message.ts';

/** What others send is read with these: another shape than expected becomes an empty thing, never a throw. */

export function dictionary(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function textOf(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}

/** Null for empty text, too. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Milliseconds since 1970. */
export function timeOf(date: unknown): number | null {
  const time = typeof date === 'string' ? Date.parse(date) : NaN;
  return Number.isNaN(time) ? null : time;
}
