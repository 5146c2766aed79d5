import type ts from 'typescript';
import { pythonName } from '../../lang/python-hints.ts';
import { isOfAnotherKind, parts } from './type-shapes.ts';

/**
 * Which of TypeScript's errors are said, as warnings. Cells are JavaScript with a few types, names live in realms that
 * the checker cannot see, and a warning that is none is worse than silence. So a code is said only if it is in the
 * table, and if what it is about is known for sure:
 *
 * - members: of the API's types, of the language's and of the libraries'; of the notebook's own types only what looks
 *   like a slip of the pen (TypeScript has a suggestion), is read, and is put there nowhere in the notebook;
 * - arguments, options, assignments: of the API and of what the notebook itself gives a type, and only if the value is
 *   of another kind altogether (`type-shapes.ts`); too few or too many arguments likewise;
 * - calls of what is no function; operators on results that were not awaited; imports that a bundled module has not;
 * - names that no cell declares or makes: their names are handed on, for the page to ask kernel and engines.
 *
 * Nothing is said of a view's results where the notebook speaks of `block`, which makes them plain values.
 */
export interface SemanticProblem {
  /** Offsets in the module. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** Set for a name that the code does not explain. */
  readonly unknown?: string;
}

export interface Surroundings {
  /** The name is declared or made somewhere in the notebook. */
  readonly isMade: (name: string) => boolean;
  /** The name may be given another value by what its declaration does not tell. */
  readonly isAssigned: (name: string) => boolean;
  /** Something in the notebook brings names that cannot be read there (`%run`). */
  readonly loadsNames: boolean;
  /** The notebook speaks of `block`. */
  readonly mayBlock: boolean;
}

type Compiler = typeof ts;

interface Asked {
  readonly compiler: Compiler;
  readonly checker: ts.TypeChecker;
  readonly around: Surroundings;
  readonly code: number;
  readonly message: string;
  /** What the error is about. */
  readonly node: ts.Node;
}

/** True: said as it is. A text: said in these words. */
type Rule = (asked: Asked) => boolean | string;

export function semanticProblems(
  compiler: Compiler,
  checker: ts.TypeChecker,
  diagnostics: readonly ts.Diagnostic[],
  around: Surroundings,
): readonly SemanticProblem[] {
  return diagnostics.flatMap(({ code, file, start, length, messageText }) => {
    const rule = RULES.get(code);
    if (!rule || !file || start === undefined || length === undefined) return [];
    const node = nodeAt(compiler, file, start, start + length);
    const message = compiler.flattenDiagnosticMessageText(messageText, '\n');
    const said = node ? rule({ compiler, checker, around, code, message, node }) : false;
    if (said === false || !node) return [];
    const problem = { start, end: start + length, message: said === true ? message : said };
    return [rule === unknownName ? { ...problem, unknown: node.getText(file) } : problem];
  });
}

// THE RULES

const unknownName: Rule = ({ compiler, around, message, node }) => {
  if (!compiler.isIdentifier(node) || around.loadsNames || around.isMade(node.text)) return false;
  const { parent } = node;
  if (compiler.isTypeOfExpression(parent) || isInType(compiler, node)) return false;
  const hint = /Did you mean '([^']+)'/.exec(message)?.[1];
  const meant = hint === undefined ? '' : ` Did you mean '${hint}'?`;
  const python = pythonName(node.text);
  const instead = python === null ? meant : ` This looks like Python; ${python}.`;
  return `No cell declares '${node.text}', and neither the kernel nor an engine has it.${instead}`;
};

const unknownMember: Rule = ({ compiler, checker, around, code, node }) => {
  const access = node.parent;
  if (!compiler.isPropertyAccessExpression(access) || access.name !== node) return false;
  const type = checker.getTypeAtLocation(access.expression);
  const name = access.name.text;
  if (parts(type).some((one) => isVague(compiler, one) || one.getProperty(name) !== undefined)) return false;
  if (isResultThatMayBlock(type, around) || isGlobalObject(type)) return false;
  if (parts(type).every((one) => isDeclaredElsewhere(compiler, one)))
    return !parts(type).some((one) => isThere(one, name));
  return code === WITH_SUGGESTION && !isAssignedTo(compiler, access) && !around.isMade(name);
};

const wrongCount: Rule = ({ compiler, checker, node }) => {
  const call = enclosing(node, (one) => compiler.isCallExpression(one) || compiler.isNewExpression(one));
  const declaration = call && checker.getResolvedSignature(call as ts.CallExpression)?.getDeclaration();
  return (
    declaration !== undefined && (isElsewhere(declaration) || declaration.parameters.some(({ type }) => type))
  );
};

const wrongArgument: Rule = ({ compiler, checker, node }) => {
  const call = node.parent;
  if (!compiler.isCallExpression(call) && !compiler.isNewExpression(call)) return false;
  const at = call.arguments?.indexOf(node as ts.Expression) ?? -1;
  const declaration = checker.getResolvedSignature(call)?.getDeclaration();
  const parameter = declaration?.parameters[Math.min(at, declaration.parameters.length - 1)];
  if (
    at < 0 ||
    !declaration ||
    !parameter ||
    !(isOfApi(declaration) || (parameter.type && !isElsewhere(declaration)))
  )
    return false;
  return isWrongFor(compiler, checker, node as ts.Expression);
};

