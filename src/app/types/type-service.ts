import type ts from 'typescript';
import type { Hover, Problem, Signatures, Suggestion, SuggestionText } from '../../ui/editor/assist.ts';
import { positionAt } from '../../lang/positions.ts';
import { CellModules, idOf, type ApiNames, type CellModule, type SourceCell } from './cell-modules.ts';
import { semanticProblems } from './semantic-problems.ts';
import { codeOf, docsOf, signaturesOf } from './type-texts.ts';
import { syntaxProblems } from './syntax-problems.ts';

/** What scripts/api-types.mjs makes. */
export interface Declarations {
  readonly files: Readonly<Record<string, string>>;
  readonly names: ApiNames;
}

/**
 * TypeScript's language service over the cells of a notebook. Offsets, here and in its answers, are the
 * cell's own. Syntax is checked by the compiler that will run the cell, so what is marked as an error is exactly
 * what would not run; of the checker's own errors those are given, as warnings, that are sure (`semantic-problems.ts`).
 */
export class TypeService {
  readonly #compiler: typeof ts;
  readonly #service: ts.LanguageService;
  readonly #modules: CellModules;
  readonly #sources = new Map<string, string>();
  readonly #versions = new Map<string, { text: string; version: number }>();
  /** Cells that are meant to fail. */
  #failing: ReadonlySet<string> = new Set();
  /** The cell that was asked about last: the root of the program, the one that sees all names. */
  #focus: CellModule | null = null;

