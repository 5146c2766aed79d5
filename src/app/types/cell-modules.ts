import type ts from 'typescript';
import { cellText } from './cell-text.ts';
import { madeNames, wordsOf } from './made-names.ts';

/**
 * A notebook as TypeScript modules, one for each code cell. Each imports what cells find without asking (the
 * API) and what the cells above it declare, the nearest one winning, and exports what it declares itself; its
 * own text stands between, character for character.
 *
 * So redeclaring a name, `await` and imports at the top level are as right as they are when cells run, a cell
 * that is broken breaks no other, and an offset in the cell is an offset in the module plus a constant.
 * Rejected: one module of nested blocks, which has to rewrite imports (losing their types) and in which one
 * open bracket or quote shifts all cells below it.
 */
export interface CellModule {
  /** Absolute, for the compiler. */
  readonly path: string;
  readonly text: string;
  /** Where the cell's own text begins. */
  readonly start: number;
  /** Names from elsewhere that it sees, and what they are, as TypeScript's element kinds have it. */
  readonly sees: ReadonlyMap<string, string>;
}

export interface SourceCell {
  readonly id: string;
  readonly source: string;
  /** It is there to show an error. */
  readonly mayFail?: boolean;
}

/** What cells find without an import: names of the module `tutti`, and what they are. */
export type ApiNames = Readonly<Record<string, string>>;

type Compiler = typeof ts;

interface Draft {
  readonly id: string;
  readonly source: string;
  readonly code: string;
  readonly results: readonly string[];
  /** What it declares at its top level, and what kind of thing it is. */
  readonly declares: ReadonlyMap<string, string>;
  /** Every word in it. */
  readonly words: ReadonlySet<string>;
  /** Words that may be names though nothing declares them; those of magics are among them. */
  readonly makes: ReadonlySet<string>;
}

/** Makes modules of a notebook's code cells; remembers what it found in cells that have not changed. */
export class CellModules {
  readonly #compiler: Compiler;
  readonly #api: ReadonlyMap<string, string>;
  #drafts: readonly Draft[] = [];
  /** Of these drafts. */
  readonly #modules = new Map<string, CellModule | null>();

  constructor(compiler: Compiler, api: ApiNames) {
    this.#compiler = compiler;
    this.#api = new Map(Object.entries(api));
  }

  /** The code cells, in order. */
  setCells(cells: readonly SourceCell[]): void {
    const known = new Map(this.#drafts.map((draft) => [draft.id, draft]));
    this.#modules.clear();
    this.#drafts = cells.map(({ id, source }) => {
      const before = known.get(id);
      return before?.source === source ? before : draftOf(this.#compiler, id, source);
    });
  }

  /** Some cell, wherever it stands, declares the name. */
  isDeclared(name: string): boolean {
    return this.#drafts.some(({ declares }) => declares.has(name));
  }

  /** Some cell may give the name a value by running. */
  isAssigned(name: string): boolean {
    return this.#drafts.some(({ makes }) => makes.has(name));
  }

  /** It stands in the text of some cell. */
  has(pattern: RegExp): boolean {
    return this.#drafts.some(({ source }) => pattern.test(source));
  }

  /** The module of one cell, that sees everything (`all`), or no more of other cells than it mentions. */
  module(id: string, sight: 'all' | 'mentioned'): CellModule | null {
    const key = `${sight} ${id}`;
    const known = this.#modules.get(key);
    if (known !== undefined) return known;
    const module = this.#make(id, sight);
    this.#modules.set(key, module);
    return module;
  }

  #make(id: string, sight: 'all' | 'mentioned'): CellModule | null {
    const index = this.#drafts.findIndex((draft) => draft.id === id);
    const draft = this.#drafts[index];
    return draft ? compose(draft, this.#drafts.slice(0, index), this.#api, sight) : null;
  }
}

const FOLDER = '/cells/';

export function pathOf(id: string): string {
  return `${FOLDER}${id}.ts`;
}

/** Null for a path that is no cell's. */
export function idOf(path: string): string | null {
  return path.startsWith(FOLDER) && path.endsWith('.ts') ? path.slice(FOLDER.length, -3) : null;
}

