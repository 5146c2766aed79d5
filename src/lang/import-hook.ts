/**
 * The one hidden global that generated code calls: `import` in a cell, static or dynamic, becomes a call of
 * it. The realm that runs cells must install it, best with `createImportHook`.
 */
export const IMPORT_HOOK = '__tuttiImport';

/** `options` are those of `import(specifier, options)`; `names` are exports that must be there. */
export type ImportHook = (
  specifier: unknown,
  options?: unknown,
  names?: readonly string[],
) => Promise<object>;

/** `load` gives a module's namespace, of which `names` will be asked for, or rejects with a sentence why not. */
export function createImportHook(
  load: (specifier: string, options: unknown, names: readonly string[]) => Promise<object>,
): ImportHook {
  return async (specifier, options, names = []) => {
    const module = await load(String(specifier), options, names);
    const missing = names.find((name) => !(name in module));
    if (missing !== undefined) throw new SyntaxError(missingExport(String(specifier), missing, module));
    return module;
  };
}

const MOST_NAMES = 12;

function missingExport(specifier: string, name: string, module: object): string {
  const has = Object.keys(module);
  const some = has.slice(0, MOST_NAMES).join(', ') + (has.length > MOST_NAMES ? ', …' : '');
  const wanted = name === 'default' ? 'no default export' : `no export named '${name}'`;
  return `The module '${specifier}' has ${wanted}${has.length > 0 ? `; it has ${some}` : ''}`;
}
