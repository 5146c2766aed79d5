import { diffLines } from 'diff';

/** A stretch of lines of one kind. */
export interface DiffPart {
  readonly kind: 'added' | 'removed' | 'same' | 'skipped';
  readonly lines: readonly string[];
}

/** Lines that may differ, above which a text is told as one that went and another one that came: the work grows with
 * their square. */
const MOST_DIFFERENT = 1000;
/** Lines of one stretch that are shown. */
const MOST_LINES = 500;

/** Null: not there. */
export function differenceOf(before: string | null, after: string | null): readonly DiffPart[] {
  const changes = diffLines(ended(before), ended(after), { maxEditLength: MOST_DIFFERENT });
  if (changes)
    return changes.map(({ value, added, removed }) => ({
      kind: added ? 'added' : removed ? 'removed' : 'same',
      lines: linesOf(value),
    }));
  return [
    { kind: 'removed', lines: linesOf(ended(before)) },
    { kind: 'added', lines: linesOf(ended(after)) },
  ];
}

function ended(text: string | null): string {
  return text === null || text === '' ? '' : `${text}\n`;
}

function linesOf(value: string): readonly string[] {
  return value.replace(/\n$/, '').split('\n');
}

/** Lines shown around what differs. */
const AROUND = 2;

/** Shortens what is the same to the lines beside the differences, and what differs to what can be read. */
export function contextOf(parts: readonly DiffPart[]): readonly DiffPart[] {
  return parts.flatMap((part, i): readonly DiffPart[] => {
    if (part.kind !== 'same') return beginningOf(part);
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

function beginningOf({ kind, lines }: DiffPart): readonly DiffPart[] {
  const left = lines.length - MOST_LINES;
  if (left <= 0) return [{ kind, lines }];
  return [
    { kind, lines: lines.slice(0, MOST_LINES) },
    { kind: 'skipped', lines: [left === 1 ? '… 1 line' : `… ${String(left)} lines`] },
  ];
}
