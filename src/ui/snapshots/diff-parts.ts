/** A stretch of lines of one kind. */
export interface DiffPart {
  readonly kind: 'added' | 'removed' | 'same' | 'skipped';
  readonly lines: readonly string[];
}

/** Lines shown around what differs. */
const AROUND = 2;

/** Shortens what is the same to the lines beside the differences. */
export function contextOf(parts: readonly DiffPart[]): readonly DiffPart[] {
  return parts.flatMap((part, i): readonly DiffPart[] => {
    if (part.kind !== 'same') return [part];
    const head = i === 0 ? [] : part.lines.slice(0, AROUND);
    const tail =
      i === parts.length - 1 ? [] : part.lines.slice(Math.max(head.length, part.lines.length - AROUND));
    const left = part.lines.length - head.length - tail.length;
    const skipped: DiffPart = {
      kind: 'skipped',
      lines: [left === 1 ? '… 1 line' : `… ${String(left)} lines`],
    };
    return [
      ...(head.length > 0 ? [{ kind: 'same', lines: head } as const] : []),
      ...(left > 0 ? [skipped] : []),
      ...(tail.length > 0 ? [{ kind: 'same', lines: tail } as const] : []),
    ];
  });
}