  constructor(compiler: typeof ts, declarations: Declarations) {
    this.#compiler = compiler;
    this.#modules = new CellModules(compiler, declarations.names);
    this.#service = compiler.createLanguageService(
      this.#host(new Map(Object.entries(declarations.files)), compiler),
    );
  }

  /** All code cells, in order. */
  setCells(cells: readonly SourceCell[]): void {
    this.#modules.setCells(cells);
    this.#sources.clear();
    for (const { id, source } of cells) this.#sources.set(id, source);
    this.#failing = new Set(cells.filter(({ mayFail }) => mayFail).map(({ id }) => id));
  }

  /** Null where nothing can stand (in a comment, in a number). */
  suggest(id: string, offset: number): readonly Suggestion[] | null {
    const module = this.#look(id);
    if (!module) return null;
    const info = this.#service.getCompletionsAtPosition(module.path, module.start + offset, PREFERENCES);
    if (!info) return null;
    const length = this.#sources.get(id)?.length ?? 0;
    const all = new Set(info.entries.map(({ name }) => name));
    return info.entries
      .flatMap((entry) => suggestionOf(entry, module, length))
      .map((one) => (isTwin(one.name, all) ? { ...one, sortText: AFTER_ALL } : one));
  }

  describe(id: string, offset: number, name: string): SuggestionText | null {
    const module = this.#look(id);
    const at = (module?.start ?? 0) + offset;
    const found =
      module &&
      this.#service.getCompletionEntryDetails(module.path, at, name, {}, undefined, PREFERENCES, undefined);
    return found ? { code: codeOf(found.displayParts), text: docsOf(found.documentation, found.tags) } : null;
  }

  hover(id: string, offset: number): Hover | null {
    const module = this.#look(id);
    const info = module && this.#service.getQuickInfoAtPosition(module.path, module.start + offset);
    if (!module || !info) return null;
    const from = info.textSpan.start - module.start;
    const code = codeOf(info.displayParts);
    return code === ''
      ? null
      : { from, to: from + info.textSpan.length, code, text: docsOf(info.documentation, info.tags) };
  }

  signatures(id: string, offset: number): Signatures | null {
    const module = this.#look(id);
    const help = module && this.#service.getSignatureHelpItems(module.path, module.start + offset, undefined);
    return help ? signaturesOf(help) : null;
  }

  problems(id: string): readonly Problem[] {
    const source = this.#sources.get(id) ?? '';
    const errors = syntaxProblems(source);
    // Of code that does not parse the checker sees something else than the reader.
    return errors.length > 0 || this.#failing.has(id) ? errors : this.#warnings(id, source);
  }

  #warnings(id: string, source: string): readonly Problem[] {
    const module = this.#look(id);
    const checker = this.#service.getProgram()?.getTypeChecker();
    if (!module || !checker) return [];
    const errors = this.#service.getSemanticDiagnostics(module.path);
    const found = semanticProblems(this.#compiler, checker, errors, {
      isMade: (name) => this.#modules.isDeclared(name) || this.#modules.isAssigned(name),
      isAssigned: (name) => this.#modules.isAssigned(name),
      loadsNames: this.#modules.has(LOADS_NAMES),
      mayBlock: this.#modules.has(/\bblock\b/),
    });
    return found.flatMap(({ start, end, message, unknown }) => {
      const [from, to] = [start - module.start, end - module.start];
      if (from < 0 || to > source.length) return [];
      const { line: endLine, column: endColumn } = positionAt(source, to);
      const place = { ...positionAt(source, from), endLine, endColumn };
      return [
        { ...place, message, severity: 'warning' as const, ...(unknown === undefined ? {} : { unknown }) },
      ];
    });
  }

  #look(id: string): CellModule | null {
    this.#focus = this.#modules.module(id, 'all');
    return this.#focus;
  }

  #textOf(path: string): string | undefined {
    if (path === this.#focus?.path) return this.#focus.text;
    const id = idOf(path);
    return id === null ? undefined : this.#modules.module(id, 'mentioned')?.text;
  }

  #versionOf(path: string): string {
    const text = this.#textOf(path);
    if (text === undefined) return '0';
    const before = this.#versions.get(path);
    if (before?.text === text) return String(before.version);
    const version = (before?.version ?? 0) + 1;
    this.#versions.set(path, { text, version });
    return String(version);
  }

  #host(files: ReadonlyMap<string, string>, compiler: typeof ts): ts.LanguageServiceHost {
    const options = optionsOf(compiler);
    const folders = foldersOf(files.keys());
    const read = (path: string): string | undefined => files.get(path) ?? this.#textOf(path);
    return {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [...(this.#focus ? [this.#focus.path] : []), '/document.d.ts'],
      getScriptVersion: (path) => this.#versionOf(path),
      getScriptSnapshot: (path) => {
        const text = read(path);
        return text === undefined ? undefined : compiler.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => '/',
      getDefaultLibFileName: () => '/lib.cells.d.ts',
      fileExists: (path) => read(path) !== undefined,
      readFile: read,
      directoryExists: (path) => path === '/cells' || folders.has(path),
      getDirectories: () => [],
    };
  }
}

/** A cell that brings names which cannot be read in the notebook. */
const LOADS_NAMES = /%run\b|%load\b|\.run\(|\beval\(|\bimportScripts\(|\bnew Function\(/;

function optionsOf(compiler: typeof ts): ts.CompilerOptions {
  return {
    target: compiler.ScriptTarget.ESNext,
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    moduleDetection: compiler.ModuleDetectionKind.Force,
    strict: true,
    noImplicitAny: false,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
}

const PREFERENCES: ts.UserPreferences = {
  includeCompletionsForModuleExports: false,
  includeCompletionsWithInsertText: true,
  includeAutomaticOptionalChainCompletions: true,
};

const AFTER_ALL = '99';

/** IPython's spelling of a name that is there in ours: at hand, and not in the way. */
function isTwin(name: string, all: ReadonlySet<string>): boolean {
  if (!name.includes('_')) return false;
  return all.has(name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase()));
}

/** Words of TypeScript that mean nothing in a cell are no suggestions. */
const NO_SUGGESTIONS = new Set(['warning', 'script']);

function suggestionOf(entry: ts.CompletionEntry, module: CellModule, length: number): readonly Suggestion[] {
  const { name, sortText, insertText, replacementSpan: span, kindModifiers = '' } = entry;
  const kind: string = entry.kind;
  if (NO_SUGGESTIONS.has(kind) || entry.source !== undefined || kindModifiers.includes('deprecated'))
    return [];
  const from = span ? span.start - module.start : null;
  // What lies in the module's head or tail is nothing of the reader's.
  if (span && from !== null && (from < 0 || from + span.length > length)) return [];
  const known = kind === 'alias' ? module.sees.get(name) : undefined;
  const base = { name, kind: known ?? kind, sortText };
  return [
    {
      ...base,
      ...(insertText === undefined ? {} : { insertText }),
      ...(span && from !== null ? { from, to: from + span.length } : {}),
    },
  ];
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at));
  }
  return folders;
}
