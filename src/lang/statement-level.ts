import { tokenizer, tokTypes, type Token } from 'acorn';
import { PARSE_OPTIONS } from './parse-options.ts';

const OPENING = new Set([tokTypes.parenL, tokTypes.bracketL, tokTypes.braceL, tokTypes.dollarBraceL]);
const CLOSING = new Set([tokTypes.parenR, tokTypes.bracketR, tokTypes.braceR]);

/**
 * Answers, for offsets in rising order, whether a token begins there that is outside of all brackets and
 * template literals (and so of no comment or string). Reads the text only as far as it is asked.
 */
export class StatementLevel {
  readonly #tokens: ReturnType<typeof tokenizer>;
  /** The first token that has not been counted; null when the text cannot be read any further. */
  #next: Token | null;
  /** Brackets and backquotes that are open before `#next`. */
  readonly #open: (typeof tokTypes)['parenL'][] = [];

  constructor(text: string) {
    this.#tokens = tokenizer(text, PARSE_OPTIONS);
    this.#next = this.#read();
  }

  holdsAt(offset: number): boolean {
    while (this.#next && this.#next.start < offset && this.#next.type !== tokTypes.eof) {
      this.#count(this.#next);
      this.#next = this.#read();
    }
    return this.#next?.start === offset && this.#open.length === 0;
  }

  #count({ type }: Token): void {
    const closesTemplate = type === tokTypes.backQuote && this.#open.at(-1) === type;
    if (closesTemplate || CLOSING.has(type)) this.#open.pop();
    else if (type === tokTypes.backQuote || OPENING.has(type)) this.#open.push(type);
  }

  #read(): Token | null {
    try {
      return this.#tokens.getToken();
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }
}
