// What cells see, as declarations for the editor's type checker: emitted from the real sources, so they cannot
// differ from what runs. One JSON text, which the page fetches when somebody edits code:
//
//   { files: { '/node_modules/tutti/index.d.ts': '…', … }, names: { AsyncResult: 'class', … } }
//
// `names` are those that cells find without an import. The language's own library comes from Monaco, whose
// type checker will read it; the global names are a worker's, as there is no document where cells run.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { withSpelling } from './spelled-types.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = `${ROOT}node_modules/.cache/tutti-api-types/`;
/** Nothing is written there: a name to take away again. */
const OUT = `${ROOT}declarations`;
const MONACO_LIBS = `${ROOT}node_modules/monaco-editor/esm/vs/languages/features/typescript/lib/lib.js`;
const LIBS = [
  'esnext',
  'webworker',
  'webworker.iterable',
  'webworker.asynciterable',
  'webworker.importscripts',
];

/** Modules of cells, and the files that declare them. */
const ENTRIES = {
  tutti: here(new URL('./cell-names.ts', import.meta.url)),
  'tutti/kernel': here(new URL('./classic-names.ts', import.meta.url)),
};
/** Rooms that those files lead to: a change there makes other declarations. */
const ROOMS = ['base', 'protocol', 'lang', 'realm', 'client'];

/** What makes the declarations out of them. */
const MAKERS = ['scripts/api-types.mjs', 'scripts/spelled-types.mjs'];

export const LIB = '/lib.cells.d.ts';

/** The path from the root. */
function here(url) {
  return relative(ROOT, fileURLToPath(url)).replaceAll('\\', '/');
}

/** The JSON text; from the cache when no source has changed. Throws when the sources have type errors. */
export async function apiTypes() {
  const key = createHash('sha256').update(inputs()).digest('hex').slice(0, 16);
  const file = `${CACHE}api-types-${key}.json`;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const text = JSON.stringify(await makeApiTypes());
    keep(file, text);
    return text;
  }
}

