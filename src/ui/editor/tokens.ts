/** Kinds of words in code, by their colours. */
export type TokenType =
  | 'plain'
  | 'comment'
  | 'string'
  | 'regexp'
  | 'number'
  | 'keyword'
  | 'constant'
  | 'type'
  | 'function'
  | 'magic';

export interface Token {
  readonly type: TokenType;
  /** Offsets in the line; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}
