import { ParseError } from 'katex';

/** Of KaTeX, whose types are not exported: tokens of bodies and arguments stand in the reverse order. */
interface Token {
  readonly text: string;
}

interface Expansion {
  readonly tokens: readonly Token[];
  readonly numArgs: number;
  readonly delimiters?: string[][];
  readonly unexpandable?: boolean;
}

interface Expander {
  consumeArgs(count: number, delimiters?: string[][]): Token[][];
}

/**
 * The macros that a text defines (`\newcommand`, `\def`), and what they may come to. KaTeX bounds how often macros are
 * expanded, not what an expansion is: 200 uses of a body of 1,500 letters are a short formula and half a minute of
 * work. So each expansion is counted by its tokens before it is made.
 */
export class FormulaMacros {
  /** KaTeX's option `macros`: it writes the definitions there. */
  readonly table: Record<string, object>;
  #left: number;

  /** `most`: tokens that all macros of the text come to. */
  constructor(most: number) {
    this.#left = most;
    this.table = new Proxy<Record<string, object>>(
      {},
      {
        set: (table, name: string, definition: unknown) =>
          Reflect.set(table, name, isTemplate(definition) ? this.#counted(definition) : definition),
      },
    );
  }

  #counted(definition: Expansion) {
    return (expander: Expander): Expansion => {
      const { tokens, numArgs, delimiters } = definition;
      const args = expander.consumeArgs(numArgs, delimiters);
      this.#spend(sizeOf(tokens, args));
      return { tokens: numArgs === 0 ? tokens : filled(tokens, args), numArgs: 0 };
    };
  }

  #spend(tokens: number): void {
    // One more than the body has, so that empty ones are no loop for nothing.
    this.#left -= tokens + 1;
    // oxlint-disable-next-line typescript/only-throw-error -- KaTeX's own is no class to TypeScript
    if (this.#left < 0) throw new ParseError('The macros of this text come to too much');
  }
}

/** Made by `\def` and its like; what `\let` copies of symbols is no body to fill in. */
function isTemplate(definition: unknown): definition is Expansion {
  return (
    typeof definition === 'object' &&
    definition !== null &&
    'tokens' in definition &&
    (definition as Expansion).unexpandable !== true
  );
}

function sizeOf(tokens: readonly Token[], args: readonly (readonly Token[])[]): number {
  let size = tokens.length;
  if (args.length === 0) return size;
  for (let i = tokens.length - 1; i > 0; i--)
    if (tokens[i]?.text === '#') size += args[Number(tokens[--i]?.text) - 1]?.length ?? 0;
  return size;
}

/** The body with its arguments in place. */
function filled(tokens: readonly Token[], args: readonly (readonly Token[])[]): readonly Token[] {
  const forward: Token[] = [];
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i] as Token;
    if (token.text !== '#') {
      forward.push(token);
      continue;
    }
    const place = tokens[--i];
    if (place?.text === '#') {
      forward.push(place);
      continue;
    }
    const arg = args[Number(place?.text) - 1];
    // oxlint-disable-next-line typescript/only-throw-error -- KaTeX's own is no class to TypeScript
    if (!arg) throw new ParseError('Not a valid argument number');
    for (let k = arg.length - 1; k >= 0; k--) forward.push(arg[k] as Token);
  }
  return forward.reverse();
}