/** An argument that none of the call's forms takes. */
const noOverload: Rule = ({ compiler, checker, node }) => {
  const call = enclosing(node, (one) => compiler.isCallExpression(one)) as ts.CallExpression | undefined;
  const forms = call ? checker.getTypeAtLocation(call.expression).getCallSignatures() : [];
  if (!call || forms.length === 0 || !forms.every((form) => isOfApi(form.getDeclaration()))) return false;
  const at = call.arguments.findIndex((argument, i) => {
    const got = checker.getTypeAtLocation(argument);
    return forms.every((form) => {
      const parameter = form.parameters[i];
      const want = parameter && checker.getTypeOfSymbolAtLocation(parameter, call);
      const isRest =
        parameter?.valueDeclaration && (parameter.valueDeclaration as ts.ParameterDeclaration).dotDotDotToken;
      return want !== undefined && !isRest && isOfAnotherKind(compiler, checker, got, want);
    });
  });
  const argument = call.arguments[at];
  if (!argument) return false;
  const type = checker.typeToString(checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(argument)));
  return `Argument ${String(at + 1)} cannot be of type '${type}'.`;
};

const unknownOption: Rule = ({ compiler, checker, node }) => {
  const object = node.parent.parent;
  if (!compiler.isObjectLiteralExpression(object)) return false;
  const want = checker.getContextualType(object);
  return (
    want !== undefined &&
    parts(want).some((one) => symbolsOf(one).some((symbol) => symbol.declarations?.some(isOfApi)))
  );
};

const wrongValue: Rule = ({ compiler, checker, node }) => {
  const { parent } = node;
  if (compiler.isVariableDeclaration(parent) && parent.name === node && parent.type && parent.initializer) {
    return differs(compiler, checker, parent.initializer, checker.getTypeFromTypeNode(parent.type));
  }
  if (compiler.isPropertyAssignment(parent) && parent.name === node) {
    const symbol = checker.getContextualType(parent.parent)?.getProperty(parent.name.getText());
    return symbol?.declarations?.some(isOfApi) === true && isWrongFor(compiler, checker, parent.initializer);
  }
  if (compiler.isBinaryExpression(parent)) {
    const { left, right } = parent;
    const name = compiler.isPropertyAccessExpression(left) ? left.name : left;
    const declaration = checker.getSymbolAtLocation(name)?.valueDeclaration;
    const isTyped =
      declaration &&
      (isOfApi(declaration) || (compiler.isVariableDeclaration(declaration) && declaration.type));
    return isTyped ? differs(compiler, checker, right, checker.getTypeAtLocation(left)) : false;
  }
  if (compiler.isReturnStatement(node) && node.expression)
    return isWrongFor(compiler, checker, node.expression);
  return false;
};

const notCallable: Rule = ({ compiler, checker, around, node }) => {
  const call = enclosing(node, (one) => compiler.isCallExpression(one) || compiler.isNewExpression(one));
  const callee = call && (call as ts.CallExpression).expression;
  if (!callee || (compiler.isIdentifier(callee) && around.isAssigned(callee.text))) return false;
  const type = checker.getTypeAtLocation(callee);
  const isSure = parts(type).every(
    (one) =>
      !isVague(compiler, one) && one.getCallSignatures().length + one.getConstructSignatures().length === 0,
  );
  return (isSure || checkerSaysNew(compiler, type)) && !isResultThatMayBlock(type, around);
};

/** A class that is called: `Client()`. */
function checkerSaysNew(compiler: Compiler, type: ts.Type): boolean {
  return (
    !isVague(compiler, type) &&
    type.getCallSignatures().length === 0 &&
    type.getConstructSignatures().length > 0
  );
}

/** `dview.apply(f) + 1`: an `await` is missing. */
const notAwaited: Rule = ({ compiler, checker, around, message, node }) => {
  const operands = compiler.isBinaryExpression(node) ? [node.left, node.right] : [node];
  const results = operands.map((one) => checker.getTypeAtLocation(one)).filter((type) => isPending(type));
  if (results.length === 0 || results.some((type) => isResultThatMayBlock(type, around))) return false;
  return `${message}\nDid you forget to use 'await'?`;
};

const notExported: Rule = ({ compiler, node }) => {
  const declaration = enclosing(node, (one) => compiler.isImportDeclaration(one)) as
    ts.ImportDeclaration | undefined;
  const from = declaration?.moduleSpecifier;
  return from !== undefined && compiler.isStringLiteral(from) && BUNDLED.has(from.text);
};

const readOnly: Rule = ({ compiler, checker, node }) => {
  const name = compiler.isPropertyAccessExpression(node) ? node.name : node;
  return checker.getSymbolAtLocation(name)?.declarations?.some(isOfApi) === true;
};

