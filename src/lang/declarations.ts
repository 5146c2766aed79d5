import type {
  BlockStatement,
  ClassDeclaration,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  FunctionDeclaration,
  ImportDeclaration,
  ModuleDeclaration,
  Pattern,
  Program,
  Statement,
  SwitchStatement,
  VariableDeclaration,
} from 'acorn';
import { ProblemAt } from './cell-syntax-error.ts';

/** A name that the cell puts into the namespace. */
export interface Definition {
  readonly name: string;
  readonly kind: 'lexical' | 'var' | 'function' | 'import';
  /** Where the name stands in the text. */
  readonly start: number;
  /** The end of the statement part that gives it its value; for functions and imports, which have it from
   * the start, 0. */
  readonly definedAt: number;
}

/** Where a declaration stands decides what may be put around it. */
export type Place = 'statement-list' | 'single-statement' | 'for-init' | 'for-each';

export interface VariableSite {
  readonly node: VariableDeclaration;
  readonly place: Place;
}

/** A block, or a lone function as the body of an `if`, and the plain functions directly in it. */
export interface FunctionBlock {
  readonly node: BlockStatement | SwitchStatement | FunctionDeclaration;
  readonly names: readonly string[];
}

export interface Declarations {
  /** In order of appearance. */
  readonly definitions: readonly Definition[];
  readonly functions: readonly FunctionDeclaration[];
  readonly classes: readonly ClassDeclaration[];
  readonly imports: readonly ImportDeclaration[];
  /** Those at the top level, and every `var` outside functions. */
  readonly variables: readonly VariableSite[];
  readonly functionBlocks: readonly FunctionBlock[];
}

type AnyStatement = Statement | ModuleDeclaration;

/** What the cell declares at its top level. Throws `ProblemAt` for what a cell cannot declare. */
export function findDeclarations(program: Program): Declarations {
  const finder = new DeclarationFinder();
  for (const statement of program.body) finder.visitTopLevel(statement);
  const definitions = finder.definitions.toSorted((a, b) => a.start - b.start);
  definitions.forEach(refuseFixedNames);
  refuseDuplicateFunctions(definitions);
  return { ...finder, definitions };
}

class DeclarationFinder {
  readonly definitions: Definition[] = [];
  readonly functions: FunctionDeclaration[] = [];
  readonly classes: ClassDeclaration[] = [];
  readonly imports: ImportDeclaration[] = [];
  readonly variables: VariableSite[] = [];
  readonly functionBlocks: FunctionBlock[] = [];

  visitTopLevel(statement: AnyStatement): void {
    switch (statement.type) {
      case 'FunctionDeclaration':
        this.functions.push(statement);
        return this.#define(statement.id, 'function', 0);
      case 'ClassDeclaration':
        this.classes.push(statement);
        return this.#define(statement.id, 'lexical', statement.end);
      case 'ImportDeclaration':
        this.imports.push(statement);
        for (const specifier of statement.specifiers) this.#define(specifier.local, 'import', 0);
        return;
      case 'VariableDeclaration':
        return this.#variable(statement, 'statement-list');
      default:
        return this.#visit(statement);
    }
  }

