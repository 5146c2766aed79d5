import type {
  AnyNode,
  BlockStatement,
  ClassDeclaration,
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
type Place = 'statement-list' | 'single-statement' | 'for-init' | 'for-each';

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

interface Name {
  readonly name: string;
  readonly start: number;
}

/** What the cell declares at its top level. Throws `ProblemAt` for what a cell cannot declare. */
export function findDeclarations(program: Program): Declarations {
  const finder = new DeclarationFinder();
  for (const statement of program.body) finder.visitTopLevel(statement);
  const definitions = finder.definitions.toSorted((a, b) => a.start - b.start);
  definitions.forEach(refuseFixedNames);
  const { functions, classes, imports, variables, functionBlocks } = finder;
  return { definitions, functions, classes, imports, variables, functionBlocks };
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
        this.#define(statement.id, 'function', 0);
        break;
      case 'ClassDeclaration':
        this.classes.push(statement);
        this.#define(statement.id, 'lexical', statement.end);
        break;
      case 'ImportDeclaration':
        this.imports.push(statement);
        for (const specifier of statement.specifiers) this.#define(specifier.local, 'import', 0);
        break;
      case 'VariableDeclaration':
        this.#variable(statement, 'statement-list');
        break;
      default:
        this.#visit(statement);
    }
  }

  /** Goes into statements, looking for `var`s and functions in blocks; not into functions. */
  #visit(statement: AnyStatement): void {
    refuseLabelledFunction(statement);
    switch (statement.type) {
      case 'BlockStatement':
        this.#list(statement, statement.body);
        break;
      case 'SwitchStatement':
        this.#list(
          statement,
          statement.cases.flatMap((one) => one.consequent),
        );
        break;
      case 'ForStatement':
        if (isVar(statement.init)) this.#variable(statement.init, 'for-init');
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        if (isVar(statement.left)) this.#variable(statement.left, 'for-each');
        break;
      default:
    }
    for (const body of bodiesOf(statement)) this.#body(body);
  }

  #list(owner: BlockStatement | SwitchStatement, statements: readonly Statement[]): void {
    this.#shield(
      owner,
      statements.filter((one) => one.type === 'FunctionDeclaration'),
    );
    for (const statement of statements) {
      if (isVar(statement)) this.#variable(statement, 'statement-list');
      else this.#visit(statement);
    }
  }

  #body(statement: Statement): void {
    if (isVar(statement)) this.#variable(statement, 'single-statement');
    else if (statement.type === 'FunctionDeclaration') this.#shield(statement, [statement]);
    else this.#visit(statement);
  }

  #variable(node: VariableDeclaration, place: Place): void {
    if (place === 'for-each' && node.declarations[0]?.init)
      throw new ProblemAt('A for-in loop variable cannot have an initializer', node.start);
    this.variables.push({ node, place });
    for (const { id, end } of node.declarations) {
      for (const name of boundNames(id)) this.#define(name, node.kind === 'var' ? 'var' : 'lexical', end);
    }
  }

  #shield(node: FunctionBlock['node'], functions: readonly FunctionDeclaration[]): void {
    const plain = functions.filter((one) => !one.async && !one.generator);
    const names = [...new Set(plain.map((one) => one.id.name))];
    if (names.length > 0) this.functionBlocks.push({ node, names });
  }

  #define(id: Name, kind: Definition['kind'], definedAt: number): void {
    this.definitions.push({ name: id.name, kind, start: id.start, definedAt });
  }
}

function isVar(node: AnyNode | null | undefined): node is VariableDeclaration {
  return node?.type === 'VariableDeclaration' && node.kind === 'var';
}

/** The statements that stand in another one and not in a list of it. */
function bodiesOf(statement: AnyStatement): readonly Statement[] {
  switch (statement.type) {
    case 'IfStatement':
      return statement.alternate ? [statement.consequent, statement.alternate] : [statement.consequent];
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'WithStatement':
    case 'LabeledStatement':
      return [statement.body];
    case 'TryStatement':
      return [statement.block, statement.handler?.body, statement.finalizer].filter((one) => !!one);
    default:
      return [];
  }
}

function refuseLabelledFunction(statement: AnyStatement): void {
  if (statement.type === 'LabeledStatement' && statement.body.type === 'FunctionDeclaration')
    throw new ProblemAt('Functions cannot be labelled', statement.start);
}

/** The identifiers that a binding pattern binds, in order. */
export function boundNames(pattern: Pattern): readonly Name[] {
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