/** Whole or not at all: tests and a build may be at it at the same time. */
function keep(file, text) {
  mkdirSync(CACHE, { recursive: true });
  for (const old of readdirSync(CACHE).filter((name) => name.endsWith('.json')))
    rmSync(CACHE + old, { force: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

function inputs() {
  const files = ROOMS.flatMap((room) =>
    readdirSync(`${ROOT}src/${room}`, { recursive: true })
      .filter((name) => /(?<![.]test)[.]ts$/.test(name))
      .map((name) => `src/${room}/${name}`),
  );
  const all = [...files.sort(), ...Object.values(ENTRIES), ...MAKERS, 'package-lock.json'];
  return all.map((name) => `${name}\n${readFileSync(ROOT + name, 'utf8')}`).join('\0');
}

async function makeApiTypes() {
  const program = ts.createProgram({
    rootNames: [...Object.values(ENTRIES), 'types/shared-globals.d.ts'].map((name) => ROOT + name),
    options: compilerOptions(),
  });
  refuseErrors(program);
  const files = {
    ...(await libraryFiles()),
    ...emitted(program),
    ...declarationsOfPackages(program),
    ...Object.fromEntries(
      Object.entries(ENTRIES).map(([name, entry]) => [fileOfModule(name), reexport(entry)]),
    ),
    '/node_modules/@observablehq/plot/index.d.ts': "export * from './src/index.js';\n",
  };
  return { files: { ...files, '/document.d.ts': missingTypes(files) }, names: namesOf(program) };
}

function compilerOptions() {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.base.json`, ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  return {
    ...options,
    lib: ['lib.es2024.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noUnusedLocals: false,
    outDir: OUT,
    rootDir: ROOT,
  };
}

/** Half a type is worse than none: a build whose sources have errors says so. */
function refuseErrors(program) {
  refuse(
    program.getRootFileNames().flatMap((name) => program.getSemanticDiagnostics(program.getSourceFile(name))),
  );
}

function refuse(diagnostics) {
  const errors = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (errors.length === 0) return;
  throw new Error(
    ts.formatDiagnostics(errors, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => ROOT,
      getNewLine: () => '\n',
    }),
  );
}

function emitted(program) {
  const files = {};
  const { diagnostics } = program.emit(undefined, (name, text, _mark, _onError, sources) => {
    const path = `/node_modules/tutti/${relative(OUT, name).replaceAll('\\', '/')}`;
    files[path] = withSpelling(text, program.getSourceFile(sources?.[0]?.fileName ?? ''));
  });
  refuse(diagnostics);
  return files;
}

function declarationsOfPackages(program) {
  const files = program.getSourceFiles().filter(({ fileName }) => {
    return (
      fileName.includes('/node_modules/') &&
      !program.isSourceFileDefaultLibrary(program.getSourceFile(fileName))
    );
  });
  return Object.fromEntries(
    files.map(({ fileName, text }) => [`/${relative(ROOT, fileName).replaceAll('\\', '/')}`, text]),
  );
}

function fileOfModule(name) {
  return name.includes('/') ? `/node_modules/${name}.d.ts` : `/node_modules/${name}/index.d.ts`;
}

function reexport(entry) {
  const from = entry.replace(/[.]ts$/, '.js');
  const path = `/node_modules/tutti/${from}`;
  return `export * from '${path}';\nexport * as default from '${path}';\n`;
}

/** What the entry exports: the names that cells find without an import, and what they are. */
function namesOf(program) {
  const checker = program.getTypeChecker();
  const entry = program.getSourceFile(ROOT + ENTRIES.tutti);
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(entry));
  const kinds = symbols.map((symbol) => [symbol.name, kindOf(symbol, checker)]);
  return Object.fromEntries(kinds.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function kindOf(symbol, checker) {
  const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (flags & ts.SymbolFlags.Class) return 'class';
  if (flags & ts.SymbolFlags.Function) return 'function';
  if (flags & ts.SymbolFlags.Module) return 'module';
  return flags & ts.SymbolFlags.Value ? 'var' : 'type';
}

/** The language's library, one file for each of its parts, and LIB, which names those that cells have. */
async function libraryFiles() {
  const { libFileMap } = await import(pathToFileURL(MONACO_LIBS).href);
  const files = { [LIB]: LIBS.map((name) => `/// <reference lib="${name}" />\n`).join('') };
  const take = (name) => {
    const path = `/lib.${name}.d.ts`;
    if (path in files) return;
    const text = libFileMap[path.slice(1)];
    if (text === undefined) throw new Error(`Monaco has no library '${name}'`);
    files[path] = text;
    for (const [, other] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)"/gm)) take(other);
  };
  LIBS.forEach(take);
  return files;
}

/** d3 and Plot speak of the document's types, which workers lack: each such name gets an empty interface. */
function missingTypes(files) {
  const host = {
    getSourceFile: (name, target) =>
      name in files ? ts.createSourceFile(name, files[name], target, true) : undefined,
    fileExists: (name) => name in files,
    readFile: (name) => files[name],
    getDefaultLibFileName: () => LIB,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => undefined,
  };
  const roots = Object.keys(files).filter((name) =>
    /^[/]node_modules[/]@(types|observablehq)[/].*[.]d[.]ts$/.test(name),
  );
  const program = ts.createProgram({
    rootNames: roots,
    options: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] },
    host,
  });
  const unknown = roots
    .flatMap((name) => program.getSemanticDiagnostics(program.getSourceFile(name)))
    .filter(({ code }) => code === 2304 || code === 2552)
    .map(({ file, start, length }) => file.text.slice(start, start + length));
  return [...new Set(unknown)]
    .sort()
    .map((name) => `interface ${name} {}\n`)
    .join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await apiTypes();
  const { files, names } = JSON.parse(text);
  console.log(
    `${Object.keys(files).length} files, ${(text.length / 1e6).toFixed(2)} MB; names: ${Object.keys(names).join(', ')}`,
  );
}
