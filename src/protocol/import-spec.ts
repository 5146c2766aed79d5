/** One import, as `syncImports` does it. */
export interface ImportSpec {
  readonly module: string;
  /** One of the module's exports; null for the module itself. */
  readonly exported: string | null;
  /** The name that it gets. */
  readonly name: string;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Null when there is no name in it. */
export function readImport(text: string, as?: string): ImportSpec | null {
  const [, exported, module = '', alias] =
    /^\s*(?:(\S+)\s+from\s+)?(\S+)(?:\s+as\s+(\S+))?\s*$/.exec(text) ?? [];
  const name = as ?? alias ?? exported ?? nameOfModule(module);
  const isFine = module !== '' && IDENTIFIER.test(name) && IDENTIFIER.test(exported ?? name);
  return isFine ? { module, exported: exported ?? null, name } : null;
}

/** The last part of its path, without version and ending, in camelCase. */
export function nameOfModule(module: string): string {
  const path = module.replace(/[?#].*$/, '').replace(/\/(\+esm|index\.m?js)$/, '');
  const last = path.split('/').findLast((part) => part !== '') ?? '';
  const bare = last.replace(/(?<=.)@.*$/, '').replace(/\.[cm]?[jt]sx?$/, '');
  return bare.replace(
    /[^\p{ID_Continue}$]+(\p{ID_Continue})?/gu,
    (_, next?: string) => next?.toUpperCase() ?? '',
  );
}
