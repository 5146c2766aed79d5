import type {
  AnyNode,
  Class,
  Expression,
  ForInStatement,
  ForOfStatement,
  Function as FunctionNode,
  Identifier,
  MethodDefinition,
  Pattern,
  Program,
  PropertyDefinition,
  VariableDeclaration,
} from 'acorn';
import { boundNames, HIDDEN_PREFIX } from './declarations.ts';
import { childrenOf } from './walk.ts';

/** A name that nothing around it declares: it is looked up in the namespace when the code runs. */
export interface FreeReference {
  readonly name: string;
  /** `guarded`: under `typeof` or `delete`, which do not fail when there is no such name. */
  readonly kind: 'read' | 'write' | 'guarded';
  readonly start: number;
  /** Inside a function, so looked up when that is called. */
  readonly deferred: boolean;
}

interface Scope {
  /** Null at the top level, whose declarations are names of the namespace and so bind nothing. */
  readonly names: Set<string> | null;
  readonly parent: Scope | null;
  /** The scope that a `var` belongs to. */
  readonly variables: Scope | null;
  readonly deferred: boolean;
  /** Shared by all scopes; which names are bound is known only at the end. */
  readonly found: { readonly scope: Scope; readonly reference: FreeReference }[];
}

/** Sees to it that a node is visited, after what has been asked for before. */
type Visit = (node: AnyNode, scope: Scope) => void;

type Visitors = {
  readonly [T in AnyNode['type']]?: (
    node: Extract<AnyNode, { readonly type: T }>,
    scope: Scope,
    visit: Visit,
  ) => void;
};

/** In the order of the walk, which is nearly that of the text. */
export function freeReferences(program: Program): readonly FreeReference[] {
  const top: Scope = { names: null, parent: null, variables: null, deferred: false, found: [] };
  visitAll(program, top);
  return top.found
    .filter(({ scope, reference }) => !isBound(scope, reference.name))
    .map((one) => one.reference);
}

/** Without recursion: see `walk`. */
function visitAll(program: Program, top: Scope): void {
  const waiting: [AnyNode, Scope][] = [[program, top]];
  let inner: [AnyNode, Scope][] = [];
  const visit: Visit = (node, scope) => void inner.push([node, scope]);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, scope] = next;
    const visitor = VISITORS[node.type] as ((node: AnyNode, scope: Scope, visit: Visit) => void) | undefined;
    if (visitor) visitor(node, scope, visit);
    else for (const child of childrenOf(node)) visit(child, scope);
    for (let one = inner.pop(); one; one = inner.pop()) waiting.push(one);
    inner = [];
  }
}

function isBound(scope: Scope, name: string): boolean {
  if (name.startsWith(HIDDEN_PREFIX)) return true;
  for (let at: Scope | null = scope; at; at = at.parent) if (at.names?.has(name)) return true;
  return false;
}

function refer(kind: FreeReference['kind'], { name, start }: Identifier, scope: Scope): void {
  scope.found.push({ scope, reference: { name, kind, start, deferred: scope.deferred } });
}

function block(parent: Scope): Scope {
  return { ...parent, names: new Set(), parent };
}

function functionScope(parent: Scope, deferred: boolean): Scope {
  const scope = { ...block(parent), deferred: parent.deferred || deferred };
  return Object.assign(scope, { variables: scope });
}

function declare(scope: Scope | null, pattern: Pattern): void {
  for (const { name } of boundNames(pattern)) scope?.names?.add(name);
}

