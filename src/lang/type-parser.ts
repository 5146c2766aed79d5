import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, type Program } from 'acorn';
import { cellParser, type ParserClass } from './cell-parser.ts';
import { PARSE_OPTIONS } from './parse-options.ts';
import type { TypedNode } from './typed-nodes.ts';

/** What the parsers have and their declarations do not mention. */
interface Internals extends Parser {
  readonly input: string;
  readonly start: number;
  parseMaybeAssign(...how: unknown[]): TypedNode;
  parseMaybeAssignOrigin(...how: unknown[]): TypedNode;
}

type InternalsClass = new (...how: ConstructorParameters<ParserClass>) => Internals;

const withTypes = (jsx: boolean) => {
  const Base = cellParser(
    Parser.extend(tsPlugin({ jsx })) as unknown as ParserClass,
  ) as unknown as InternalsClass;
  return class TypeParser extends Base {
    /** Where a `<` begins that opens no arrow function. */
    readonly #casts = new Set<number>();

    /**
     * `<T>(x)` is tried as an arrow function first, and then as a cast. What has been found out is kept:
     * casts in casts would be tried twice as often at each level.
     */
    override parseMaybeAssign(...how: unknown[]): TypedNode {
      const { start } = this;
      if (jsx || this.input[start] !== '<') return super.parseMaybeAssign(...how);
      if (this.#casts.has(start)) return this.parseMaybeAssignOrigin(...how);
      const node = super.parseMaybeAssign(...how);
      if (node.type !== 'ArrowFunctionExpression') this.#casts.add(start);
      return node;
    }
  } as unknown as typeof Parser;
};

const TypeScriptParser = withTypes(false);
const JsxParser = withTypes(true);

/** Throws acorn's SyntaxError. */
export function parseTypes(source: string): Program {
  return TypeScriptParser.parse(source, PARSE_OPTIONS);
}

/** The offset of the first element of JSX in a text that is JavaScript or TypeScript with JSX in it; else null. */
export function findJsx(source: string): number | null {
  try {
    const text = JSON.stringify(JsxParser.parse(source, PARSE_OPTIONS), (key, value: unknown) =>
      typeof value === 'bigint' || key === 'loc' ? undefined : value,
    );
    const first = /"type":"JSX(?:Element|Fragment)","start":(\d+)/.exec(text);
    return first ? Number(first[1]) : null;
  } catch {
    return null;
  }
}
