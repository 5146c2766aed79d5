import type { Position } from './positions.ts';

/** The cell does not parse, or says something that cells cannot say. Nothing of it has run. */
export class CellSyntaxError extends Error {
  override readonly name = 'SyntaxError';
  /** Counted from 1, in the cell as typed. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units, in the cell as typed. */
  readonly column: number;

  constructor(message: string, position: Position) {
    super(message);
    this.line = position.line;
    this.column = position.column;
  }
}

/**
 * The same, as long as only the offset in some intermediate text is known. Thrown by single analyses and
 * caught where the layers of text are known; it never leaves this room.
 */
export class ProblemAt extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