const VISITORS: Visitors = {
  Identifier: (node, scope) => {
    refer('read', node, scope);
  },
  MemberExpression({ object, property, computed }, scope, visit) {
    visit(object, scope);
    if (computed) visit(property, scope);
  },
  Property({ key, value, computed }, scope, visit) {
    if (computed) visit(key, scope);
    visit(value, scope);
  },
  MethodDefinition: visitMember,
  PropertyDefinition: visitMember,
  ObjectPattern({ properties }, scope, visit) {
    for (const one of properties) {
      if (one.type === 'Property' && one.computed) visit(one.key, scope);
      visitPattern(one.type === 'Property' ? one.value : one.argument, scope, visit);
    }
  },
  ArrayPattern({ elements }, scope, visit) {
    for (const one of elements) if (one) visitPattern(one, scope, visit);
  },
  AssignmentPattern({ left, right }, scope, visit) {
    visitPattern(left, scope, visit);
    visit(right, scope);
  },
  RestElement({ argument }, scope, visit) {
    visitPattern(argument, scope, visit);
  },
  LabeledStatement({ body }, scope, visit) {
    visit(body, scope);
  },
  BreakStatement: () => undefined,
  ContinueStatement: () => undefined,
  ImportDeclaration: () => undefined,
  MetaProperty: () => undefined,
  UnaryExpression({ operator, argument }, scope, visit) {
    const harmless = operator === 'typeof' || operator === 'delete';
    if (harmless && argument.type === 'Identifier') refer('guarded', argument, scope);
    else visit(argument, scope);
  },
  AssignmentExpression({ operator, left, right }, scope, visit) {
    if (operator === '=') visitPattern(left, scope, visit);
    else readAndWrite(left, scope, visit);
    visit(right, scope);
  },
  UpdateExpression({ argument }, scope, visit) {
    readAndWrite(argument, scope, visit);
  },
  VariableDeclaration: visitVariables,
  FunctionDeclaration(node, scope, visit) {
    // In sloppy functions (Annex B) a function in a block is also a variable of the function around.
    for (const owner of [scope, scope.variables]) if (node.id) declare(owner, node.id);
    visitFunction(node, scope, visit);
  },
  FunctionExpression(node, scope, visit) {
    const own = block(scope);
    if (node.id) declare(own, node.id);
    visitFunction(node, own, visit);
  },
  ArrowFunctionExpression: visitFunction,
  ClassDeclaration(node, scope, visit) {
    if (node.id) declare(scope, node.id);
    visitClass(node, scope, visit);
  },
  ClassExpression: visitClass,
  StaticBlock(node, scope, visit) {
    const inner = functionScope(scope, false);
    for (const statement of node.body) visit(statement, inner);
  },
  BlockStatement(node, scope, visit) {
    const inner = block(scope);
    for (const statement of node.body) visit(statement, inner);
  },
  SwitchStatement(node, scope, visit) {
    const inner = block(scope);
    visit(node.discriminant, scope);
    for (const one of node.cases) visit(one, inner);
  },
  ForStatement(node, scope, visit) {
    const inner = block(scope);
    for (const part of [node.init, node.test, node.update, node.body]) if (part) visit(part, inner);
  },
  ForInStatement: visitLoop,
  ForOfStatement: visitLoop,
  CatchClause(node, scope, visit) {
    const inner = block(scope);
    if (node.param) declare(inner, node.param);
    if (node.param) visitPattern(node.param, inner, visit);
    visit(node.body, inner);
  },
};

/** A name in a pattern is written, whether the pattern declares it or assigns to it. */
function visitPattern(pattern: Pattern, scope: Scope, visit: Visit): void {
  if (pattern.type === 'Identifier') refer('write', pattern, scope);
  else visit(pattern, scope);
}

/** `a += 1` and `a++` read what they write. */
function readAndWrite(target: Pattern | Expression, scope: Scope, visit: Visit): void {
  visit(target, scope);
  if (target.type === 'Identifier') refer('write', target, scope);
}

function visitMember(
  { key, value, computed }: MethodDefinition | PropertyDefinition,
  scope: Scope,
  visit: Visit,
) {
  if (computed) visit(key, scope);
  if (value) visit(value, scope);
}

function visitVariables(node: VariableDeclaration, scope: Scope, visit: Visit): void {
  for (const { id, init } of node.declarations) {
    declare(node.kind === 'var' ? scope.variables : scope, id);
    visitPattern(id, scope, visit);
    if (init) visit(init, scope);
  }
}

function visitFunction(node: FunctionNode, scope: Scope, visit: Visit): void {
  const inner = functionScope(scope, true);
  if (node.type !== 'ArrowFunctionExpression') inner.names?.add('arguments');
  for (const param of node.params) declare(inner, param);
  for (const param of node.params) visitPattern(param, inner, visit);
  visit(node.body, inner);
}

function visitClass(node: Class, scope: Scope, visit: Visit): void {
  const inner = block(scope);
  if (node.id) declare(inner, node.id);
  if (node.superClass) visit(node.superClass, inner);
  visit(node.body, inner);
}

function visitLoop({ left, right, body }: ForInStatement | ForOfStatement, scope: Scope, visit: Visit): void {
  const inner = block(scope);
  if (left.type === 'VariableDeclaration') visit(left, inner);
  else visitPattern(left, inner, visit);
  visit(right, inner);
  visit(body, inner);
}