const BUNDLED: ReadonlySet<string> = new Set(['tutti', 'tutti/kernel', 'd3', '@observablehq/plot']);

/** Property does not exist; did you mean …? */
const WITH_SUGGESTION = 2551;

const RULES: ReadonlyMap<number, Rule> = new Map([
  [2304, unknownName],
  [2552, unknownName],
  [2584, unknownName],
  [18004, unknownName],
  [2339, unknownMember],
  [WITH_SUGGESTION, unknownMember],
  [2554, wrongCount],
  [2555, wrongCount],
  [2345, wrongArgument],
  [2769, noOverload],
  [2353, unknownOption],
  [2561, unknownOption],
  [2322, wrongValue],
  [2349, notCallable],
  [2348, notCallable],
  [2351, notCallable],
  [6234, notCallable],
  [2362, notAwaited],
  [2363, notAwaited],
  [2365, notAwaited],
  [2305, notExported],
  [2614, notExported],
  [2724, notExported],
  [2540, readOnly],
]);

// WHAT IS WHAT

/** The innermost node of exactly this place. */
function nodeAt(compiler: Compiler, file: ts.SourceFile, start: number, end: number): ts.Node | null {
  let found: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (node.getStart(file) > start || node.end < end) return;
    if (node.getStart(file) === start && node.end === end) found = node;
    compiler.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function enclosing(node: ts.Node, is: (node: ts.Node) => boolean): ts.Node | undefined {
  // A source file has no parent, whatever its type says.
  for (let one: ts.Node | undefined = node; one; one = one.parent as ts.Node | undefined)
    if (is(one)) return one;
  return undefined;
}

function isElsewhere(node: ts.Node): boolean {
  return !node.getSourceFile().fileName.startsWith('/cells/');
}

function isOfApi(node: ts.Node | undefined): boolean {
  return node?.getSourceFile().fileName.startsWith('/node_modules/tutti/') === true;
}

function isInType(compiler: Compiler, node: ts.Node): boolean {
  return enclosing(node, (one) => compiler.isTypeNode(one)) !== undefined;
}

function isVague(compiler: Compiler, type: ts.Type): boolean {
  const { Any, Unknown, Never, TypeParameter, NonPrimitive } = compiler.TypeFlags;
  return (type.flags & (Any | Unknown | Never | TypeParameter | NonPrimitive)) !== 0;
}

function symbolsOf(type: ts.Type): readonly ts.Symbol[] {
  // A primitive has no symbol, whatever its type says.
  const symbol = type.symbol as ts.Symbol | undefined;
  return [type.aliasSymbol, symbol].filter((one) => one !== undefined);
}

/** The language, a library or the API declares it, not the notebook. */
function isDeclaredElsewhere(compiler: Compiler, type: ts.Type): boolean {
  const { StringLike, NumberLike, BigIntLike, BooleanLike } = compiler.TypeFlags;
  if ((type.flags & (StringLike | NumberLike | BigIntLike | BooleanLike)) !== 0) return true;
  const symbol = type.symbol as ts.Symbol | undefined;
  return symbol?.declarations?.every(isElsewhere) === true;
}

/** The declarations of the language are older than the browser: it has the member. */
function isThere(type: ts.Type, member: string): boolean {
  const name = (type.symbol as ts.Symbol | undefined)?.name ?? '';
  const global: unknown = Reflect.get(globalThis, name.replace(/Constructor$/, ''));
  if (global === undefined || global === null) return false;
  const holders = [global, typeof global === 'function' ? (global.prototype as unknown) : null];
  return holders.some((holder) => holder instanceof Object && member in holder);
}

function isGlobalObject(type: ts.Type): boolean {
  return symbolsOf(type).some(({ name }) => name === 'globalThis' || name.endsWith('GlobalScope'));
}

function isPending(type: ts.Type): boolean {
  return symbolsOf(type).some(({ name }) => name === 'Promise' || isResultName(name));
}

function isResultName(name: string): boolean {
  return /^(?:Async\w*Result|PendingResult)$/.test(name);
}

function isResultThatMayBlock(type: ts.Type, { mayBlock }: Surroundings): boolean {
  return mayBlock && parts(type).some((one) => symbolsOf(one).some(({ name }) => isResultName(name)));
}

function isAssignedTo(compiler: Compiler, node: ts.Expression): boolean {
  const { parent } = node;
  return (
    compiler.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind === compiler.SyntaxKind.EqualsToken
  );
}

/** Of another kind than its place asks for. */
function isWrongFor(compiler: Compiler, checker: ts.TypeChecker, value: ts.Expression): boolean {
  const want = checker.getContextualType(value);
  return want !== undefined && differs(compiler, checker, value, want);
}

function differs(compiler: Compiler, checker: ts.TypeChecker, value: ts.Expression, want: ts.Type): boolean {
  return isOfAnotherKind(compiler, checker, checker.getTypeAtLocation(value), want);
}