  /** Statements inside statements, functions excepted. */
  #visit(statement: AnyStatement): void {
    switch (statement.type) {
      case 'BlockStatement':
        return this.#list(statement, statement.body);
      case 'SwitchStatement':
        return this.#list(
          statement,
          statement.cases.flatMap((one) => one.consequent),
        );
      case 'IfStatement':
        this.#single(statement.consequent);
        if (statement.alternate) this.#single(statement.alternate);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#loopHead(statement);
        return this.#single(statement.body);
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'WithStatement':
        return this.#single(statement.body);
      case 'LabeledStatement':
        if (statement.body.type === 'FunctionDeclaration')
          throw new ProblemAt('Functions cannot be labelled', statement.start);
        return this.#single(statement.body);
      case 'TryStatement':
        this.#visit(statement.block);
        if (statement.handler) this.#visit(statement.handler.body);
        if (statement.finalizer) this.#visit(statement.finalizer);
        return;
      case 'ImportDeclaration':
        throw new ProblemAt(
          "'import … from' works only at the top level of a cell; use await import(…)",
          statement.start,
        );
      case 'ExportAllDeclaration':
      case 'ExportDefaultDeclaration':
      case 'ExportNamedDeclaration':
        throw new ProblemAt(
          "Cells have no exports: every other cell sees their names; leave out 'export'",
          statement.start,
        );
      default:
        return;
    }
  }

  #list(owner: BlockStatement | SwitchStatement, statements: readonly Statement[]): void {
    const functions = statements.filter((one) => one.type === 'FunctionDeclaration');
    this.#shield(owner, functions);
    for (const statement of statements) {
      if (statement.type !== 'VariableDeclaration') this.#visit(statement);
      else if (statement.kind === 'var') this.#variable(statement, 'statement-list');
    }
  }

  /** The body of an `if`, a loop or a label. */
  #single(statement: Statement): void {
    if (statement.type === 'VariableDeclaration') this.#variable(statement, 'single-statement');
    else if (statement.type === 'FunctionDeclaration') this.#shield(statement, [statement]);
    else this.#visit(statement);
  }

  #loopHead(loop: ForStatement | ForInStatement | ForOfStatement): void {
    const head = loop.type === 'ForStatement' ? loop.init : loop.left;
    if (head?.type !== 'VariableDeclaration' || head.kind !== 'var') return;
    if (loop.type === 'ForStatement') return this.#variable(head, 'for-init');
    if (head.declarations[0]?.init)
      throw new ProblemAt('A for-in loop variable cannot have an initializer', head.start);
    this.#variable(head, 'for-each');
  }

  #variable(node: VariableDeclaration, place: Place): void {
    this.variables.push({ node, place });
    for (const { id, end } of node.declarations) {
      for (const name of boundNames(id)) this.#define(name, node.kind === 'var' ? 'var' : 'lexical', end);
    }
  }

  #shield(node: FunctionBlock['node'], functions: readonly FunctionDeclaration[]): void {
    const plain = functions.filter((one) => !one.async && !one.generator);
    if (plain.length > 0)
      this.functionBlocks.push({ node, names: [...new Set(plain.map((one) => one.id.name))] });
  }

  #define(
    id: { readonly name: string; readonly start: number },
    kind: Definition['kind'],
    definedAt: number,
  ): void {
    this.definitions.push({ name: id.name, kind, start: id.start, definedAt });
  }
}

/** The identifiers that a binding pattern binds, in order. */
export function boundNames(pattern: Pattern): readonly { readonly name: string; readonly start: number }[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) =>
        boundNames(one.type === 'Property' ? one.value : one.argument),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? boundNames(element) : []));
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'MemberExpression':
      return [];
  }
}

const FIXED = new Set(['undefined', 'NaN', 'Infinity', 'globalThis', 'eval']);

/** What the generated code calls its own things. */
export const HIDDEN_PREFIX = '__tutti';

function refuseFixedNames({ name, start }: Definition): void {
  if (FIXED.has(name)) throw new ProblemAt(`'${name}' cannot be declared: JavaScript has fixed it`, start);
  if (name.startsWith(HIDDEN_PREFIX))
    throw new ProblemAt(
      `'${name}' cannot be declared: names that begin with ${HIDDEN_PREFIX} are Tutti's own`,
      start,
    );
}

/** The parser reads a sloppy script, where a second function of the same name silently wins. */
function refuseDuplicateFunctions(definitions: readonly Definition[]): void {
  const seen = new Map<string, Definition['kind']>();
  for (const { name, kind, start } of definitions) {
    const before = seen.get(name);
    if (before !== undefined && (kind === 'function' || before === 'function'))
      throw new ProblemAt(`Identifier '${name}' has already been declared`, start);
    seen.set(name, kind);
  }
}
