import type { WireError } from '../../protocol/errors.ts';

/** Failures of one call on several engines that are the same failure. */
export interface ErrorGroup {
  readonly error: WireError;
  /** In target order; the first is `error` itself. */
  readonly all: readonly WireError[];
}

/** Groups equal errors, keeping the order of their first appearance. */
export function groupErrors(errors: readonly WireError[]): readonly ErrorGroup[] {
  const groups = new Map<string, WireError[]>();
  for (const error of errors) {
    const key = JSON.stringify([error.ename, error.evalue, error.frames]);
    const group = groups.get(key);
    if (group) group.push(error);
    else groups.set(key, [error]);
  }
  return [...groups.values()].flatMap((all) => (all[0] ? [{ error: all[0], all }] : []));
}

/** `[2:execute]`; an error that no engine raised has no label. */
export function engineLabel(error: WireError): string | null {
  const { engineInfo } = error;
  return engineInfo === null ? null : `[${String(engineInfo.engineId)}:${engineInfo.method}]`;
}

/** The innermost place in a cell. */
export function placeOf(
  error: WireError,
): { readonly url: string; readonly line: number; readonly column: number } | null {
  return error.position ?? error.frames.find((frame) => frame.url.startsWith('cell-')) ?? null;
}
