import { Parser, type Expression, type Options } from 'acorn';

/** What acorn's parser has and its declarations do not mention. */
interface Internals {
  currentScope(): { readonly flags: number };
  parseExprOp(
    left: Expression,
    start: number,
    location: unknown,
    minPrecedence: number,
    forInit: unknown,
  ): Expression;
}

export type ParserClass = new (options: Options, input: string) => Parser & Internals;

const SWITCH_SCOPE = 1024;

interface Chain {
  readonly start: number;
  readonly minPrecedence: number;
  goesOn: boolean;
}

/**
 * An acorn parser (with plugins or without) that reads what cells may say: `using` at their top level, which
 * acorn knows in modules only, and chains of operators of any length. acorn calls itself for every operator
 * behind `a + b`; here that last call comes back to a loop, so that the stack does not grow with the chain.
 */
export function cellParser(base: ParserClass): ParserClass {
  return class CellParser extends base {
    #chain: Chain | null = null;

    get allowUsing(): boolean {
      return (this.currentScope().flags & SWITCH_SCOPE) === 0;
    }

    override parseExprOp(
      left: Expression,
      start: number,
      location: unknown,
      minPrecedence: number,
      forInit: unknown,
    ): Expression {
      const outer = this.#chain;
      if (outer?.start === start && outer.minPrecedence === minPrecedence) {
        outer.goesOn = true;
        return left;
      }
      const chain: Chain = { start, minPrecedence, goesOn: true };
      let node = left;
      try {
        while (chain.goesOn) {
          chain.goesOn = false;
          this.#chain = chain;
          node = super.parseExprOp(node, start, location, minPrecedence, forInit);
        }
        return node;
      } finally {
        this.#chain = outer;
      }
    }
  };
}

export const BaseParser = cellParser(Parser as unknown as ParserClass);
