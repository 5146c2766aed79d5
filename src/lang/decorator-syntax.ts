import { tokTypes, TokenType, type Class, type Expression, type Options, type Parser } from 'acorn';
import { BaseParser } from './cell-parser.ts';

/** `@expression` in front of a class or of one of its members. */
export interface Decorator {
  /** Of the sign. */
  readonly start: number;
  /** Behind everything, a closing parenthesis too. */
  readonly end: number;
  readonly isParenthesised: boolean;
  readonly expression: Expression;
}

/** The decorators of a class or a member, in order; none where there are none. */
export function decoratorsOf(node: object): readonly Decorator[] {
  return 'decorators' in node ? (node.decorators as readonly Decorator[]) : [];
}

/** What acorn's parser has and its declarations do not mention. */
interface Internals {
  readonly type: TokenType;
  readonly start: number;
  readonly lastTokEnd: number;
  readonly input: string;
  next(): void;
  eat(type: TokenType): boolean;
  raise(position: number, message: string): never;
  unexpected(): never;
  startNode(): object;
  startNodeAt(start: number): { [key: string]: unknown };
  finishNode(node: object, type: string): Expression;
  finishOp(type: TokenType, size: number): void;
  shouldParseExportStatement(): boolean;
  parseIdent(liberal?: boolean): Expression;
  parseParenExpression(): Expression;
  parseExprList(close: TokenType, allowTrailingComma: boolean): Expression[];
  parseClass(node: object, isStatement: boolean): Class;
  parseClassElement(
    constructorAllowsSuper: boolean,
  ): { readonly type: string; readonly kind?: string } | null;
  parseStatement(context: string | null | undefined, ...rest: unknown[]): object;
  parseExprAtom(...rest: unknown[]): object;
  getTokenFromCode(code: number): void;
}

const Base = BaseParser as unknown as {
  new (options: Options, input: string): Parser & Internals;
  readonly parse: typeof Parser.parse;
};

const AT = 64;
const at: TokenType = new (TokenType as unknown as new (label: string, options: object) => TokenType)('@', {
  startsExpr: true,
});

/** acorn with the decorators of the language's stage 3; it has no plugin for them that is kept up. */
export class DecoratorParser extends Base {
  override getTokenFromCode(code: number): void {
    if (code === AT) this.finishOp(at, 1);
    else super.getTokenFromCode(code);
  }

  override parseStatement(context: string | null | undefined, ...rest: unknown[]): object {
    if (this.type !== at) return super.parseStatement(context, ...rest);
    if (context) this.unexpected();
    return this.#decoratedClass(true);
  }

  override parseExprAtom(...rest: unknown[]): object {
    return this.type === at ? this.#decoratedClass(false) : super.parseExprAtom(...rest);
  }

  override parseClassElement(constructorAllowsSuper: boolean): { type: string; kind?: string } | null {
    if (this.type !== at) return super.parseClassElement(constructorAllowsSuper);
    const start = this.start;
    const decorators = this.#decorators();
    if (/^accessor\s+[\w$#['"]/.test(this.input.slice(this.start))) this.raise(this.start, NO_ACCESSORS);
    const member = super.parseClassElement(constructorAllowsSuper);
    if (member?.kind === 'constructor') this.raise(start, NO_CONSTRUCTORS);
    if (member?.type !== 'MethodDefinition' && member?.type !== 'PropertyDefinition') this.unexpected();
    return Object.assign(member, { decorators });
  }

  #decoratedClass(isStatement: boolean): object {
    const decorators = this.#decorators();
    if (isStatement && this.type === tokTypes._export) return this.#exportedClass(decorators);
    if (this.type !== tokTypes._class) this.raise(this.start, CLASSES_ONLY);
    return Object.assign(this.parseClass(this.startNode(), isStatement), { decorators });
  }

  /** `@a export class B {}` and `@a export default class B {}`. */
  #exportedClass(decorators: readonly Decorator[]): object {
    const node = Object.assign(this.startNode(), { specifiers: [], source: null, attributes: [] });
    this.next();
    const type = this.eat(tokTypes._default) ? 'ExportDefaultDeclaration' : 'ExportNamedDeclaration';
    if (this.type !== tokTypes._class) this.raise(this.start, CLASSES_ONLY);
    const declaration = Object.assign(this.parseClass(this.startNode(), true), { decorators });
    return this.finishNode(Object.assign(node, { declaration }), type);
  }

  override shouldParseExportStatement(): boolean {
    return this.type === at || super.shouldParseExportStatement();
  }

  #decorators(): readonly Decorator[] {
    const found: Decorator[] = [];
    while (this.type === at) {
      const start = this.start;
      this.next();
      const isParenthesised = this.type === tokTypes.parenL;
      const expression = this.#expression();
      found.push({ start, end: this.lastTokEnd, isParenthesised, expression });
    }
    return found;
  }

  /** `name`, `a.b.c`, one of them called, or anything in parentheses: more the language does not take. */
  #expression(): Expression {
    if (this.type === tokTypes.parenL) return this.parseParenExpression();
    const start = this.start;
    let expression = this.parseIdent();
    while (this.eat(tokTypes.dot)) {
      const node = this.startNodeAt(start);
      Object.assign(node, { object: expression, computed: false, optional: false });
      node['property'] = this.parseIdent(true);
      expression = this.finishNode(node, 'MemberExpression');
    }
    if (!this.eat(tokTypes.parenL)) return expression;
    const call = Object.assign(this.startNodeAt(start), { callee: expression, optional: false });
    call['arguments'] = this.parseExprList(tokTypes.parenR, true);
    return this.finishNode(call, 'CallExpression');
  }
}

export const NO_ACCESSORS =
  "'accessor' fields do not work in cells; write a getter and a setter, and decorate those";
const NO_CONSTRUCTORS = 'A constructor takes no decorators; decorate the class';
export const CLASSES_ONLY = 'Decorators stand in front of classes and their members, and of nothing else';
