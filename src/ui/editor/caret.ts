/** Offsets in a text and places in it, lines and columns counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Places beyond the text are its nearest end. */
export function offsetAt(text: string, place: Place): number {
  const lines = text.split('\n');
  const index = Math.min(Math.max(place.line, 1), lines.length) - 1;
  const start = lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0);
  return start + Math.min(Math.max(place.column, 1) - 1, lines[index]?.length ?? 0);
}