function compose(
  draft: Draft,
  above: readonly Draft[],
  api: ReadonlyMap<string, string>,
  sight: 'all' | 'mentioned',
): CellModule {
  const owners = new Map<string, Draft>();
  for (const other of above) {
    for (const name of other.declares.keys()) owners.set(name, other);
  }
  const isSeen = (name: string): boolean =>
    !draft.declares.has(name) && (sight === 'all' || draft.words.has(name));
  const ofApi = [...api.keys()].filter((name) => isSeen(name) && !owners.has(name));
  const ofCells = [...owners].filter(([name]) => isSeen(name));
  const imports = above.map((owner) => {
    const names = ofCells.filter(([, one]) => one === owner).map(([name]) => name);
    return importOf(names, pathOf(owner.id));
  });
  const head = `${importOf(ofApi, 'tutti')}${imports.join('')}\n`;
  const results = draft.results.map((name) => `let ${name}!: import('tutti').AsyncResult<any>;`).join('');
  const tail = `\n;${results}export { ${[...draft.declares.keys()].join(', ')} };\n`;
  const sees = new Map([
    ...ofApi.map((name) => [name, api.get(name) ?? ''] as const),
    ...ofCells.map(([name, owner]) => [name, owner.declares.get(name) ?? ''] as const),
  ]);
  return { path: pathOf(draft.id), text: head + draft.code + tail, start: head.length, sees };
}

function importOf(names: readonly string[], from: string): string {
  return names.length === 0 ? '' : `import { ${names.join(', ')} } from '${from}';`;
}

function draftOf(compiler: Compiler, id: string, source: string): Draft {
  const { code, results } = cellText(source);
  const declares = declarations(compiler, code);
  const own = results.filter((name) => !declares.has(name));
  for (const name of own) declares.set(name, 'let');
  const words = new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
  const makes = new Set([...madeNames(compiler, code), ...wordsOf(inMagics(source, code))]);
  return { id, source, code, results: [...new Set(own)], declares, words, makes };
}

/** What stands in magics, their flags and texts; `%debug` calls its error `e`. */
function inMagics(source: string, code: string): string {
  if (code === source) return '';
  const text = source.replace(/[^]/g, (letter, i: number) => (code[i] === letter ? ' ' : letter));
  return text.includes('%debug') ? `${text} e` : text;
}

// DECLARATIONS

function declarations(compiler: Compiler, code: string): Map<string, string> {
  const file = compiler.createSourceFile('cell.ts', code, compiler.ScriptTarget.ESNext);
  const found = new Map<string, string>();
  for (const statement of file.statements) declaredBy(compiler, statement, found);
  // What leaves blocks and loops, as `var` does.
  const visit = (node: ts.Node): void => {
    if (compiler.isFunctionLike(node) || compiler.isClassLike(node)) return;
    if (compiler.isVariableDeclarationList(node) && (node.flags & compiler.NodeFlags.BlockScoped) === 0) {
      namesIn(compiler, node, 'var', found);
    }
    compiler.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function declaredBy(compiler: Compiler, node: ts.Statement, found: Map<string, string>): void {
  if (compiler.isVariableStatement(node)) {
    const { declarationList: list } = node;
    const isConst = (list.flags & compiler.NodeFlags.Const) !== 0;
    namesIn(compiler, list, isConst ? 'const' : 'let', found);
  } else if (compiler.isImportDeclaration(node)) {
    importedBy(compiler, node, found);
  } else if (compiler.isFunctionDeclaration(node) || compiler.isClassDeclaration(node)) {
    if (node.name) found.set(node.name.text, compiler.isClassDeclaration(node) ? 'class' : 'function');
  } else if (compiler.isInterfaceDeclaration(node) || compiler.isTypeAliasDeclaration(node)) {
    if (!found.has(node.name.text)) found.set(node.name.text, 'type');
  } else if (compiler.isEnumDeclaration(node)) {
    found.set(node.name.text, 'enum');
  }
}

function namesIn(
  compiler: Compiler,
  node: ts.VariableDeclarationList | ts.BindingPattern,
  kind: string,
  found: Map<string, string>,
): void {
  const elements = compiler.isVariableDeclarationList(node) ? node.declarations : node.elements;
  for (const element of elements) {
    if (compiler.isOmittedExpression(element)) continue;
    if (!compiler.isIdentifier(element.name)) namesIn(compiler, element.name, kind, found);
    // While a name is being typed the parser supposes one that is empty.
    else if (element.name.text !== '') found.set(element.name.text, kind);
  }
}

function importedBy(compiler: Compiler, node: ts.ImportDeclaration, found: Map<string, string>): void {
  const clause = node.importClause;
  if (clause?.name) found.set(clause.name.text, 'alias');
  const bindings = clause?.namedBindings;
  if (!bindings) return;
  const names = compiler.isNamespaceImport(bindings) ? [bindings] : bindings.elements;
  for (const { name } of names) if (name.text !== '') found.set(name.text, 'alias');
}
